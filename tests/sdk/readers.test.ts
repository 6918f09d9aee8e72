import { readFileSync } from "node:fs";
import { BN, BorshCoder, type Idl } from "@coral-xyz/anchor";
import { PublicKey } from "@solana/web3.js";
import { concatBytes, writeU16, writeU32, writeU64 } from "@tolldns/sdk";
import * as escrow from "@tolldns/sdk/escrow";
import { expect } from "chai";
import { codeOf } from "./support/errors.ts";
import { someone } from "./support/instructions.ts";

const idl = JSON.parse(
  readFileSync(new URL("../../programs/artifacts/escrow.json", import.meta.url), "utf8"),
) as Idl;
const coder = new BorshCoder(idl);
const key = (byte: number) => new PublicKey(someone(byte));
const u64 = (value: bigint) => new BN(value.toString());

const config = {
  version: 1,
  bump: 254,
  vault_bump: 253,
  paused: 1,
  operator_bps: 8_000,
  names_bps: 1_500,
  treasury_bps: 500,
  reserved: [0, 0],
  settlement_interval: 3_600,
  grace_seconds: 86_400,
  authority: key(1),
  pending_authority: key(2),
  guardian: key(3),
  mint: key(4),
  token_program: key(5),
  vault: key(6),
  treasury: key(7),
  names_pool: key(8),
  genesis_hash: [...someone(9)],
};
const header = {
  version: 1,
  bump: 250,
  index: 513,
  grace_seconds: 86_400,
  operator: key(1),
  payout: key(2),
  min_reserve: u64(1_000n),
  credited: u64(2n ** 60n),
  distributed: u64(7n),
  open_lanes: 3,
  reserved: [0, 0, 0, 0],
};

function row(lane: number, state: number, generation = 5): Uint8Array {
  const bytes = new Uint8Array(escrow.ROW_LENGTH);
  bytes.set(someone(lane), 0);
  bytes.set(someone(lane + 100), 32);
  writeU64(bytes, 64, 1_000n + BigInt(lane), "reserve");
  writeU64(bytes, 72, BigInt(lane), "settled");
  writeU64(bytes, 80, 2n ** 40n, "deadline");
  writeU16(bytes, 88, generation, "generation");
  bytes[90] = state;
  return bytes;
}

async function ledgerOf(...rows: Uint8Array[]): Promise<Uint8Array> {
  const counts = new Uint8Array(8);
  writeU32(counts, 0, rows.length, "rows");
  return concatBytes(await coder.accounts.encode("Ledger", header), counts, ...rows);
}

describe("account readers", () => {
  it("read a Config as Anchor writes it", async () => {
    const data = await coder.accounts.encode("Config", config);
    expect(data).to.have.length(escrow.CONFIG_LENGTH);
    expect(escrow.decodeConfig(new Uint8Array(data))).to.deep.equal({
      bump: 254,
      vaultBump: 253,
      paused: true,
      split: { operatorBps: 8_000, namesBps: 1_500, treasuryBps: 500 },
      settlementInterval: 3_600,
      graceSeconds: 86_400,
      authority: someone(1),
      pendingAuthority: someone(2),
      guardian: someone(3),
      mint: someone(4),
      tokenProgram: someone(5),
      vault: someone(6),
      treasury: someone(7),
      namesPool: someone(8),
      genesisHash: someone(9),
    });
    const settled = await coder.accounts.encode("Config", {
      ...config,
      pending_authority: PublicKey.default,
    });
    expect(escrow.decodeConfig(new Uint8Array(settled)).pendingAuthority).to.equal(undefined);
  });

  it("read a Balance as Anchor writes it", async () => {
    const fields = {
      version: 1,
      bump: 9,
      reserved: [0, 0],
      open_lanes: 2,
      free: u64(2n ** 63n),
      owner: key(4),
    };
    const data = new Uint8Array(await coder.accounts.encode("Balance", fields));
    expect(data).to.have.length(escrow.BALANCE_LENGTH);
    expect(escrow.decodeBalance(data)).to.deep.equal({
      bump: 9,
      openLanes: 2,
      free: 2n ** 63n,
      owner: someone(4),
    });
  });

  it("read a ledger's header as Anchor writes it, from its first 120 bytes alone", async () => {
    const data = await ledgerOf(row(0, 0), row(1, 1));
    const expected = {
      bump: 250,
      index: 513,
      graceSeconds: 86_400,
      operator: someone(1),
      payout: someone(2),
      minReserve: 1_000n,
      credited: 2n ** 60n,
      distributed: 7n,
      openLanes: 3,
      rows: 2,
    };
    expect(escrow.decodeLedgerHeader(data)).to.deep.equal(expected);
    expect(escrow.decodeLedgerHeader(data.slice(0, escrow.LEDGER_HEADER_LENGTH))).to.deep.equal(expected);
  });

  it("read one lane where rowSlice says it lies", async () => {
    const data = await ledgerOf(row(0, 0), row(1, 1), row(2, 2), row(3, 3));
    const states = ["free", "open", "revoked", "closing"];
    for (let lane = 0; lane < 4; lane++) {
      const { offset, length } = escrow.rowSlice(lane);
      const one = escrow.decodeRow(data.slice(offset, offset + length));
      expect(one).to.deep.equal(escrow.readLane(data, lane));
      expect(one).to.deep.equal({
        owner: someone(lane),
        sessionKey: someone(lane + 100),
        reserve: 1_000n + BigInt(lane),
        settled: BigInt(lane),
        deadline: 2n ** 40n,
        generation: 5,
        state: states[lane],
      });
    }
    expect([...escrow.readLanes(data)].map(({ lane, state }) => [lane, state])).to.deep.equal(
      states.map((state, lane) => [lane, state]),
    );
  });

  it("find the first row that can still be opened", async () => {
    expect(escrow.findFreeLane(await ledgerOf(row(0, 1), row(1, 0, 65_535), row(2, 0)))).to.equal(2);
    expect(escrow.findFreeLane(await ledgerOf(row(0, 1), row(1, 0, 65_535)))).to.equal(undefined);
  });

  it("read a lane of a ledger of 20 000 rows without touching the others", async () => {
    const data = await ledgerOf(...Array.from({ length: 20_000 }, () => row(1, 1)));
    const touched = new Set<number>();
    const watched = new Proxy(data, {
      get(target, name) {
        if (typeof name === "string" && /^\d+$/.test(name)) touched.add(Number(name));
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    expect(escrow.readLane(watched, 19_999).state).to.equal("open");
    expect(Math.max(...touched)).to.be.below(escrow.LEDGER_HEADER_LENGTH);
  });

  it("refuse other accounts, other versions, wrong lengths, missing rows and unknown states", async () => {
    const balance = { version: 1, bump: 9, reserved: [0, 0], open_lanes: 2, free: u64(1n), owner: key(4) };
    const data = new Uint8Array(await coder.accounts.encode("Balance", balance));
    expect(codeOf(() => escrow.decodeConfig(data))).to.equal("account-kind");
    expect(codeOf(() => escrow.decodeLedgerHeader(data))).to.equal("account-kind");
    for (let length = 0; length < data.length; length++)
      expect(codeOf(() => escrow.decodeBalance(data.slice(0, length)))).to.equal(
        length < 8 ? "account-kind" : "account-length",
      );
    expect(codeOf(() => escrow.decodeBalance(concatBytes(data, Uint8Array.of(0))))).to.equal(
      "account-length",
    );
    const later = new Uint8Array(await coder.accounts.encode("Balance", { ...balance, version: 2 }));
    expect(codeOf(() => escrow.decodeBalance(later))).to.equal("account-version");
    expect(codeOf(() => escrow.decodeLedgerHeader(new Uint8Array(0)))).to.equal("account-closed");

    const ledger = await ledgerOf(row(0, 1));
    for (const lane of [1, -1, 0.5])
      expect(codeOf(() => escrow.readLane(ledger, lane))).to.equal("lane-missing");
    expect(codeOf(() => escrow.readLane(ledger.slice(0, -1), 0))).to.equal("account-length");
    expect(codeOf(() => escrow.decodeRow(row(0, 4)))).to.equal("lane-state");
    expect(codeOf(() => escrow.decodeRow(new Uint8Array(95)))).to.equal("account-length");
  });
});
