import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { BN, type Idl, Program, type Provider } from "@coral-xyz/anchor";
import { PublicKey, type TransactionInstruction } from "@solana/web3.js";
import { deriveBalance, deriveConfig, deriveLedger, deriveVault, formatAddress, toHex } from "@tolldns/sdk";
import * as escrow from "@tolldns/sdk/escrow";
import { ESCROW_IDL, type EscrowIdl } from "@tolldns/sdk/idl";
import * as web3 from "@tolldns/sdk/web3";
import { expect } from "chai";
import { build, deployment, type Expected, operator, owner, SAMPLES } from "./support/instructions.ts";

const idl = JSON.parse(
  readFileSync(new URL("../../programs/artifacts/escrow.json", import.meta.url), "utf8"),
) as Idl;
// Anchor builds instructions without ever asking the provider for anything.
const program = new Program<EscrowIdl>(ESCROW_IDL, {} as Provider);

function toAnchor(value: unknown): unknown {
  if (typeof value === "bigint") return new BN(value.toString());
  if (value instanceof Uint8Array) return value.length === 32 ? new PublicKey(value) : Buffer.from(value);
  return typeof value === "string" ? new PublicKey(value) : value;
}

/** The instruction as Anchor's own client builds it from the committed IDL. */
async function buildByAnchor(name: string, { args, accounts }: Expected): Promise<TransactionInstruction> {
  const method = (program.methods as unknown as Record<string, (...args: unknown[]) => never>)[name];
  if (method === undefined) throw new Error(`the IDL has no ${name}`);
  const named = Object.fromEntries(Object.entries(accounts).map(([key, value]) => [key, toAnchor(value)]));
  const builder = method(...args.map(toAnchor)) as {
    accountsStrict(accounts: object): { instruction(): Promise<TransactionInstruction> };
  };
  return builder.accountsStrict(named).instruction();
}

const shown = ({ programId, keys, data }: TransactionInstruction) => ({
  program: programId.toBase58(),
  data: toHex(data),
  keys: keys.map(({ pubkey, isSigner, isWritable }) => ({
    address: pubkey.toBase58(),
    isSigner,
    isWritable,
  })),
});

describe("escrow instructions", () => {
  for (const { name, input, expected } of SAMPLES)
    it(`${name} is what Anchor builds from the IDL, byte for byte and account for account`, async () => {
      const ours = build(web3, name, input) as TransactionInstruction;
      expect(shown(ours)).to.deep.equal(shown(await buildByAnchor(name, expected)));
    });

  it("cover every instruction of the IDL, with its discriminator", () => {
    const camel = (text: string) => text.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const fromIdl = idl.instructions.map(({ name, discriminator }) => [camel(name), discriminator]);
    const ours = Object.entries(escrow.DISCRIMINATOR).map(([name, byte]) => [name, [byte]]);
    expect(ours).to.have.deep.members(fromIdl);
    expect([...new Set(SAMPLES.map(({ name }) => name))]).to.have.members(ours.map(([name]) => name));
  });

  it("come back from web3.js as they went", () => {
    for (const { name, input } of SAMPLES) {
      const plain = build(escrow, name, input) as escrow.Instruction;
      expect(web3.fromTransactionInstruction(web3.toTransactionInstruction(plain))).to.deep.equal(plain);
    }
  });
});

describe("escrow artifacts", () => {
  it("match what is generated from the IDL", () => {
    const script = fileURLToPath(new URL("../../sdk/scripts/generate.ts", import.meta.url));
    execFileSync(execPath, [script, "--check"], { stdio: "pipe" });
  });

  it("have an address the SDK names", () => {
    expect(escrow.ESCROW_PROGRAM_ID).to.equal((idl as unknown as { address: string }).address);
  });
});

describe("addresses", () => {
  it("are those web3.js derives", () => {
    const id = new PublicKey(deployment.escrow);
    const theirs = (...seeds: (string | Uint8Array)[]) => {
      const [address, bump] = PublicKey.findProgramAddressSync(
        seeds.map((seed) => Buffer.from(seed)),
        id,
      );
      return [address.toBase58(), bump];
    };
    const ours = ({ address, bump }: { address: Uint8Array; bump: number }) => [formatAddress(address), bump];
    expect(ours(deriveConfig(id))).to.deep.equal(theirs("config"));
    expect(ours(deriveVault(id))).to.deep.equal(theirs("vault"));
    for (let byte = 0; byte < 40; byte++) {
      const wallet = new Uint8Array(32).fill(byte);
      expect(ours(deriveBalance(id, wallet))).to.deep.equal(theirs("balance", wallet));
      expect(ours(deriveLedger(id, owner, wallet, byte * 1_000))).to.deep.equal(
        theirs("ledger", owner, wallet, Uint8Array.of((byte * 1_000) & 0xff, (byte * 1_000) >> 8)),
      );
    }
    expect(formatAddress(operator)).to.equal(new PublicKey(operator).toBase58());
  });
});
