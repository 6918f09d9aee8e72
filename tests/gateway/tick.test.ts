import { randomInt } from "node:crypto";
import { revealTick } from "@tolldns/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { fingerprint } from "../../clients/gateway/src/toll/fingerprint.ts";
import { REFUSALS } from "../../clients/gateway/src/toll/refusal.ts";
import {
  applyVoucher,
  consumedOf,
  createSession,
  type Session,
} from "../../clients/gateway/src/toll/session.ts";
import { MAX_AHEAD, spendTick, TICK_AGAIN, TICK_PAID } from "../../clients/gateway/src/toll/tick.ts";
import { newChain } from "./support/payer.ts";

const K = 8;
const T = 60;
const UNITS = 600;
const CHAIN = newChain(UNITS);
const START = 1_000_000;
const PRICE = 10n;

function session(changes: { acknowledged?: bigint; reserve?: bigint } = {}): Session {
  return createSession({
    slot: 0,
    nonce: 0,
    lane: 0,
    generation: 1,
    units: UNITS,
    price: PRICE,
    base: 1000n,
    openedAt: START,
    startedAt: START,
    expiresAt: START + 86_400,
    fence: 1n,
    sessionKey: new Uint8Array(32),
    verify: () => true,
    anchor: CHAIN.anchor,
    acknowledged: changes.acknowledged ?? 1000n,
    reserve: changes.reserve ?? 1_000_000n,
    k: K,
    burst: 1,
  });
}

/** Spends index `index` on question number `asked`. */
function spend(s: Session, index: number, asked = index, cost = 1, now = START + 1): number {
  fingerprint.low = asked;
  fingerprint.high = ~asked;
  const tick = index >= 1 && index <= UNITS ? revealTick(CHAIN, index) : new Uint8Array(32);
  return spendTick(s, { k: K, t: T }, index, tick, 0, cost, now);
}

describe("tick", () => {
  it("buys one query a tick, in order", () => {
    const s = session();
    for (let i = 1; i <= K; i++) expect(spend(s, i)).to.equal(TICK_PAID);
    expect(consumedOf(s)).to.equal(1000n + BigInt(K) * PRICE);
  });

  it("buys with ticks that come out of order", () => {
    const s = session();
    for (const i of [5, 2, 1, 4, 3]) expect(spend(s, i)).to.equal(TICK_PAID);
    expect(s.top).to.equal(5);
  });

  it("answers the same question on the same tick again without a charge", () => {
    const s = session();
    expect(spend(s, 3)).to.equal(TICK_PAID);
    expect(spend(s, 3)).to.equal(TICK_AGAIN);
    expect(s.top).to.equal(3);
  });

  it("takes the same question after 30 s for a replay", () => {
    const s = session();
    expect(spend(s, 1, 1, 1, START)).to.equal(TICK_PAID);
    expect(spend(s, 1, 1, 1, START + 30)).to.equal(TICK_AGAIN);
    expect(spend(s, 1, 1, 1, START + 30.001)).to.equal(REFUSALS.tickReplayed);
  });

  it("refuses another question on a spent tick", () => {
    const s = session();
    spend(s, 1, 1);
    expect(spend(s, 1, 2)).to.equal(REFUSALS.tickReplayed);
  });

  it("refuses a tick 64 behind the highest, and takes one 63 behind", () => {
    const s = session({ acknowledged: 10_000n });
    expect(spend(s, 100)).to.equal(TICK_PAID);
    expect(spend(s, 36)).to.equal(REFUSALS.tickReplayed);
    expect(spend(s, 37)).to.equal(TICK_PAID);
  });

  it("refuses a tick of another chain, ahead and behind", () => {
    const s = session();
    const wrong = new Uint8Array(32).fill(7);
    expect(spendTick(s, { k: K, t: T }, 2, wrong, 0, 1, START)).to.equal(REFUSALS.tickWrong);
    expect(s.top).to.equal(0);
    spend(s, 4);
    expect(spendTick(s, { k: K, t: T }, 2, wrong, 0, 1, START)).to.equal(REFUSALS.tickWrong);
    expect(spend(s, 2)).to.equal(TICK_PAID);
  });

  it("refuses the anchor as a tick", () => {
    expect(spendTick(session(), { k: K, t: T }, 0, CHAIN.anchor, 0, 1, START)).to.equal(REFUSALS.tickWrong);
  });

  it("refuses an index beyond the announced units", () => {
    expect(spend(session(), UNITS + 1)).to.equal(REFUSALS.chainExhausted);
  });

  it(`hashes at most ${MAX_AHEAD} steps ahead`, () => {
    const s = session({ acknowledged: 1_000_000n });
    expect(spend(s, MAX_AHEAD + 1)).to.equal(REFUSALS.tickWrong);
    expect(spend(s, MAX_AHEAD)).to.equal(TICK_PAID);
  });

  it("lends k units and asks for a voucher at k + 1", () => {
    const s = session();
    expect(spend(s, K)).to.equal(TICK_PAID);
    expect(spend(s, K + 1)).to.equal(REFUSALS.voucherDue);
    applyVoucher(s, 1000n + PRICE);
    expect(spend(s, K + 1)).to.equal(TICK_PAID);
    expect(spend(s, K + 2)).to.equal(REFUSALS.voucherDue);
  });

  it("lends for t seconds, counted from the oldest unpaid unit", () => {
    const s = session();
    expect(spend(s, 1, 1, 1, START)).to.equal(TICK_PAID);
    expect(spend(s, 2, 2, 1, START + 50)).to.equal(TICK_PAID);
    expect(spend(s, 3, 3, 1, START + T)).to.equal(TICK_PAID);
    expect(spend(s, 4, 4, 1, START + T + 0.001)).to.equal(REFUSALS.voucherDue);
    applyVoucher(s, 1000n + PRICE);
    expect(spend(s, 4, 4, 1, START + T + 1)).to.equal(TICK_PAID);
    expect(spend(s, 5, 5, 1, START + 50 + T + 0.001)).to.equal(REFUSALS.voucherDue);
  });

  it("answers a retransmission though a voucher is due", () => {
    const s = session();
    spend(s, K);
    expect(spend(s, K + 1)).to.equal(REFUSALS.voucherDue);
    expect(spend(s, K)).to.equal(TICK_AGAIN);
  });

  it("stops where the reserve on chain ends, though a voucher would be due as well", () => {
    const s = session({ reserve: 1000n + 3n * PRICE + 9n });
    expect(spend(s, 3)).to.equal(TICK_PAID);
    expect(spend(s, 4)).to.equal(REFUSALS.laneExhausted);
  });

  it("spends every unit of a dearer query", () => {
    const s = session();
    expect(spend(s, 3, 3, 3)).to.equal(TICK_PAID);
    expect(spend(s, 2, 9)).to.equal(REFUSALS.tickReplayed);
    expect(spend(s, 1, 9)).to.equal(REFUSALS.tickReplayed);
  });

  it("refuses a dearer query whose units are partly spent", () => {
    const s = session();
    spend(s, 1);
    expect(spend(s, 3, 3, 3)).to.equal(REFUSALS.tickReplayed);
    expect(spend(s, 4, 4, 3)).to.equal(TICK_PAID);
  });

  it("refuses a dearer query before there are as many units", () => {
    expect(spend(session(), 2, 2, 3)).to.equal(REFUSALS.tickReplayed);
  });

  it("ends with its session", () => {
    expect(spend(session(), 1, 1, 1, START + 86_400)).to.equal(REFUSALS.sessionExpired);
  });

  it("survives a clock that goes back", () => {
    const s = session();
    expect(spend(s, 1, 1, 1, START + 10)).to.equal(TICK_PAID);
    expect(spend(s, 2, 2, 1, START - 1000)).to.equal(TICK_PAID);
    expect(spend(s, 1, 1, 1, START - 1000)).to.equal(TICK_AGAIN);
  });

  const seed = randomInt(2 ** 31);

  it(`keeps its promises under any sequence (seed ${seed})`, () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("tick" as const),
        offset: fc.integer({ min: -70, max: 12 }),
        asked: fc.integer({ min: 0, max: 3 }),
        cost: fc.constantFrom(1, 1, 1, 2, 5),
        wrong: fc.boolean(),
      }),
      fc.record({ kind: fc.constant("voucher" as const), amount: fc.integer({ min: 0, max: 100 }) }),
      fc.record({ kind: fc.constant("wait" as const), seconds: fc.integer({ min: 0, max: 40 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const s = session();
        let now = START;
        let sold = 0;
        /** What each unit was spent on. */
        const owner = new Map<number, string>();
        for (const one of steps) {
          const { top, acknowledged } = s;
          if (one.kind === "wait") now += one.seconds;
          else if (one.kind === "voucher") applyVoucher(s, s.acknowledged + BigInt(one.amount - 20));
          else {
            const index = Math.max(0, Math.min(UNITS + 1, s.top + one.offset));
            const tick = one.wrong && index > 0 ? new Uint8Array(32).fill(9) : undefined;
            fingerprint.low = one.asked;
            fingerprint.high = 1;
            const bytes =
              tick ?? (index >= 1 && index <= UNITS ? revealTick(CHAIN, index) : new Uint8Array(32));
            const result = spendTick(s, { k: K, t: T }, index, bytes, 0, one.cost, now);
            if (tick !== undefined) expect(result).to.be.greaterThan(0);
            if (result === TICK_PAID) {
              sold += one.cost;
              for (let i = index - one.cost + 1; i <= index; i++) {
                expect(i).to.be.greaterThan(0);
                expect(owner.has(i), `unit ${i} sold twice`).to.equal(false);
                owner.set(i, i === index ? `q${one.asked}` : "part");
              }
            } else {
              expect(s.top).to.equal(top);
              if (result === TICK_AGAIN) expect(owner.get(index)).to.equal(`q${one.asked}`);
            }
            if (s.top > top) expect(s.top - s.paid).to.be.at.most(K);
          }
          expect(s.top).to.be.at.least(top);
          expect(s.acknowledged >= acknowledged).to.equal(true);
          expect(sold).to.be.at.most(s.top);
        }
      }),
      { seed, numRuns: 2000 },
    );
  });
});
