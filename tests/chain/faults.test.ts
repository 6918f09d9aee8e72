import { Keypair, type PublicKey, SystemProgram, Transaction } from "@solana/web3.js";
import { expect } from "chai";
import { type Rig, rpc, startRig } from "./rig.ts";

describe("faults", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig({ clock: { kind: "virtual" } });
    await rig.chain.clock.advance(40);
  });
  afterEach(() => rig.close());

  const send = async (lamports: number, to: PublicKey = Keypair.generate().publicKey): Promise<string> => {
    const { blockhash } = await rig.connection.getLatestBlockhash("processed");
    const transaction = new Transaction({ feePayer: rig.payer.publicKey, recentBlockhash: blockhash }).add(
      SystemProgram.transfer({ fromPubkey: rig.payer.publicKey, toPubkey: to, lamports }),
    );
    transaction.sign(rig.payer);
    return rig.connection.sendRawTransaction(transaction.serialize(), {
      preflightCommitment: "processed",
      skipPreflight: true,
    });
  };
  const slotOf = async (signature: string): Promise<number | null> =>
    (await rig.connection.getSignatureStatus(signature, { searchTransactionHistory: true })).value?.slot ??
    null;

  it("drop: acknowledged and never executed", async () => {
    rig.chain.faults.set({ drop: 1 });
    const signature = await send(1_000_000);
    await rig.chain.clock.advance(5);
    expect(await slotOf(signature)).to.equal(null);
  });

  it("delay: lands that many slots later, even when the clock leaps over them", async () => {
    const { slot } = rig.chain.status();
    rig.chain.faults.set({ delay: 1, delaySlots: 3 });
    const signature = await send(1_000_000);
    rig.chain.faults.set({ delay: 0 });
    await rig.chain.clock.advance(2);
    expect(await slotOf(signature)).to.equal(null);
    await rig.chain.clock.advance(10);
    expect(await slotOf(signature)).to.equal(slot + 3);
  });

  it("reorder: executed at the end of the slot in another order, the same for the same seed", async () => {
    const orders: string[][] = [];
    for (let round = 0; round < 2; round++) {
      const own = await startRig({ clock: { kind: "virtual" }, faultSeed: 7 });
      const outer = rig;
      rig = own;
      own.chain.faults.set({ reorder: true });
      const sent: string[] = [];
      for (let i = 1; i <= 6; i++) sent.push(await send(1_000_000 * i));
      await own.chain.clock.advance(1);
      const { slot } = own.chain.status();
      const block = await own.connection.getBlock(slot - 1, { maxSupportedTransactionVersion: 0 });
      const landed = block?.transactions.map((one) => one.transaction.signatures[0] as string) ?? [];
      orders.push(landed.filter((one) => sent.includes(one)).map((one) => String(sent.indexOf(one))));
      rig = outer;
      await own.close();
    }
    expect([...(orders[0] ?? [])].sort()).to.deep.equal(["0", "1", "2", "3", "4", "5"]);
    expect(orders[0]).not.to.deep.equal(["0", "1", "2", "3", "4", "5"]);
    expect(orders[1]).to.deep.equal(orders[0]);
  });

  it("rollback: state, statuses and height go back, slots go on", async () => {
    const { chain, connection } = rig;
    const to = Keypair.generate().publicKey;
    const kept = await send(1_000_000, to);
    await chain.clock.advance(3);
    const { slot: base, blockHeight } = chain.status();
    const lost = await send(2_000_000, to);
    await chain.clock.advance(2);
    expect(await connection.getBalance(to, "confirmed")).to.equal(3_000_000);
    const hash = (await connection.getLatestBlockhash("processed")).blockhash;
    expect(await chain.faults.rollback(3)).to.equal(1);
    expect(chain.status().slot).to.equal(base + 3);
    expect(chain.status().blockHeight).to.equal(blockHeight);
    expect(await connection.getBalance(to, "processed")).to.equal(1_000_000);
    expect(await slotOf(lost)).to.equal(null);
    expect(await slotOf(kept)).to.be.a("number");
    expect((await connection.isBlockhashValid(hash, { commitment: "processed" })).value).to.equal(false);
    expect((await rpc(chain.rpcUrl, "getBlock", [base])).error?.code).to.equal(-32004);
    await chain.clock.advance(40);
    expect((await rpc(chain.rpcUrl, "getBlock", [base + 1])).error?.code).to.equal(-32007);
    // What is sent after it lands in the new fork.
    const after = await send(4_000_000, to);
    expect(await slotOf(after)).to.be.greaterThan(base + 3);
  });

  it("rollback: never takes back what is final", async () => {
    const { chain, connection } = rig;
    const to = Keypair.generate().publicKey;
    await send(1_000_000, to);
    await chain.clock.advance(32);
    await chain.faults.rollback(1000);
    expect(await connection.getBalance(to, "processed")).to.equal(1_000_000);
  });

  it("rollback: a lost transaction may be sent again while its blockhash is good", async () => {
    const { chain, connection, payer } = rig;
    const to = Keypair.generate().publicKey;
    const { blockhash } = await connection.getLatestBlockhash("processed");
    const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash }).add(
      SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: 5_000_000 }),
    );
    transaction.sign(payer);
    const bytes = transaction.serialize();
    await chain.clock.advance(1);
    await connection.sendRawTransaction(bytes, { skipPreflight: true });
    await chain.faults.rollback(1);
    expect(await connection.getBalance(to, "processed")).to.equal(0);
    await connection.sendRawTransaction(bytes, { skipPreflight: true });
    await connection.sendRawTransaction(bytes, { skipPreflight: true });
    expect(await connection.getBalance(to, "processed")).to.equal(5_000_000);
  });

  it("forget: one transaction vanishes, its neighbours stay", async () => {
    const { chain, connection } = rig;
    const to = Keypair.generate().publicKey;
    await send(1_000_000, to);
    const gone = await send(2_000_000, to);
    await send(4_000_000, to);
    await chain.clock.advance(2);
    expect(await chain.faults.forget(gone)).to.equal(true);
    expect(await connection.getBalance(to, "processed")).to.equal(5_000_000);
    expect(await slotOf(gone)).to.equal(null);
    await chain.clock.advance(40);
    const rows = await connection.getSignaturesForAddress(to, {}, "confirmed");
    expect(rows).to.have.length(2);
    expect(await chain.faults.forget(rows[0]?.signature as string)).to.equal(false);
  });

  it("expire: no blockhash given out so far is good, the next one is", async () => {
    const { chain, connection } = rig;
    const { blockhash } = await connection.getLatestBlockhash("processed");
    await chain.faults.expireBlockhashes();
    expect((await connection.isBlockhashValid(blockhash, { commitment: "processed" })).value).to.equal(false);
    const signature = await send(1_000_000);
    expect(await slotOf(signature)).to.equal(chain.status().slot);
  });

  it("RPC down and slow", async () => {
    const { chain } = rig;
    chain.faults.set({ rpcDown: true });
    const down = await fetch(chain.rpcUrl, {
      method: "POST",
      body: '{"jsonrpc":"2.0","id":1,"method":"getHealth"}',
    });
    expect(down.status).to.equal(503);
    chain.faults.set({ rpcDown: false, rpcDelayMs: 120 });
    const began = performance.now();
    expect((await rpc(chain.rpcUrl, "getHealth")).result).to.equal("ok");
    expect(performance.now() - began).to.be.greaterThan(115);
  });
});
