import {
  createNoopSigner,
  createSignerFromKeypair,
  isSigner,
  keypairIdentity,
  ProgramError,
  publicKey,
  signerIdentity,
  sol,
  type TransactionBuilder,
} from "@metaplex-foundation/umi";
import { createUmi } from "@metaplex-foundation/umi-bundle-defaults";
import type { TransactionInstruction } from "@solana/web3.js";
import { createSigner, formatAddress, toHex } from "@tolldns/sdk";
import * as escrow from "@tolldns/sdk/escrow";
import { decodeTransaction, instructionsOf, signTransaction } from "@tolldns/sdk/transaction";
import * as tolldns from "@tolldns/sdk/umi";
import * as web3 from "@tolldns/sdk/web3";
import { expect } from "chai";
import { build, deployment, ledger, owner, SAMPLES, someone, source } from "./support/instructions.ts";

// Nothing here is ever asked of the network: builders need no RPC, and readers get an account in its place.
const createPlain = () =>
  createUmi("http://127.0.0.1:9").use(signerIdentity(createNoopSigner(publicKey(owner))));
const umi = tolldns.withTolldns(createPlain(), deployment);

const SIGNERS = ["owner", "operator", "authority", "pendingAuthority", "signer", "closer"];

/** The input of a Umi builder: signers where an account signs, no deployment. */
function umiInput(name: string, input: object): object {
  const entries = Object.entries(input).filter(([key]) => key !== "deployment");
  const isSigning = (key: string) => SIGNERS.includes(key) && !(name === "closeLane" && key === "owner");
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      isSigning(key) ? createNoopSigner(publicKey(value as Uint8Array)) : value,
    ]),
  );
}

const shownUmi = (builder: TransactionBuilder) =>
  builder.getInstructions().map(({ programId, keys, data }) => ({
    program: programId.toString(),
    data: toHex(data),
    keys: keys.map(({ pubkey, isSigner: signs, isWritable }) => [pubkey.toString(), signs, isWritable]),
  }));
const shownWeb3 = ({ programId, keys, data }: TransactionInstruction) => ({
  program: programId.toBase58(),
  data: toHex(data),
  keys: keys.map(({ pubkey, isSigner: signs, isWritable }) => [pubkey.toBase58(), signs, isWritable]),
});

describe("Umi builders", () => {
  for (const { name, input } of SAMPLES)
    it(`${name} builds what the web3.js builder builds, signed by whom it names`, () => {
      const builder = build(tolldns, name, umi, umiInput(name, input)) as TransactionBuilder;
      const expected = shownWeb3(build(web3, name, input) as TransactionInstruction);
      expect(shownUmi(builder)).to.deep.equal([expected]);
      const signing = expected.keys.filter(([, signs]) => signs).map(([address]) => address);
      expect(
        builder.items.flatMap(({ signers }) => signers.map((signer) => signer.publicKey.toString())),
      ).to.deep.equal(signing);
    });

  it("let Umi's identity sign when nobody is named", () => {
    const builder = tolldns.deposit(umi, { source, amount: 5n });
    expect(builder.items[0]?.signers).to.deep.equal([umi.identity]);
    expect(shownUmi(builder)[0]?.keys[0]).to.deep.equal([formatAddress(owner), true, true]);
  });

  it("say how many bytes of rent they create", () => {
    const created = (name: string) => {
      const { input } = SAMPLES.find((one) => one.name === name) ?? { input: {} };
      return (
        build(tolldns, name, umi, umiInput(name, input)) as TransactionBuilder
      ).getBytesCreatedOnChain();
    };
    expect(["initialize", "openLedger", "extendLedger", "settle"].map(created)).to.deep.equal([
      737, 248, 10_176, 0,
    ]);
  });

  it("leave the operator out of a rekey unless it is named", () => {
    const builder = tolldns.rekeyLane(umi, { ledger, lane: 1, generation: 1, sessionKey: someone(5) });
    expect(builder.items[0]?.signers).to.have.length(1);
    expect(shownUmi(builder)[0]?.keys[2]).to.deep.equal([formatAddress(deployment.escrow), false, false]);
  });

  it("go through Umi's own transaction factory and signers into the bytes this package makes", async () => {
    const seed = someone(42);
    const ours = createSigner(seed);
    const wallet = createUmi("http://127.0.0.1:9");
    const keypair = wallet.eddsa.createKeypairFromSeed(seed);
    const installed = tolldns.withTolldns(wallet.use(keypairIdentity(keypair)), deployment);
    expect(isSigner(createSignerFromKeypair(wallet, keypair))).to.equal(true);
    const blockhash = formatAddress(someone(77));
    const deposit = tolldns.deposit(installed, { source, amount: 5n });
    const instruction = escrow.deposit({ deployment, owner: ours.publicKey, source, amount: 5n });

    for (const version of ["legacy", 0] as const) {
      const built = await deposit.setBlockhash(blockhash).setVersion(version).buildAndSign(installed);
      const expected = signTransaction(
        { version, payer: ours.publicKey, blockhash, instructions: [instruction] },
        [ours],
      );
      expect(toHex(installed.transactions.serialize(built))).to.equal(toHex(expected));
    }

    const budget = {
      computeUnitLimit: 300_000,
      loadedAccountsDataSizeLimit: 65_536,
      priorityFee: sol(0.000_005),
    };
    const v1 = await deposit
      .setBlockhash(blockhash)
      .useV1()
      .setTransactionConfig(budget)
      .buildAndSign(installed);
    const own = { computeUnitLimit: 300_000, loadedAccountsLimit: 65_536, priorityFee: 5_000n };
    const parts = {
      version: 1,
      payer: ours.publicKey,
      blockhash,
      instructions: [instruction],
      config: own,
    } as const;
    const bytes = installed.transactions.serialize(v1);
    expect(toHex(bytes)).to.equal(toHex(signTransaction(parts, [ours])));
    expect(instructionsOf(decodeTransaction(bytes))).to.deep.equal([instruction]);
  });
});

describe("the Umi plugin", () => {
  it("registers the escrow, so that Umi explains its failures", () => {
    const program = umi.programs.get(tolldns.PROGRAM_NAME);
    expect(program.publicKey.toString()).to.equal(escrow.ESCROW_PROGRAM_ID);
    const error = program.getErrorFromCode(6_105);
    expect(error).to.be.instanceOf(ProgramError);
    expect(error?.message).to.contain("a voucher has expired");
    expect(program.getErrorFromName("VoucherExpired")?.message).to.equal(error?.message);
    expect(program.getErrorFromCode(1)).to.equal(null);
    expect(program.getErrorFromName("Nonsense")).to.equal(null);
    const logs = [`Program ${escrow.ESCROW_PROGRAM_ID} failed: custom program error: 0x17d9`];
    const failed = Object.assign(new Error("Error processing Instruction 0: custom program error: 0x17d9"), {
      logs,
    });
    const transaction = tolldns
      .closeBalance(umi, {})
      .setBlockhash(formatAddress(someone(1)))
      .build(umi);
    const resolved = umi.programs.resolveError(failed, transaction);
    expect(resolved?.message).to.contain("a voucher has expired");
  });

  it("keeps the deployment and leaves the rest of Umi as it was", () => {
    const plain = createPlain();
    const before = Object.keys(plain).sort();
    tolldns.withTolldns(plain, deployment);
    expect(Object.keys(plain).sort()).to.deep.equal([...before, "tolldns"].sort());
    expect((plain as typeof umi).tolldns).to.equal(deployment);
  });
});
