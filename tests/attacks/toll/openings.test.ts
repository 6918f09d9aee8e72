import { encodeOpen, openSigningBytes, signOpen } from "@tolldns/sdk";
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
import {
  createPayer,
  newChain,
  openBytes,
  openTerms,
  type Payer,
  tickBytes,
} from "../../gateway/support/payer.ts";

describe("attacks on session openings", () => {
  let stand: Stand;
  let payer: Payer;

  beforeEach(async () => {
    stand = await openStand();
    payer = createPayer({ ledger: LEDGER, lane: 3, price: PRICE });
    openLane(stand, payer);
  });

  afterEach(async () => {
    expect(stand.booth.counters.promised).to.equal(0n);
    await stand.close();
  });

  async function refusalOf(bytes: Uint8Array, booth = stand.booth): Promise<number> {
    const answer = await booth.pay(bytes);
    return answer.ok ? 0 : answer.refusal;
  }

  const flips: readonly [string, number, number][] = [
    ["type", 0, REFUSALS.malformed],
    ["ledger", 1, REFUSALS.voucherForeign],
    ["lane", 33, REFUSALS.laneUnknown],
    ["generation", 35, REFUSALS.laneUnknown],
    ["opened_at", 37, REFUSALS.voucherSignature],
    ["anchor", 45, REFUSALS.voucherSignature],
    ["units", 77, REFUSALS.voucherSignature],
    ["tick_price", 81, REFUSALS.priceWrong],
    ["expiry_day", 89, REFUSALS.voucherSignature],
    ["cumulative", 91, REFUSALS.voucherSignature],
    ["voucher signature", 99, REFUSALS.voucherSignature],
    ["signature", 163, REFUSALS.voucherSignature],
  ];
  for (const [field, at, expected] of flips) {
    it(`refuses a flipped bit in ${field}`, async () => {
      const bytes = openBytes(payer, NOON);
      bytes[at] = (bytes[at] as number) ^ 1;
      expect(await refusalOf(bytes)).to.equal(expected);
    });
  }

  it("refuses every other length", async () => {
    const bytes = openBytes(payer, NOON);
    for (const length of [0, 1, 45, 226])
      expect(await refusalOf(bytes.subarray(0, length))).to.equal(REFUSALS.malformed);
    expect(await refusalOf(Buffer.concat([bytes, Buffer.alloc(1)]))).to.equal(REFUSALS.malformed);
  });

  it("refuses a stranger's signatures", async () => {
    const stranger = createPayer({ ledger: LEDGER, lane: 3, price: PRICE, seed: 99 });
    expect(await refusalOf(openBytes(stranger, NOON))).to.equal(REFUSALS.voucherSignature);
  });

  it("refuses a voucher of another signer inside an opening that is signed well", async () => {
    const stranger = createPayer({ ledger: LEDGER, lane: 3, price: PRICE, seed: 99 });
    const { voucherSignature } = signOpen(openTerms(payer, NOON), stranger.signer);
    const head = { ...openTerms(payer, NOON), voucherSignature };
    const signature = payer.signer.sign(openSigningBytes(head));
    expect(await refusalOf(encodeOpen({ ...head, signature }))).to.equal(REFUSALS.voucherSignature);
  });

  it("refuses the key that was rotated away", async () => {
    openLane(stand, payer, { sessionKey: new Uint8Array(32).fill(4) });
    expect(await refusalOf(openBytes(payer, NOON))).to.equal(REFUSALS.voucherSignature);
  });

  it("refuses an opening for another ledger, so of another gateway or cluster", async () => {
    const ledger = new Uint8Array(32).fill(1);
    expect(await refusalOf(openBytes(payer, NOON, { ledger }))).to.equal(REFUSALS.voucherForeign);
  });

  it("refuses a lane that is free, unknown, or of another generation", async () => {
    expect(await refusalOf(openBytes(payer, NOON, { lane: 65_535 }))).to.equal(REFUSALS.laneUnknown);
    expect(await refusalOf(openBytes(payer, NOON, { generation: 2 }))).to.equal(REFUSALS.laneUnknown);
    openLane(stand, payer, { state: "free" });
    expect(await refusalOf(openBytes(payer, NOON))).to.equal(REFUSALS.laneUnknown);
  });

  for (const state of ["revoked", "closing"] as const) {
    it(`refuses a lane that is ${state}, even before its deadline`, async () => {
      openLane(stand, payer, { state, deadline: NOON + 86_400 });
      expect(await refusalOf(openBytes(payer, NOON))).to.equal(REFUSALS.laneClosing);
    });
  }

  it("holds the clock to 300 s, either way", async () => {
    const at = (seconds: number) => openBytes(payer, NOON, { openedAt: BigInt(NOON + seconds) });
    expect(await refusalOf(at(301))).to.equal(REFUSALS.sessionClock);
    expect(await refusalOf(at(-301))).to.equal(REFUSALS.sessionClock);
    expect(await refusalOf(at(-300))).to.equal(0);
    expect(await refusalOf(at(300))).to.equal(0);
    expect(await refusalOf(openBytes(payer, NOON, { openedAt: (1n << 64n) - 1n }))).to.equal(
      REFUSALS.sessionClock,
    );
  });

  it("refuses expiry days before and after the published range", async () => {
    const today = Math.floor(NOON / 86_400);
    for (const day of [0, today - 1, today, today + 1, today + 31, 65_535])
      expect(await refusalOf(openBytes(payer, NOON, { expiryDay: day }))).to.equal(REFUSALS.voucherExpiry);
  });

  it("refuses more than the reserve, by one micro-unit", async () => {
    expect(await refusalOf(openBytes(payer, NOON, { cumulative: 1_000_001n }))).to.equal(
      REFUSALS.laneExhausted,
    );
  });

  it("refuses another price", async () => {
    for (const tickPrice of [0n, PRICE - 1n, PRICE + 1n])
      expect(await refusalOf(openBytes(payer, NOON, { tickPrice }))).to.equal(REFUSALS.priceWrong);
  });

  it("refuses a chain of no unit or of more than it takes", async () => {
    for (const units of [0, 65_537, 2 ** 32 - 1])
      expect(await refusalOf(openBytes(payer, NOON, { units }))).to.equal(REFUSALS.malformed);
  });

  it("refuses an opening played again once a later one was seen", async () => {
    const recorded = openBytes(payer, NOON);
    await enter(stand, payer);
    stand.clock.now += 1;
    payer.chain = newChain(64);
    await enter(stand, payer);
    expect(await refusalOf(recorded)).to.equal(REFUSALS.sessionClock);
    expect(ask(stand.booth, tickBytes(payer))).to.equal(TICK_PAID);
  });

  it("refuses an opening played again after a restart, and to another process", async () => {
    const recorded = openBytes(payer, NOON);
    await enter(stand, payer);
    expect(await refusalOf(recorded, stand.another())).to.equal(REFUSALS.sessionClock);
    expect(ask(stand.booth, tickBytes(payer))).to.equal(TICK_PAID);
  });

  it("leaves a session alone when somebody fails to open another on its lane", async () => {
    await enter(stand, payer);
    const stranger = createPayer({ ledger: LEDGER, lane: 3, price: PRICE, seed: 99 });
    await refusalOf(openBytes(stranger, NOON + 1));
    expect(ask(stand.booth, tickBytes(payer))).to.equal(TICK_PAID);
  });

  it("lets one of many openings that race win, and the others fail", async () => {
    const anchors = Array.from({ length: 4 }, () => newChain(16));
    const answers = await Promise.all(
      anchors.map((chain, i) => {
        payer.chain = chain;
        return stand.booth.pay(openBytes(payer, NOON, { openedAt: BigInt(NOON + i) }));
      }),
    );
    expect(answers.filter((answer) => answer.ok).length).to.be.greaterThan(0);
    expect(stand.booth.table.byLane.size).to.equal(1);
    expect(stand.booth.table.slots.filter((slot) => slot !== null)).to.have.length(1);
  });
});
