import {
  AddressLookupTableProgram,
  ComputeBudgetProgram,
  Keypair,
  NONCE_ACCOUNT_LENGTH,
  type NonceAccount,
  PublicKey,
  SendTransactionError,
  SystemProgram,
  sendAndConfirmTransaction,
  Transaction,
  TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from "@solana/web3.js";
import { expect } from "chai";
import { type Rig, SOL, startRig } from "./rig.ts";

const MEMO = new PublicKey("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");

function transfer(from: Keypair, to: PublicKey, lamports: number): Transaction {
  return new Transaction().add(
    SystemProgram.transfer({ fromPubkey: from.publicKey, toPubkey: to, lamports }),
  );
}

describe("the public examples of web3.js", () => {
  let rig: Rig;
  before(async () => {
    rig = await startRig();
  });
  after(() => rig.close());

  it("airdrops and confirms by blockhash", async () => {
    const { connection } = rig;
    const key = Keypair.generate().publicKey;
    const signature = await connection.requestAirdrop(key, SOL);
    const latest = await connection.getLatestBlockhash();
    const { value } = await connection.confirmTransaction({ signature, ...latest });
    expect(value.err).to.equal(null);
    expect(await connection.getBalance(key)).to.equal(SOL);
  });

  it("sends and confirms a legacy transfer and shows it afterwards", async () => {
    const { connection, payer } = rig;
    const to = Keypair.generate().publicKey;
    const signature = await sendAndConfirmTransaction(connection, transfer(payer, to, SOL), [payer]);
    const shown = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    expect(shown?.meta?.fee).to.equal(5000);
    const before = shown?.meta?.preBalances[0] as number;
    expect(shown?.meta?.postBalances[0]).to.equal(before - SOL - 5000);
    expect(shown?.transaction.message.staticAccountKeys[1]?.equals(to)).to.equal(true);
    const parsed = await connection.getParsedTransaction(signature, { maxSupportedTransactionVersion: 0 });
    const instruction = parsed?.transaction.message.instructions[0] as {
      parsed: { type: string; info: { lamports: number } };
    };
    expect(instruction.parsed.type).to.equal("transfer");
    expect(instruction.parsed.info.lamports).to.equal(SOL);
    const rows = await connection.getSignaturesForAddress(to);
    expect(rows.map((row) => row.signature)).to.deep.equal([signature]);
    const statuses = await connection.getSignatureStatuses([signature]);
    expect(statuses.value[0]?.confirmationStatus).to.equal("confirmed");
  });

  it("tells a program's error with its logs", async () => {
    const { connection } = rig;
    const poor = Keypair.generate();
    await connection.confirmTransaction(await connection.requestAirdrop(poor.publicKey, SOL));
    const sent = sendAndConfirmTransaction(connection, transfer(poor, poor.publicKey, 5 * SOL), [poor]);
    const error = await sent.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(SendTransactionError);
    expect((error as SendTransactionError).message).to.include("custom program error: 0x1");
    expect((error as SendTransactionError).logs?.join("\n")).to.include("insufficient lamports");
  });

  it("charges and shows a transaction that fails in its block", async () => {
    const { connection } = rig;
    const poor = Keypair.generate();
    await connection.confirmTransaction(await connection.requestAirdrop(poor.publicKey, SOL));
    const sent = sendAndConfirmTransaction(
      connection,
      transfer(poor, Keypair.generate().publicKey, 5 * SOL),
      [poor],
      {
        skipPreflight: true,
      },
    );
    const error = await sent.then(
      () => null,
      (reason: unknown) => String(reason),
    );
    expect(error).to.include('{"InstructionError":[0,{"Custom":1}]}');
    expect(await connection.getBalance(poor.publicKey)).to.equal(SOL - 5000);
  });

  it("creates, extends and uses an address lookup table in a v0 transaction", async () => {
    const { connection, payer } = rig;
    const recentSlot = await connection.getSlot();
    const [create, table] = AddressLookupTableProgram.createLookupTable({
      authority: payer.publicKey,
      payer: payer.publicKey,
      recentSlot,
    });
    const to = Keypair.generate().publicKey;
    const extend = AddressLookupTableProgram.extendLookupTable({
      payer: payer.publicKey,
      authority: payer.publicKey,
      lookupTable: table,
      addresses: [to, SystemProgram.programId],
    });
    await sendAndConfirmTransaction(connection, new Transaction().add(create, extend), [payer]);
    const account = (await connection.getAddressLookupTable(table)).value;
    expect(account?.state.addresses[0]?.equals(to)).to.equal(true);
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash();
    const message = new TransactionMessage({
      payerKey: payer.publicKey,
      recentBlockhash: blockhash,
      instructions: [SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: SOL })],
    }).compileToV0Message([account as NonNullable<typeof account>]);
    expect(message.addressTableLookups).to.have.length(1);
    const transaction = new VersionedTransaction(message);
    transaction.sign([payer]);
    const signature = await connection.sendTransaction(transaction);
    await connection.confirmTransaction({ signature, blockhash, lastValidBlockHeight });
    expect(await connection.getBalance(to)).to.equal(SOL);
    const shown = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    expect(shown?.version).to.equal(0);
    expect(shown?.meta?.loadedAddresses?.writable[0]?.equals(to)).to.equal(true);
    const refused = connection.getTransaction(signature);
    expect(await refused.then(() => "", String)).to.include("Transaction version (0) is not supported");
  });

  it("estimates fees and simulates", async () => {
    const { connection, payer } = rig;
    const { blockhash } = await connection.getLatestBlockhash();
    const message = new TransactionMessage({
      payerKey: payer.publicKey,
      recentBlockhash: blockhash,
      instructions: [
        ComputeBudgetProgram.setComputeUnitLimit({ units: 100_000 }),
        ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 25_000 }),
        SystemProgram.transfer({
          fromPubkey: payer.publicKey,
          toPubkey: Keypair.generate().publicKey,
          lamports: SOL,
        }),
      ],
    }).compileToV0Message();
    expect((await connection.getFeeForMessage(message)).value).to.equal(5000 + 2500);
    const unsigned = new VersionedTransaction(message);
    const simulated = await connection.simulateTransaction(unsigned, {
      replaceRecentBlockhash: true,
      accounts: { encoding: "base64", addresses: [payer.publicKey.toBase58()] },
    });
    expect(simulated.value.err).to.equal(null);
    expect(simulated.value.unitsConsumed).to.equal(450);
    const left = simulated.value.accounts?.[0]?.lamports as number;
    expect(left).to.equal((await connection.getBalance(payer.publicKey)) - SOL - 7500);
  });

  it("lives by a durable nonce, which a failure spends too", async () => {
    // A chain of its own: web3.js remembers a blockhash for 30 s, which the leap below makes stale.
    const own = await startRig();
    const { connection, payer } = own;
    const nonce = Keypair.generate();
    const rent = await connection.getMinimumBalanceForRentExemption(NONCE_ACCOUNT_LENGTH);
    await sendAndConfirmTransaction(
      connection,
      new Transaction().add(
        SystemProgram.createNonceAccount({
          fromPubkey: payer.publicKey,
          noncePubkey: nonce.publicKey,
          authorizedPubkey: payer.publicKey,
          lamports: rent,
        }),
      ),
      [payer, nonce],
    );
    const read = async (): Promise<NonceAccount> => {
      const account = await connection.getNonce(nonce.publicKey);
      if (account === null) throw new Error("no nonce");
      return account;
    };
    const advance = SystemProgram.nonceAdvance({
      noncePubkey: nonce.publicKey,
      authorizedPubkey: payer.publicKey,
    });
    const first = await read();
    const transaction = new Transaction({
      feePayer: payer.publicKey,
      nonceInfo: { nonce: first.nonce, nonceInstruction: advance },
    }).add(
      SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: nonce.publicKey, lamports: 1_000_000 }),
    );
    transaction.sign(payer);
    await own.chain.clock.advance(1000);
    await connection.sendRawTransaction(transaction.serialize());
    const second = await read();
    expect(second.nonce).not.to.equal(first.nonce);
    const failing = new Transaction({
      feePayer: payer.publicKey,
      nonceInfo: { nonce: second.nonce, nonceInstruction: advance },
    }).add(
      SystemProgram.transfer({
        fromPubkey: payer.publicKey,
        toPubkey: nonce.publicKey,
        lamports: 5000 * SOL,
      }),
    );
    failing.sign(payer);
    await connection.sendRawTransaction(failing.serialize(), { skipPreflight: true });
    expect((await read()).nonce).not.to.equal(second.nonce);
    await own.close();
  });

  it("writes a memo and lists it with the signature", async () => {
    const { connection, payer } = rig;
    const memo = new TransactionInstruction({
      keys: [{ pubkey: payer.publicKey, isSigner: true, isWritable: true }],
      programId: MEMO,
      data: Buffer.from("paid for 53", "utf8"),
    });
    const signature = await sendAndConfirmTransaction(connection, new Transaction().add(memo), [payer]);
    const [row] = await connection.getSignaturesForAddress(payer.publicKey, { limit: 1 });
    expect(row?.signature).to.equal(signature);
    expect(row?.memo).to.equal("[11] paid for 53");
    const logs = (await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 }))?.meta
      ?.logMessages;
    expect(logs?.join("\n")).to.include("paid for 53");
  });

  it("pages through an address's signatures", async () => {
    const { connection, payer } = rig;
    const to = Keypair.generate().publicKey;
    const sent: string[] = [];
    for (let i = 1; i <= 5; i++)
      sent.push(await sendAndConfirmTransaction(connection, transfer(payer, to, SOL * i), [payer]));
    await rig.chain.clock.advance(40);
    sent.push(await sendAndConfirmTransaction(connection, transfer(payer, to, SOL), [payer]));
    const newest = [...sent].reverse();
    const page = await connection.getSignaturesForAddress(to, { limit: 4 });
    expect(page.map((row) => row.signature)).to.deep.equal(newest.slice(0, 4));
    const rest = await connection.getSignaturesForAddress(to, { before: newest[3] as string });
    expect(rest.map((row) => row.signature)).to.deep.equal(newest.slice(4));
    const until = await connection.getSignaturesForAddress(to, { until: newest[2] as string });
    expect(until.map((row) => row.signature)).to.deep.equal(newest.slice(0, 2));
    expect(page.map((row) => row.confirmationStatus)).to.deep.equal([
      "confirmed",
      "finalized",
      "finalized",
      "finalized",
    ]);
  });

  it("answers what explorers and wallets ask of a cluster", async () => {
    const { connection, chain } = rig;
    expect(await connection.getGenesisHash()).to.equal(chain.genesisHash);
    expect(await connection.getVersion()).to.have.property("solana-core");
    const epoch = await connection.getEpochInfo();
    expect(epoch.absoluteSlot).to.equal(await connection.getSlot());
    expect((await connection.getEpochSchedule()).slotsPerEpoch).to.equal(432_000);
    expect((await connection.getVoteAccounts()).current).to.have.length(1);
    expect((await connection.getClusterNodes())[0]?.pubkey).to.equal(chain.identity);
    expect(await connection.getSlotLeader()).to.equal(chain.identity);
    expect((await connection.getSlotLeaders(1, 3)).length).to.equal(3);
    expect((await connection.getSupply()).value.total).to.be.greaterThan(0);
    expect((await connection.getStakeMinimumDelegation()).value).to.equal(SOL);
    expect(await connection.getMinimumLedgerSlot()).to.equal(64);
    expect(await connection.getFirstAvailableBlock()).to.be.a("number");
    expect(await connection.getTransactionCount()).to.be.greaterThan(0);
    expect(await connection.getRecentPrioritizationFees()).to.be.an("array");
    expect(await connection.getRecentPerformanceSamples(2)).to.be.an("array");
    const slot = await connection.getSlot("finalized");
    expect(await connection.getBlocks(slot - 2, slot, "finalized")).to.deep.equal([slot - 2, slot - 1, slot]);
    expect(await connection.getBlockTime(slot)).to.be.a("number");
    const { value } = await connection.getLargestAccounts();
    expect(value[0]?.lamports).to.be.greaterThan(SOL);
  });

  it("shows a block with its transactions", async () => {
    const { connection, payer } = rig;
    const signature = await sendAndConfirmTransaction(connection, transfer(payer, payer.publicKey, 1), [
      payer,
    ]);
    const slot = (await connection.getSignatureStatus(signature)).value?.slot as number;
    const block = await connection.getBlock(slot, { maxSupportedTransactionVersion: 0 });
    expect(block?.transactions.map((one) => one.transaction.signatures[0])).to.deep.equal([signature]);
    expect(block?.parentSlot).to.equal(slot - 1);
    const next = await connection.getBlock(slot + 1, {
      maxSupportedTransactionVersion: 0,
      transactionDetails: "none",
    });
    expect(next?.previousBlockhash).to.equal(block?.blockhash);
    const parsed = await connection.getParsedBlock(slot, { maxSupportedTransactionVersion: 0 });
    expect(parsed?.transactions).to.have.length(1);
  });
});
