import { createHash } from "node:crypto";
import { createTickChain, hashTick, isTickOf, MAX_UNITS, revealTick } from "@tolldns/sdk";
import { hashTickNode } from "@tolldns/sdk/node";
import { expect } from "chai";
import fc from "fast-check";
import { codeOf } from "./support/errors.ts";

const seed = new Uint8Array(32).fill(1);
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

describe("tick chain", () => {
  it("hashes the same in every variant", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (tick) => {
        expect(hashTick(tick)).to.deep.equal(sha256(tick));
        expect(new Uint8Array(hashTickNode(tick))).to.deep.equal(sha256(tick));
      }),
      { numRuns: 2_000 },
    );
    for (const edge of [0x00, 0x80, 0xff]) {
      const tick = new Uint8Array(32).fill(edge);
      expect(hashTick(tick)).to.deep.equal(sha256(tick));
    }
    expect(codeOf(() => hashTick(new Uint8Array(31)))).to.equal("bytes-length");
  });

  for (const units of [1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 100, 257])
    it(`reveals each of ${units} ticks, in order and at random`, () => {
      const expected = [seed];
      while (expected.length <= units) expected.unshift(sha256(expected[0] as Uint8Array));
      const chain = createTickChain(seed, units);
      expect(chain.anchor).to.deep.equal(expected[0]);
      for (let i = 1; i <= units; i++) expect(revealTick(chain, i)).to.deep.equal(expected[i]);
      for (let i = units; i >= 1; i -= 7) expect(revealTick(chain, i)).to.deep.equal(expected[i]);
    });

  it("keeps 16 KiB for 65 536 units and hashes each about twice", () => {
    let hashes = 0;
    const counting = (tick: Uint8Array) => {
      hashes++;
      return hashTickNode(tick);
    };
    const chain = createTickChain(seed, 65_536, counting);
    expect(hashes).to.equal(65_536);
    for (let i = 1; i <= 65_536; i++) revealTick(chain, i);
    expect(chain.checkpoints.length + chain.stretch.ticks.length).to.equal(16_384);
    expect(hashes).to.be.at.most(2 * 65_536);
  });

  it("does not change when the caller reuses the seed's or a tick's memory", () => {
    const own = seed.slice();
    const chain = createTickChain(own, 10);
    const before = revealTick(chain, 10);
    own.fill(0);
    revealTick(chain, 9).fill(0);
    expect(revealTick(chain, 10)).to.deep.equal(before);
    expect(revealTick(chain, 9)).to.deep.equal(sha256(before));
  });

  it("refuses counts and indexes it can't serve", () => {
    for (const units of [0, -1, 1.5, MAX_UNITS + 1])
      expect(codeOf(() => createTickChain(seed, units))).to.equal("tick-units");
    expect(codeOf(() => createTickChain(new Uint8Array(31), 4))).to.equal("bytes-length");
    const chain = createTickChain(seed, 4);
    for (const index of [0, 5, -1, 1.5])
      expect(codeOf(() => revealTick(chain, index))).to.equal("tick-index");
  });

  it("tells ticks of the chain from others, forwards and backwards", () => {
    const chain = createTickChain(seed, 40);
    const known = revealTick(chain, 20);
    for (let i = 1; i <= 40; i++) {
      expect(isTickOf(revealTick(chain, i), i, known, 20)).to.equal(true);
      expect(isTickOf(revealTick(chain, i), i === 40 ? 39 : i + 1, known, 20)).to.equal(false);
    }
    expect(isTickOf(chain.anchor, 0, known, 20)).to.equal(true);
  });
});
