import { join } from "node:path";
import { openSqliteStore, type Store } from "@tolldns/store";
import { expect } from "chai";
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
  temporaryFolder,
} from "../../gateway/support/booths.ts";
import { createPayer, openBytes, type Payer, tickBytes, voucherBytes } from "../../gateway/support/payer.ts";

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
