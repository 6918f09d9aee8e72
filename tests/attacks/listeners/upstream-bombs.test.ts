import { createCache, createVirtualClock, DnsError, questionFor, TYPE } from "@tolldns/dns";
import { expect } from "chai";

/** Answers made to cost a resolver far more than their bytes, in the manner of NXNS and KeyTrap. */
const name = "a.example";
const question = questionFor(name, TYPE.A, { dnssecOk: true });
const start = 12 + question.name.length + 4;

function message(answers: number, authority: number, body: Buffer): Uint8Array {
  const head = Buffer.from([
    0,
    0,
    0x81,
    0x80,
    0,
    1,
    answers >> 8,
    answers & 255,
    authority >> 8,
    authority & 255,
    0,
    0,
  ]);
  return Uint8Array.from(Buffer.concat([head, question.name, Buffer.of(0, 1, 0, 1), body])).subarray(
    0,
    65_535,
  );
}

function record(owner: number[], type: number, data: number[]): number[] {
  return [...owner, type >> 8, type & 255, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255, ...data];
}

/** Milliseconds it takes to make such an answer fit for the cache, or to refuse it. */
function cost(bytes: Uint8Array): number {
  const cache = createCache({ bytes: 1_000_000, clock: createVirtualClock() });
  const started = performance.now();
  for (let i = 0; i < 5; i++) {
    try {
      cache.store(cache.admit(question, bytes));
    } catch (error) {
      if (!(error instanceof DnsError)) throw error;
    }
  }
  return (performance.now() - started) / 5;
}

const repeat = (count: number, make: (i: number) => number[]) =>
  Buffer.from(Array.from({ length: count }, (_, i) => make(i)).flat());
const owner = [0xc0, 12];

describe("answers that are bombs", () => {
  it("of thousands of delegations are dropped at the cost of reading them", () => {
    const body = repeat(3000, (i) => record(owner, TYPE.NS, [3, 110, i >> 8, i & 255, 0xc0, 12]));
    expect(cost(message(0, 3000, body))).to.be.below(150);
  });

  it("of thousands of signatures and proofs are looked at in part only", () => {
    const signature = [0, TYPE.NSEC, 13, 2, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 3];
    const body = repeat(1000, (i) =>
      record(owner, i % 2 ? TYPE.RRSIG : TYPE.NSEC, i % 2 ? signature : [0, 0, 1, 64]),
    );
    expect(cost(message(0, 1000, body))).to.be.below(150);
  });

  it("of aliases without end are followed for sixteen", () => {
    const label = (i: number) =>
      [3, 97 + (i % 26), 97 + ((i / 26) % 26), 97 + ((i / 676) % 26), 0].map(Math.floor);
    const body = repeat(2000, (i) => record(i === 0 ? owner : label(i), TYPE.CNAME, label(i + 1)));
    const bytes = message(2000, 0, body);
    expect(cost(bytes)).to.be.below(150);
    const cache = createCache({ bytes: 1_000_000, clock: createVirtualClock() });
    const { entry } = cache.admit(question, bytes);
    expect((entry.words[6] as number) & 0xffff).to.be.at.most(18);
  });

  it("of pointers to pointers are refused after 127", () => {
    const chain = repeat(12_000, (i) => {
      const at = start + 12 + (i - 1) * 2;
      return i === 0 ? [0, 0] : [0xc0 | (at >> 8), at & 255];
    }).subarray(0, 16_000);
    const data = [...chain];
    const end = start + 12 + data.length - 2;
    const first = record(owner, TYPE.TXT, data);
    const others = repeat(2000, () => record([0xc0 | (end >> 8), end & 255], TYPE.A, [1, 1, 1, 1]));
    expect(cost(message(2001, 0, Buffer.concat([Buffer.from(first), others])))).to.be.below(150);
  });
});
