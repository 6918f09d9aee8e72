import { type DnsError, encodeName, isWithin, nameToText, readMessage, sameName } from "@tolldns/dns";
import { expect } from "chai";
import fc from "fast-check";

const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return (error as DnsError).code;
  }
  return "none";
};

describe("names on the wire", () => {
  it("encodes labels with their lengths and a root byte", () => {
    expect([...encodeName("ab.c")]).to.deep.equal([2, 97, 98, 1, 99, 0]);
    expect([...encodeName("ab.c.")]).to.deep.equal([2, 97, 98, 1, 99, 0]);
    expect([...encodeName(".")]).to.deep.equal([0]);
  });

  it("keeps escaped dots, backslashes and bytes inside a label", () => {
    expect([...encodeName("a\\.b.c")]).to.deep.equal([3, 97, 46, 98, 1, 99, 0]);
    expect([...encodeName("\\000\\255\\\\")]).to.deep.equal([3, 0, 255, 92, 0]);
    expect(nameToText(encodeName("a\\.b\\007.c"))).to.equal("a\\.b\\007.c");
  });

  it("takes labels of 63 bytes and names of 255, and no longer ones", () => {
    const label = "x".repeat(63);
    const longest = `${label}.${label}.${label}.${"y".repeat(61)}`;
    expect(encodeName(longest).length).to.equal(255);
    expect(codeOf(() => encodeName(`${longest}y`))).to.equal("name-too-long");
    expect(codeOf(() => encodeName(`${label}x.org`))).to.equal("label-too-long");
    expect(codeOf(() => encodeName("a..b"))).to.equal("label-too-long");
  });

  it("refuses an escape that isn't one", () => {
    for (const name of ["a\\", "a\\25", "a\\256", "a\\2x5"])
      expect(
        codeOf(() => encodeName(name)),
        name,
      ).to.equal("name-escape");
  });

  it("takes characters beyond ASCII as their UTF-8 bytes", () => {
    expect(nameToText(encodeName("bücher.example"))).to.equal("b\\195\\188cher.example");
  });

  it("reads back what it writes, whatever bytes the labels hold", () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 8 }), (labels) => {
        const wire = Uint8Array.from([...labels.flatMap((bytes) => [bytes.length, ...bytes]), 0]);
        expect([...encodeName(nameToText(wire))]).to.deep.equal([...wire]);
      }),
      { verbose: 1 },
    );
  });

  it("compares without regard to ASCII case only", () => {
    expect(sameName(encodeName("WwW.ExAmPlE"), encodeName("www.example"))).to.equal(true);
    expect(sameName(encodeName("[.example"), encodeName("{.example"))).to.equal(false);
  });

  it("knows what lies within a zone, by labels and not by letters", () => {
    const within = (name: string, zone: string) => isWithin(encodeName(name), encodeName(zone));
    expect(within("a.example.org", "example.org")).to.equal(true);
    expect(within("example.org", "example.org")).to.equal(true);
    expect(within("badexample.org", "example.org")).to.equal(false);
    expect(within("org", "example.org")).to.equal(false);
    expect(within("anything", ".")).to.equal(true);
  });

  it("follows compression pointers backwards and refuses every loop", () => {
    const head = [0, 0, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    const record = [0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
    const message = (name: number[]) => Uint8Array.from([...head, ...name, ...record]);
    expect(codeOf(() => readMessage(message([0xc0, 12])))).to.equal("name-loop");
    expect(codeOf(() => readMessage(message([0xc0, 14, 0xc0, 12])))).to.equal("name-loop");
    expect(codeOf(() => readMessage(message([1, 97, 0xc0, 12])))).to.equal("name-loop");
    expect(codeOf(() => readMessage(message([0xc0])))).to.not.equal("none");
    expect(codeOf(() => readMessage(message([0x80, 1])))).to.equal("label-too-long");
  });
});
