import { createCache, createVirtualClock, DnsError, questionFor, readMessage, TYPE } from "@tolldns/dns";
import { expect } from "chai";

const question = questionFor("a.example", TYPE.A);
const cache = createCache({ bytes: 1_000_000, clock: createVirtualClock() });

/** An answer whose records are given as bytes. */
function answer(count: number, ...records: number[][]): Uint8Array {
  const head = [0, 0, 0x81, 0x80, 0, 1, count >> 8, count & 255, 0, 0, 0, 0];
  return Uint8Array.from([...head, ...question.name, 0, 1, 0, 1, ...records.flat()]);
}

const codeOf = (bytes: Uint8Array) => {
  try {
    cache.admit(question, bytes);
  } catch (error) {
    return (error as DnsError).code;
  }
  return "none";
};

const aRecord = (name: number[]) => [...name, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1];
const start = 12 + question.name.length + 4;

describe("compression pointers", () => {
  it("that point at themselves are refused", () => {
    expect(codeOf(answer(1, aRecord([0xc0, start])))).to.equal("name-loop");
  });

  it("that point forwards, or at each other, are refused", () => {
    expect(codeOf(answer(1, aRecord([0xc0, start + 4])))).to.equal("name-loop");
    expect(codeOf(answer(1, aRecord([0xc0, start + 2, 0xc0, start])))).to.equal("name-loop");
  });

  it("that point beyond the message are refused", () => {
    expect(codeOf(answer(1, aRecord([0xff, 0xff])))).to.equal("name-loop");
  });

  it("that build a name over 255 bytes are refused, however short the message", () => {
    const label = (letter: number) => [63, ...new Array<number>(63).fill(letter)];
    const long = [...label(97), ...label(98), ...label(99), 0];
    const first = aRecord(long);
    expect(codeOf(answer(2, first, aRecord([...label(100), ...label(101), 0xc0, start])))).to.equal(
      "name-too-long",
    );
  });

  it("inside data are held to the same rules", () => {
    const cname = [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2];
    const dataAt = start + cname.length;
    expect(codeOf(answer(1, [...cname, 0xc0, dataAt]))).to.equal("name-loop");
    expect(codeOf(answer(1, [...cname, 0xc0, 12]))).to.equal("none");
  });

  it("cost no more than their bytes when thousands point along a chain", () => {
    // Each name is one label and a pointer to the one before: without bounds, work would grow with the square.
    const records: number[][] = [];
    let at = start;
    for (let i = 0; i < 900; i++) {
      const record = aRecord([1, 97, 0xc0 | ((at - 14) >> 8), (at - 14) & 255]);
      records.push(i === 0 ? aRecord([1, 97, 0xc0, 12]) : record);
      at += 18;
    }
    const bytes = answer(records.length, ...records);
    const started = performance.now();
    for (let i = 0; i < 20; i++) {
      try {
        readMessage(bytes);
      } catch (error) {
        if (!(error instanceof DnsError)) throw error;
      }
    }
    expect(performance.now() - started).to.be.below(2000);
  });
});
