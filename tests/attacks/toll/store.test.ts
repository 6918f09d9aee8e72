import { join } from "node:path";
import { decodeAcknowledgement } from "@tolldns/sdk";
import { openSqliteStore, type Store } from "@tolldns/store";
import { expect } from "chai";
import type { Booth } from "../../../clients/gateway/src/toll/booth.ts";
import { REFUSALS } from "../../../clients/gateway/src/toll/refusal.ts";
import { TICK_PAID } from "../../../clients/gateway/src/toll/tick.ts";
import {
  ask,
  enter,
  LEDGER,
  NOON,
  openLane,
  openStand,
  PRICE,
  type Stand,
  temporaryFolder,
} from "../../gateway/support/booths.ts";
import {
  createPayer,
  newChain,
  openBytes,
  type Payer,
  tickBytes,
  voucherBytes,
} from "../../gateway/support/payer.ts";

describe("attacks on the store", function () {
  this.timeout(60_000);
  it("acknowledges no voucher a full disk can't hold, and lends no more than k units meanwhile", async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, "store.db");
    await (await openSqliteStore({ path })).close();
    const store = await openSqliteStore({ path, maxBytes: 140 * 1024 });
    const stand = await openStand({ store, maxSessions: 4000 });
    const entered: Payer[] = [];
    let refused = 0;
    for (let lane = 0; lane < 2000 && refused === 0; lane++) {
      const payer = createPayer({ ledger: LEDGER, lane, price: PRICE, seed: 5, units: 16 });
      openLane(stand, payer);
      const answer = await stand.booth.pay(openBytes(payer, NOON, { cumulative: 10n }));
      if (!answer.ok) {
        refused = answer.refusal;
        continue;
      }
      payer.session = answer.acknowledgement.slice(1, 9);
      entered.push(payer);
    }
    expect(refused, "the disk fills").to.equal(REFUSALS.unavailable);
    expect(entered.length).to.be.greaterThan(3);
    // What was acknowledged is there, to the last unit.
    for (const { lane } of entered) {
      const record = await store.readLane({ ledger: LEDGER, lane, generation: 1 });
      expect(record?.voucher?.cumulative).to.equal(10n);
    }
    await store.close();
    folder.remove();
  });

  it("serves k units while the store is away, says so to vouchers, and serves on when it is back", async () => {
    let away = false;
    const stand = await openStand();
    const guarded: Store = {
      ...stand.store,
      acceptVouchers: (batch, now) =>
        away ? Promise.reject(new Error("the store is away")) : stand.store.acceptVouchers(batch, now),
    };
    const booth = stand.another({ store: guarded });
    const payer = createPayer({ ledger: LEDGER, lane: 3, price: PRICE });
    openLane(stand, payer);
    await enter(stand, payer, booth);
    away = true;
    const answers: number[] = [];
    for (let i = 1; i <= 10; i++) answers.push(ask(booth, tickBytes(payer, i), `q${i}.example`));
    expect(answers).to.deep.equal([
      ...new Array(8).fill(TICK_PAID),
      REFUSALS.voucherDue,
      REFUSALS.voucherDue,
    ]);
    expect(await booth.pay(voucherBytes(payer, NOON, 80n))).to.deep.equal({
      ok: false,
      refusal: REFUSALS.unavailable,
    });
    expect(ask(booth, tickBytes(payer, 9), "q9.example")).to.equal(REFUSALS.voucherDue);
    away = false;
    expect((await booth.pay(voucherBytes(payer, NOON, 80n))).ok).to.equal(true);
    expect(ask(booth, tickBytes(payer, 9), "q9.example")).to.equal(TICK_PAID);
    await stand.close();
  });

  for (const landed of [false, true]) {
    it(`keeps every acknowledged voucher when it ends at any call to the store, ${landed ? "after" : "before"} the call landed`, async () => {
      const stand = await openStand();
      let crashes = 0;
      for (let at = 1; at <= 16; at++) {
        const payer = createPayer({ ledger: LEDGER, lane: at, price: PRICE, units: 64 });
        openLane(stand, payer);
        const dying = endingAt(stand.store, at, landed);
        const known = await live(stand.another({ store: dying.store }), payer, stand);
        if (dying.ended()) crashes++;
        stand.clock.now += 10;
        payer.chain = newChain(64);
        const answer = await stand
          .another()
          .pay(openBytes(payer, stand.clock.now, { cumulative: known.owed }));
        if (!answer.ok) throw new Error(`ended at call ${at}: refused with ${answer.refusal}`);
        const { acknowledged, consumed } = decodeAcknowledgement(answer.acknowledgement);
        expect(acknowledged >= known.acknowledged, `voucher lost at call ${at}`).to.equal(true);
        expect(known.owed - consumed <= 8n * PRICE, `more than k units lost at call ${at}`).to.equal(true);
      }
      expect(crashes, "calls it ended at").to.be.greaterThan(8);
      await stand.close();
    });
  }

  it("opens no session and acknowledges nothing on a store that is closed", async () => {
    const stand = await openStand();
    const payer = createPayer({ ledger: LEDGER, lane: 3, price: PRICE });
    openLane(stand, payer);
    await stand.store.close();
    expect(await stand.booth.pay(openBytes(payer, NOON))).to.deep.equal({
      ok: false,
      refusal: REFUSALS.unavailable,
    });
    expect(stand.booth.table.byLane.size).to.equal(0);
  });
});

/** A store that fails for good from its `at`-th call on, which itself lands or not: what a killed process leaves behind. */
function endingAt(store: Store, at: number, landed: boolean): { store: Store; ended(): boolean } {
  let calls = 0;
  const guard = <A extends unknown[], R>(run: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      calls++;
      if (calls === at && landed) await run(...args);
      if (calls >= at) throw new Error("the process has ended");
      return run(...args);
    };
  };
  const guarded: Store = {
    ...store,
    takeLane: guard(store.takeLane),
    acceptVouchers: guard(store.acceptVouchers),
    recordConsumed: guard(store.recordConsumed),
    readValue: guard(store.readValue),
    writeValue: guard(store.writeValue),
  };
  return { store: guarded, ended: () => calls >= at };
}

/** Opens, queries and pays over two sessions, as far as it gets. Amounts micro-IU. */
async function live(
  booth: Booth,
  payer: Payer,
  stand: Stand,
): Promise<{ acknowledged: bigint; owed: bigint }> {
  let acknowledged = 0n;
  let owed = 0n;
  const pay = async (bytes: Uint8Array) => {
    const answer = await booth.pay(bytes);
    if (!answer.ok) return false;
    const told = decodeAcknowledgement(answer.acknowledgement);
    payer.session = told.session;
    if (told.acknowledged > acknowledged) acknowledged = told.acknowledged;
    return true;
  };
  for (let session = 0; session < 2; session++) {
    stand.clock.now += 1;
    payer.chain = newChain(64);
    payer.next = 1;
    if (!(await pay(openBytes(payer, stand.clock.now, { cumulative: owed })))) break;
    for (let voucher = 0; voucher < 3; voucher++) {
      for (let i = 0; i < 4; i++) {
        const paid = ask(booth, tickBytes(payer), `q${owed}.example`) === TICK_PAID;
        if (paid) owed += PRICE;
      }
      if (!(await pay(voucherBytes(payer, stand.clock.now, owed)))) break;
    }
  }
  await booth.close();
  return { acknowledged, owed };
}
