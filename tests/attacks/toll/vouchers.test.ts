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
  type Stand,
} from "../../gateway/support/booths.ts";
import { createPayer, type Payer, tickBytes, voucherBytes } from "../../gateway/support/payer.ts";

/** Order of the Ed25519 group, little endian: adding it to `s` must not make another good signature. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

describe("attacks on vouchers", () => {
  let stand: Stand;
  let payer: Payer;

  beforeEach(async () => {
    stand = await openStand();
    payer = createPayer({ ledger: LEDGER, lane: 3, price: PRICE });
    openLane(stand, payer);
    await enter(stand, payer);
    for (let i = 0; i < 4; i++) ask(stand.booth, tickBytes(payer));
    await stand.booth.pay(voucherBytes(payer, NOON, 40n));
  });

  afterEach(async () => {
    const record = await stand.store.readLane({ ledger: LEDGER, lane: 3, generation: 1 });
    expect(record?.voucher?.cumulative, "what is kept").to.equal(40n);
    await stand.close();
  });

  async function refusalOf(bytes: Uint8Array): Promise<number> {
    const answer = await stand.booth.pay(bytes);
    return answer.ok ? 0 : answer.refusal;
  }

  const flips: readonly [string, number, number][] = [
    ["type", 0, REFUSALS.malformed],
    ["the session's slot", 2, REFUSALS.sessionUnknown],
    ["the session's nonce", 5, REFUSALS.sessionUnknown],
    ["expiry_day", 9, REFUSALS.voucherSignature],
    ["cumulative", 11, REFUSALS.voucherSignature],
    ["R", 19, REFUSALS.voucherSignature],
    ["s", 51, REFUSALS.voucherSignature],
  ];
  for (const [field, at, expected] of flips) {
    it(`refuses a flipped bit in ${field}`, async () => {
      const bytes = voucherBytes(payer, NOON, 50n);
      bytes[at] = (bytes[at] as number) ^ 1;
      expect(await refusalOf(bytes)).to.equal(expected);
    });
  }

  it("refuses s + L in place of s", async () => {
    const bytes = voucherBytes(payer, NOON, 50n);
    let s = 0n;
    for (let i = 31; i >= 0; i--) s = (s << 8n) | BigInt(bytes[51 + i] as number);
    s += L;
    for (let i = 0; i < 32; i++, s >>= 8n) bytes[51 + i] = Number(s & 0xffn);
    expect(await refusalOf(bytes)).to.equal(REFUSALS.voucherSignature);
  });

  it("refuses an older voucher after a newer one, and says what it holds", async () => {
    expect(await stand.booth.pay(voucherBytes(payer, NOON, 39n))).to.deep.equal({
      ok: false,
      refusal: REFUSALS.voucherStale,
      known: { acknowledged: 40n, consumed: 40n },
    });
  });

  it("refuses one micro-unit above the reserve", async () => {
    expect(await refusalOf(voucherBytes(payer, NOON, 1_000_001n))).to.equal(REFUSALS.laneExhausted);
  });

  it("refuses amounts beyond 2^56 - 1", async () => {
    const bytes = voucherBytes(payer, NOON, 50n);
    bytes[18] = 1;
    expect(await refusalOf(bytes)).to.equal(REFUSALS.malformed);
  });

  it("refuses expiry days outside the published range", async () => {
    for (const days of [-1, 0, 1, 31])
      expect(await refusalOf(voucherBytes(payer, NOON, 50n, days))).to.equal(REFUSALS.voucherExpiry);
  });

  it("refuses a voucher of the same key for another lane, generation or ledger", async () => {
    for (const change of [{ lane: 4 }, { generation: 2 }, { ledger: new Uint8Array(32).fill(1) }]) {
      const bytes = voucherBytes({ ...payer, ...change }, NOON, 50n);
      expect(await refusalOf(bytes)).to.equal(REFUSALS.voucherSignature);
    }
  });

  it("refuses a voucher of the lane's old generation", async () => {
    openLane(stand, payer, { generation: 2 });
    stand.booth.lanesChanged([3]);
    expect(await refusalOf(voucherBytes(payer, NOON, 50n))).to.equal(REFUSALS.laneUnknown);
  });

  it("refuses a voucher at a closing lane's deadline", async () => {
    openLane(stand, payer, { state: "closing", deadline: NOON + 10 });
    stand.booth.lanesChanged([3]);
    stand.clock.now = NOON + 10;
    expect(await refusalOf(voucherBytes(payer, NOON, 50n))).to.equal(REFUSALS.laneClosing);
  });

  it("serves nothing while the payer's close is pending, from the moment the chain says so", async () => {
    openLane(stand, payer, { state: "closing", deadline: NOON + 86_400 });
    expect(ask(stand.booth, tickBytes(payer, 5))).to.equal(TICK_PAID);
    stand.booth.lanesChanged([3]);
    expect(ask(stand.booth, tickBytes(payer, 6))).to.equal(REFUSALS.laneClosing);
    openLane(stand, payer, { state: "revoked", deadline: NOON + 86_400 });
    stand.booth.lanesChanged([3]);
    expect(ask(stand.booth, tickBytes(payer, 6))).to.equal(REFUSALS.laneClosing);
  });
});

describe("concurrent vouchers", () => {
  it("keeps the highest of two concurrent requests incrementing the same cumulative counter, and counts it once", async () => {
    const stand = await openStand();
    const payer = createPayer({ ledger: LEDGER, lane: 3, price: PRICE });
    openLane(stand, payer);
    await enter(stand, payer);
    for (let i = 0; i < 8; i++) ask(stand.booth, tickBytes(payer));
    const amounts = [30n, 80n, 50n, 80n, 10n, 70n];
    await Promise.all(amounts.map((amount) => stand.booth.pay(voucherBytes(payer, NOON, amount))));
    const record = await stand.store.readLane({ ledger: LEDGER, lane: 3, generation: 1 });
    expect(record?.voucher?.cumulative).to.equal(80n);
    expect(stand.booth.table.byLane.get(3)?.acknowledged).to.equal(80n);
    expect(stand.booth.counters.promised).to.equal(80n);
    await stand.close();
  });

  it("sells one query when two arrive with one tick", async () => {
    const stand = await openStand();
    const payer = createPayer({ ledger: LEDGER, lane: 3, price: PRICE });
    openLane(stand, payer);
    await enter(stand, payer);
    const tick = tickBytes(payer);
    const answers = ["a.example", "b.example"].map((name) => ask(stand.booth, tick, name));
    expect(answers).to.deep.equal([TICK_PAID, REFUSALS.tickReplayed]);
    await stand.close();
  });

  it("still takes what is owed while a close is pending", async () => {
    const stand = await openStand();
    const payer = createPayer({ ledger: LEDGER, lane: 3, price: PRICE });
    openLane(stand, payer);
    await enter(stand, payer);
    ask(stand.booth, tickBytes(payer));
    openLane(stand, payer, { state: "closing", deadline: NOON + 100 });
    stand.booth.lanesChanged([3]);
    const answer = await stand.booth.pay(voucherBytes(payer, NOON, 10n));
    expect(answer.ok).to.equal(true);
    await stand.close();
  });
});
