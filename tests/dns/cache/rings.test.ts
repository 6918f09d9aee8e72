import { createCache, createVirtualClock, questionFor, TYPE } from "@tolldns/dns";
import { expect } from "chai";
import fc from "fast-check";
import { a, answerTo, queryFor } from "../support/messages.ts";

/** The cache against a plain model: whatever it says it has is what was stored last. */
describe("the cache's rings, against a map", () => {
  it("never answer with another question's or an older answer, through evictions and removals", () => {
    const step = fc.record({
      name: fc.nat(400),
      size: fc.constantFrom(1, 1, 1, 5, 40, 150),
      act: fc.constantFrom("keep", "keep", "ask", "ask", "remove"),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 300, maxLength: 1500 }), (steps) => {
        const cache = createCache({ bytes: 90_000, clock: createVirtualClock() });
        const model = new Map<string, number>();
        const out = new Uint8Array(66_000);
        let version = 0;
        for (const { name: n, size, act } of steps) {
          const name = `n${n}.example`;
          const question = questionFor(name, TYPE.A);
          if (act === "keep") {
            version = (version + 1) % 60_000;
            const answers = Array.from({ length: size }, (_, i) =>
              a(name, `10.${i}.${version >> 8}.${version & 255}`),
            );
            model.set(name, version);
            if (!cache.store(cache.admit(question, answerTo(question, { answers })))) model.delete(name);
          } else if (act === "remove") {
            cache.remove(question);
            model.delete(name);
          } else {
            const query = queryFor(name, TYPE.A, { transport: "tcp" });
            const length = cache.answer(query, out, 0);
            if (length === 0) continue;
            const first = query.questionEnd + 12;
            expect(model.get(name), name).to.equal(
              ((out[first + 2] as number) << 8) | (out[first + 3] as number),
            );
          }
        }
        expect(cache.stats().bytes).to.be.at.most(100_000);
      }),
      { numRuns: 25, verbose: 1 },
    );
  });
});
