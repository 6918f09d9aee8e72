import { createCache, createVirtualClock, questionFor, TYPE } from "@tolldns/dns";
import { expect } from "chai";
import { a, answerTo, queryFor, soa } from "../../dns/support/messages.ts";

const out = new Uint8Array(70_000);

function keep(ttl: number, start = 0) {
  const clock = createVirtualClock(start);
  const cache = createCache({ bytes: 500_000, clock });
  const question = questionFor("a.example", TYPE.A);
  cache.store(cache.admit(question, answerTo(question, { answers: [a("a.example", "192.0.2.1", ttl)] })));
  const ttlNow = () => {
    const query = queryFor("a.example", TYPE.A);
    const length = cache.answer(query, out, 0);
    return length === 0 ? -1 : new DataView(out.buffer).getUint32(query.questionEnd + 6);
  };
  return { clock, cache, ttlNow };
}

describe("time and the cache", () => {
  it("lets an answer live to the last second of its TTL and not beyond", () => {
    const { clock, ttlNow } = keep(1);
    expect(ttlNow()).to.equal(1);
    clock.advance(999);
    expect(ttlNow()).to.equal(1);
    clock.advance(1);
    expect(ttlNow()).to.equal(-1);
  });

  it("never shows a TTL above the one stored, whatever the clock's origin", () => {
    for (const start of [0, 1, 999.5, 1e9, 2 ** 33]) {
      const { clock, ttlNow } = keep(100, start);
      for (let i = 0; i <= 99; i++) {
        expect(ttlNow()).to.equal(100 - i);
        clock.advance(1000);
      }
      expect(ttlNow()).to.equal(-1);
    }
  });

  it("lets everything go when the machine slept for years", () => {
    const { cache, clock, ttlNow } = keep(86_400);
    clock.advance(10 * 365 * 86_400_000);
    expect(ttlNow()).to.equal(-1);
    expect(cache.answerStale(queryFor("a.example", TYPE.A), out, 0)).to.equal(0);
  });

  it("does not look at the wall clock: a step of it changes nothing", () => {
    const { ttlNow } = keep(100);
    const wall = Date.now;
    try {
      Date.now = () => wall() + 10 * 365 * 86_400_000;
      expect(ttlNow()).to.equal(100);
      Date.now = () => 0;
      expect(ttlNow()).to.equal(100);
    } finally {
      Date.now = wall;
    }
  });

  it("takes a saved cache from the future, the past or nowhere for what is safe", () => {
    const { cache } = keep(100);
    const saved = cache.save();
    const into = () => createCache({ bytes: 500_000, clock: createVirtualClock() });
    expect(into().load(saved, -1e9)).to.equal(1);
    expect(into().load(saved, 99)).to.equal(1);
    expect(into().load(saved, 100)).to.equal(0);
    expect(into().load(saved, Number.POSITIVE_INFINITY)).to.equal(0);
    expect(into().load(saved, Number.NaN)).to.equal(0);
  });

  it("lets no SOA keep a negative answer for longer than three hours", () => {
    const clock = createVirtualClock();
    const cache = createCache({ bytes: 500_000, clock });
    const question = questionFor("no.example", TYPE.A);
    cache.store(
      cache.admit(question, answerTo(question, { authorities: [soa("example", 0xffffffff, 0x7fffffff)] }, 3)),
    );
    clock.advance(10_799_000);
    expect(cache.answer(queryFor("no.example", TYPE.A), out, 0)).to.be.above(0);
    clock.advance(1000);
    expect(cache.answer(queryFor("no.example", TYPE.A), out, 0)).to.equal(0);
  });
});
