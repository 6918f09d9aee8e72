import { createCache, createResolver, createVirtualClock, questionFor, TYPE } from "@tolldns/dns";
import { expect } from "chai";
import { a, answerTo, queryFor } from "../../dns/support/messages.ts";

describe("memory under floods", () => {
  it("of random subdomains stays what was given to the cache", () => {
    const cache = createCache({ bytes: 4_000_000, clock: createVirtualClock() });
    const keep = (i: number) => {
      const name = `r${i.toString(36)}x${(i * 7919).toString(36)}.victim.example`;
      const question = questionFor(name, TYPE.A);
      cache.store(cache.admit(question, answerTo(question, { answers: [a(name)] })));
    };
    for (let i = 0; i < 20_000; i++) keep(i);
    const before = process.memoryUsage();
    for (let i = 20_000; i < 80_000; i++) keep(i);
    const after = process.memoryUsage();
    expect(cache.stats().bytes).to.be.at.most(4_100_000);
    expect(after.arrayBuffers - before.arrayBuffers).to.be.below(30e6);
    expect(after.rss - before.rss).to.be.below(80e6);
  });

  it("of questions nobody answers is bounded, and over when they end", async () => {
    const clock = createVirtualClock();
    let end: (() => void)[] = [];
    const resolver = createResolver({
      cache: createCache({ bytes: 1_000_000, clock }),
      clock,
      maxFlights: 1000,
      maxWaiting: 3000,
      ask: () => new Promise((_resolve, reject) => end.push(() => reject(new Error("gone")))),
    });
    const out = new Uint8Array(70_000);
    const answers: Promise<Uint8Array>[] = [];
    let refused = 0;
    for (let i = 0; i < 10_000; i++) {
      const answer = resolver.answer(queryFor(`n${i % 2000}.example`, TYPE.A), out, 0);
      if (typeof answer === "number") refused++;
      else answers.push(answer);
    }
    expect(resolver.stats()).to.deep.include({ flights: 1000, waiting: 3000 });
    expect(refused).to.equal(7000);
    for (const one of end) one();
    end = [];
    await Promise.all(answers);
    expect(resolver.stats()).to.deep.include({ flights: 0, waiting: 0 });
    resolver.close();
  });

  it("of names that share a hash slot costs bounded look-ups", () => {
    // Probes are bounded, so even names chosen to collide can't make one look-up walk far; here the index is simply full.
    const cache = createCache({ bytes: 70_000, clock: createVirtualClock() });
    const out = new Uint8Array(4096);
    for (let i = 0; i < 5000; i++) {
      const question = questionFor(`${i}`, TYPE.A);
      cache.store(cache.admit(question, answerTo(question, { answers: [a(`${i}`)] })));
    }
    const started = performance.now();
    const query = queryFor("4999", TYPE.A);
    for (let i = 0; i < 100_000; i++) cache.answer(query, out, 0);
    expect(performance.now() - started).to.be.below(3000);
    expect(cache.stats().entries).to.be.above(100);
  });
});
