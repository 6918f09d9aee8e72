import { readFileSync } from "node:fs";
import { BN, BorshCoder, type Idl } from "@coral-xyz/anchor";
import { PublicKey } from "@solana/web3.js";
import { concatBytes, toHex } from "@tolldns/sdk";
import * as escrow from "@tolldns/sdk/escrow";
import { expect } from "chai";
import { someone } from "./support/instructions.ts";

const idl = JSON.parse(
  readFileSync(new URL("../../programs/artifacts/escrow.json", import.meta.url), "utf8"),
) as Idl;
const coder = new BorshCoder(idl);
const key = (byte: number) => new PublicKey(someone(byte));
const u64 = (value: bigint) => new BN(value.toString());

describe("events", () => {
  const program = escrow.ESCROW_PROGRAM_ID;
  const line = (name: string, fields: object) => {
    const known = idl.events?.find((event) => event.name === name)?.discriminator ?? [];
    const bytes = concatBytes(Uint8Array.from(known), coder.types.encode(name, fields));
    return `Program data: ${Buffer.from(bytes).toString("base64")}`;
  };
  const settled = { ledger: key(1), vouchers: 13, amount: u64(2n ** 55n), credited: u64(2n ** 60n) };

  it("are read as Anchor writes them", () => {
    const lane = {
      ledger: key(1),
      owner: key(2),
      lane: 258,
      generation: 772,
      state: 3,
      reserve: u64(5n),
      settled: u64(4n),
      deadline: u64(9n),
    };
    const logs = [
      `Program ${program} invoke [1]`,
      line("Settled", settled),
      line("Distributed", { ledger: key(1), operator: u64(1n), names: u64(2n), treasury: u64(3n) }),
      line("BalanceChanged", { owner: key(2), free: u64(8n) }),
      line("LaneChanged", lane),
      line("ConfigChanged", { authority: key(1), pending_authority: key(2), guardian: key(3), paused: 1 }),
      `Program ${program} success`,
    ];
    expect(escrow.decodeEvents(logs, program)).to.deep.equal([
      { name: "settled", ledger: someone(1), vouchers: 13, amount: 2n ** 55n, credited: 2n ** 60n },
      { name: "distributed", ledger: someone(1), operator: 1n, names: 2n, treasury: 3n },
      { name: "balanceChanged", owner: someone(2), free: 8n },
      {
        name: "laneChanged",
        ledger: someone(1),
        owner: someone(2),
        lane: 258,
        generation: 772,
        state: 3,
        reserve: 5n,
        settled: 4n,
        deadline: 9n,
      },
      {
        name: "configChanged",
        authority: someone(1),
        pendingAuthority: someone(2),
        guardian: someone(3),
        paused: true,
      },
    ]);
  });

  it("count only when the escrow itself logged them", () => {
    const other = "11111111111111111111111111111111";
    const inside = [`Program ${program} invoke [1]`, `Program ${other} invoke [2]`, line("Settled", settled)];
    expect(escrow.decodeEvents(inside, program)).to.deep.equal([]);
    const after = [...inside, `Program ${other} success`, line("Settled", settled)];
    expect(escrow.decodeEvents(after, program)).to.have.length(1);
    const failed = [
      ...inside,
      `Program ${other} failed: custom program error: 0x1`,
      line("Settled", settled),
    ];
    expect(escrow.decodeEvents(failed, program)).to.have.length(1);
    expect(escrow.decodeEvents([line("Settled", settled)], program)).to.deep.equal([]);
    const fake = [
      `Program ${other} invoke [1]`,
      `Program log: Program ${program} invoke [2]`,
      line("Settled", settled),
    ];
    expect(escrow.decodeEvents(fake, program)).to.deep.equal([]);
  });

  it("of unknown kinds, lengths and encodings are passed over", () => {
    const bytes = Buffer.from(line("Settled", settled).slice(14), "base64");
    expect(escrow.decodeEvent(bytes)?.name).to.equal("settled");
    for (let length = 0; length < bytes.length; length++)
      expect(escrow.decodeEvent(bytes.subarray(0, length))).to.equal(undefined);
    expect(escrow.decodeEvent(concatBytes(bytes, Uint8Array.of(0)))).to.equal(undefined);
    const logs = [`Program ${program} invoke [1]`, "Program data: %%%", "Program data: AAAA"];
    expect(escrow.decodeEvents(logs, program)).to.deep.equal([]);
    expect(toHex(bytes.subarray(0, 8))).to.have.length(16);
  });
});

describe("failures", () => {
  const program = escrow.ESCROW_PROGRAM_ID;

  it("of the program each have a code, the IDL's message and a hint of what to do", () => {
    const codes = new Set<string>();
    for (const { code, name, msg } of idl.errors ?? []) {
      const error = escrow.programError(code, 2);
      expect(error?.number).to.equal(code);
      expect(error?.message).to.contain(msg);
      expect(error?.hint, name)
        .to.match(/^[A-Z].*\.$/)
        .and.not.equal(msg);
      expect(error?.context).to.deep.equal({ name, instruction: 2 });
      codes.add(error?.code ?? "");
    }
    expect(codes.size).to.equal(idl.errors?.length);
    expect(escrow.programError(6_107)?.code).to.equal("program-voucher-signature");
    expect(escrow.programError(5_999)).to.equal(undefined);
  });

  it("are told from RPC's answer", () => {
    const failure = (err: unknown, logs?: string[]) => escrow.decodeFailure(err, program, logs);
    expect(failure({ InstructionError: [1, { Custom: 6_105 }] })).to.include({
      code: "program-voucher-expired",
      number: 6_105,
    });
    expect(failure({ InstructionError: [0, { Custom: 1 }] }).code).to.equal("failure-other-program");
    expect(failure({ InstructionError: [0, "InvalidAccountData"] }).code).to.equal("failure-instruction");
    expect(failure("BlockhashNotFound").code).to.equal("failure-transaction");
    expect(failure({ InsufficientFundsForRent: { account_index: 1 } }).code).to.equal("failure-transaction");
    for (const odd of [null, undefined, 5, {}, { InstructionError: 5 }, { InstructionError: [] }])
      expect(failure(odd).code).to.equal("failure-transaction");
  });

  it("are not taken for the escrow's when the log says another program failed first", () => {
    const other = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
    const logs = [
      `Program ${program} invoke [1]`,
      `Program ${other} invoke [2]`,
      `Program ${other} failed: custom program error: 0x1770`,
      `Program ${program} failed: custom program error: 0x1770`,
    ];
    const failure = escrow.decodeFailure({ InstructionError: [0, { Custom: 6_000 }] }, program, logs);
    expect(failure.code).to.equal("failure-other-program");
    expect(failure.context).to.deep.equal({ program: other, code: 6_000, instruction: 0 });
    const own = escrow.decodeFailure({ InstructionError: [0, { Custom: 6_000 }] }, program, logs.slice(3));
    expect(own.code).to.equal("program-paused");
  });
});
