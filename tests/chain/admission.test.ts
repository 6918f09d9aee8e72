import {
  Ed25519Program,
  Keypair,
  PublicKey,
  SystemProgram,
  Transaction,
  TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from "@solana/web3.js";
import { toBase58 } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { type Instruction, signTransaction } from "@tolldns/sdk/transaction";
import { expect } from "chai";
import { type Rig, rpc, SOL, startRig } from "./rig.ts";

/** Anything may be sent to the memo program; it needs no account. */
const MEMO = new PublicKey("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");

describe("what the chain refuses, as the network would", () => {
  let rig: Rig;
  before(async () => {
    rig = await startRig();
  });
  after(() => rig.close());

  /** Always the present hash: web3.js would give out a remembered one. */
  const blockhash = async (): Promise<string> => (await rig.connection.getLatestBlockhash()).blockhash;
  const sign = async (...instructions: TransactionInstruction[]): Promise<Transaction> => {
    const transaction = new Transaction({
      feePayer: rig.payer.publicKey,
      recentBlockhash: await blockhash(),
    });
    transaction.add(...instructions).sign(rig.payer);
    return transaction;
  };
  const post = (bytes: Uint8Array, options: Record<string, unknown> = {}): ReturnType<typeof rpc> =>
    rpc(rig.chain.rpcUrl, "sendTransaction", [
      Buffer.from(bytes).toString("base64"),
      { encoding: "base64", preflightCommitment: "confirmed", ...options },
    ]);
  const landed = async (signature: string): Promise<boolean> => {
    const { value } = await rig.connection.getSignatureStatuses([signature], {
      searchTransactionHistory: true,
    });
    return value[0] !== null;
  };
  const pay = (lamports: number, to = Keypair.generate().publicKey): TransactionInstruction =>
    SystemProgram.transfer({ fromPubkey: rig.payer.publicKey, toPubkey: to, lamports });
  const memo = (length: number): TransactionInstruction =>
    new TransactionInstruction({ programId: MEMO, keys: [], data: Buffer.alloc(length, "m") });

  it("a legacy packet of 1233 bytes, and takes one of 1232", async () => {
    const bytesOf = async (length: number): Promise<Uint8Array> => {
      const transaction = new VersionedTransaction(
        new TransactionMessage({
          payerKey: rig.payer.publicKey,
          recentBlockhash: await blockhash(),
          instructions: [memo(length)],
        }).compileToLegacyMessage(),
      );
      transaction.sign([rig.payer]);
      const raw = Buffer.concat([
        Buffer.from([1]),
        transaction.signatures[0] as Uint8Array,
        transaction.message.serialize(),
      ]);
      return new Uint8Array(raw);
    };
    const overhead = (await bytesOf(200)).length - 200;
    const largest = await bytesOf(1232 - overhead);
    expect(largest.length).to.equal(1232);
    expect((await post(largest)).error).to.equal(undefined);
    const over = await bytesOf(1233 - overhead);
    const answer = await post(over, { skipPreflight: true });
    expect(answer.error?.code).to.equal(-32602);
    expect(answer.error?.message).to.include("too large: 1233 bytes (max: 1232 bytes)");
  });

  it("a v1 transaction of 4097 bytes, and takes one of 4096", async () => {
    const payer = createSignerNode(rig.payer.secretKey.slice(0, 32));
    const bytesOf = async (length: number): Promise<Uint8Array> => {
      const note: Instruction = {
        program: MEMO.toBytes(),
        accounts: [],
        data: new Uint8Array(length).fill(109),
      };
      const parts = {
        version: 1 as const,
        payer: payer.publicKey,
        blockhash: await blockhash(),
        instructions: [note],
        config: { computeUnitLimit: 1_000_000, loadedAccountsLimit: 10_000_000 },
      };
      return signTransaction(parts, [payer]);
    };
    const overhead = (await bytesOf(200)).length - 200;
    const largest = await bytesOf(4096 - overhead);
    expect(largest.length).to.equal(4096);
    const answer = await post(largest);
    expect(answer.error).to.equal(undefined);
    expect(await landed(answer.result as string)).to.equal(true);
    const read = await rig.connection.getTransaction(answer.result as string, {
      commitment: "confirmed",
      maxSupportedTransactionVersion: 1,
    });
    const { message } = read?.transaction ?? {};
    expect(message?.version).to.equal(1);
    expect(message).to.have.deep.property("transactionConfig", {
      computeUnitLimit: 1_000_000,
      heapSize: null,
      loadedAccountsDataSizeLimit: 10_000_000,
      priorityFee: null,
    });
    const over = new Uint8Array(4097);
    over.set(largest);
    const refused = await post(over, { skipPreflight: true });
    expect(refused.error?.message).to.include("too large: 4097 bytes (max: 4096 bytes)");
  });

  it("more than 8 signatures for the precompiles", async () => {
    // Nine signatures announced by the first byte; the limit is checked before the signatures are.
    const asking = (count: number): TransactionInstruction =>
      new TransactionInstruction({
        programId: Ed25519Program.programId,
        keys: [],
        data: Buffer.from([count, 0]),
      });
    const answer = await post((await sign(asking(9))).serialize(), { skipPreflight: true });
    expect(answer.error?.message).to.include("9 precompile signatures");
    const split = await post((await sign(asking(4), asking(5))).serialize(), { skipPreflight: true });
    expect(split.error?.message).to.include("9 precompile signatures");
    const key = Keypair.generate();
    const good = Ed25519Program.createInstructionWithPrivateKey({
      privateKey: key.secretKey,
      message: Buffer.from("hi"),
    });
    const taken = await post((await sign(good)).serialize());
    expect(taken.error).to.equal(undefined);
    const shown = await rig.connection.getTransaction(taken.result as string, {
      maxSupportedTransactionVersion: 0,
    });
    expect(shown?.meta?.fee).to.equal(10_000);
  });

  it("a wrong signature: told by preflight, dropped without a word when it is skipped", async () => {
    const bytes = new Uint8Array((await sign(pay(SOL))).serialize());
    bytes[10] = (bytes[10] as number) ^ 1;
    const told = await post(bytes);
    expect(told.error).to.deep.equal({ code: -32003, message: "Transaction signature verification failure" });
    const silent = await post(bytes, { skipPreflight: true });
    expect(await landed(silent.result as string)).to.equal(false);
  });

  it("a blockhash nobody gave out", async () => {
    const transaction = new Transaction({
      feePayer: rig.payer.publicKey,
      recentBlockhash: Keypair.generate().publicKey.toBase58(),
    }).add(pay(SOL));
    transaction.sign(rig.payer);
    const told = await post(transaction.serialize());
    expect(told.error?.code).to.equal(-32002);
    expect(told.error?.message).to.equal("Transaction simulation failed: Blockhash not found");
    expect(told.error?.data?.err).to.equal("BlockhashNotFound");
    const silent = await post(transaction.serialize(), { skipPreflight: true });
    expect(await landed(silent.result as string)).to.equal(false);
  });

  it("a blockhash of 151 blocks ago, and takes one of 150", async () => {
    const { chain, connection } = rig;
    // The chain moves on by two slots when the first lands.
    const early = await sign(pay(SOL));
    const late = await sign(pay(SOL));
    const { value } = await connection.getLatestBlockhashAndContext();
    await chain.clock.advance(value.lastValidBlockHeight - chain.status().blockHeight + 1);
    const valid = async (): Promise<unknown> =>
      (
        (await rpc(chain.rpcUrl, "isBlockhashValid", [value.blockhash, { commitment: "processed" }]))
          .result as { value: boolean }
      ).value;
    expect(await valid()).to.equal(true);
    const last = await post(early.serialize(), { skipPreflight: true });
    expect(await landed(last.result as string)).to.equal(true);
    expect(await valid()).to.equal(false);
    const lost = await post(late.serialize(), { skipPreflight: true });
    expect(await landed(lost.result as string)).to.equal(false);
  });

  it("the same transaction twice", async () => {
    const transaction = (await sign(pay(SOL))).serialize();
    const to = (await post(transaction)).result as string;
    expect(await landed(to)).to.equal(true);
    const balance = await rig.connection.getBalance(rig.payer.publicKey);
    const again = await post(transaction);
    expect(again.error?.data?.err).to.equal("AlreadyProcessed");
    await post(transaction, { skipPreflight: true });
    expect(await rig.connection.getBalance(rig.payer.publicKey)).to.equal(balance);
  });

  it("accounts named twice, more than the lock limit, and a message out of bounds", async () => {
    const { connection, payer, chain } = rig;
    const keys = Array.from({ length: 256 - 2 }, () => Keypair.generate().publicKey);
    const recentSlot = await connection.getSlot();
    const { AddressLookupTableProgram } = await import("@solana/web3.js");
    const [create, table] = AddressLookupTableProgram.createLookupTable({
      ...{ authority: payer.publicKey, payer: payer.publicKey, recentSlot },
    });
    await post((await sign(create)).serialize());
    for (let at = 0; at < 140; at += 20) {
      const addresses = keys.slice(at, at + 20);
      const extend = AddressLookupTableProgram.extendLookupTable({
        ...{ payer: payer.publicKey, authority: payer.publicKey, lookupTable: table, addresses },
      });
      expect((await post((await sign(extend)).serialize())).error).to.equal(undefined);
    }
    const account = (await connection.getAddressLookupTable(table)).value;
    const many = new TransactionInstruction({
      programId: MEMO,
      keys: keys.slice(0, 140).map((pubkey) => ({ pubkey, isSigner: false, isWritable: true })),
      data: Buffer.from("x"),
    });
    const message = new TransactionMessage({
      ...{ payerKey: payer.publicKey, recentBlockhash: await blockhash(), instructions: [many] },
    }).compileToV0Message([account as NonNullable<typeof account>]);
    const locked = new VersionedTransaction(message);
    locked.sign([payer]);
    const answer = await post(locked.serialize());
    expect(answer.error?.data?.err).to.equal("TooManyAccountLocks");
    const bytes = new Uint8Array((await sign(pay(SOL))).serialize());
    // The last instruction's program index.
    const at = bytes.lastIndexOf(12) - 4;
    bytes[at] = 200;
    const broken = await rpc(chain.rpcUrl, "sendTransaction", [
      Buffer.from(bytes).toString("base64"),
      { encoding: "base64" },
    ]);
    expect(broken.error?.code).to.equal(-32602);
  });

  it("bytes that are no transaction, without ending", async () => {
    for (const bytes of [
      [],
      [1],
      [0x81, 1, 2],
      [1, ...new Uint8Array(64), 0x82],
      new Uint8Array(1232).fill(255),
    ]) {
      expect((await post(Uint8Array.from(bytes), { skipPreflight: true })).error?.code).to.equal(-32602);
    }
    const trailing = new Uint8Array([...(await sign(pay(SOL))).serialize(), 0]);
    expect((await post(trailing)).error?.message).to.include("trailing bytes");
    const notBase64 = await rpc(rig.chain.rpcUrl, "sendTransaction", ["***", { encoding: "base64" }]);
    expect(notBase64.error?.message).to.equal("invalid base64 encoding");
    const base58 = await rpc(rig.chain.rpcUrl, "sendTransaction", [
      toBase58((await sign(pay(SOL))).serialize()),
    ]);
    expect(base58.error?.code).to.equal(-32002);
  });
});
