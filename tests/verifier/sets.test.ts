import { readBundledSets } from "@tolldns/keepers";
import { isTollError } from "@tolldns/sdk";
import { listEntries, readChallengeSet, writeChallengeSet } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { createSetBook } from "../../keepers/src/verifier/set-book.ts";

const row = {
  number: 0,
  surface: "positive",
  name: "a.example",
  type: "A",
  transports: ["udp"],
  expect: { kind: "reference" },
};
const textOf = (changes: object, more: object = {}) =>
  JSON.stringify({ version: 1, about: "One.", challenges: [{ ...row, ...changes }], ...more });

const refusalOf = (text: string): string => {
  try {
    readChallengeSet(text);
  } catch (error) {
    if (isTollError(error)) return error.code;
    throw error;
  }
  return "taken";
};

describe("challenge sets", () => {
  it("that come with the package are read, each under a version of its own", async () => {
    const sets = await readBundledSets();
    expect(sets.map(({ version }) => version).sort((a, b) => a - b)).to.deep.equal([1, 1001]);
    const open = sets.find(({ version }) => version === 1001);
    expect(open?.about).to.include("has not been run");
  });

  it("are written so that they read the same", async () => {
    for (const set of await readBundledSets()) {
      const again = readChallengeSet(writeChallengeSet(set));
      expect(again).to.deep.equal(set);
      expect(listEntries(again).root).to.deep.equal(listEntries(set).root);
    }
  });

  it("are written with the mnemonics they are read by, types without one by number", () => {
    const types = ["A", "NS", "AAAA", "DNSKEY", "SVCB", "HTTPS", "CAA", "TYPE99"];
    const rows = types.map((type, number) => ({ ...row, number, type }));
    const written = JSON.parse(writeChallengeSet(readChallengeSet(textOf({}, { challenges: rows }))));
    expect(written.challenges.map(({ type }: { type: string }) => type)).to.deep.equal(types);
  });

  it("are found by version and root, and by nothing less", async () => {
    const sets = await readBundledSets();
    const book = createSetBook(sets);
    for (const set of sets) {
      const { root } = listEntries(set);
      expect(book.find({ version: set.version, root })).to.equal(set);
      expect(book.find({ version: set.version + 1, root })).to.equal(undefined);
      expect(book.find({ version: set.version, root: new Uint8Array(32) })).to.equal(undefined);
    }
  });

  it("are bounded: 256 challenges, 64 KiB", () => {
    const rows = (count: number) => Array.from({ length: count }, (_, number) => ({ ...row, number }));
    expect(refusalOf(textOf({}, { challenges: rows(256) }))).to.equal("taken");
    expect(refusalOf(textOf({}, { challenges: rows(257) }))).to.equal("set-size");
    expect(refusalOf(textOf({}, { challenges: [] }))).to.equal("set-size");
    expect(refusalOf(textOf({}, { about: "x".repeat(65_536) }))).to.equal("set-size");
  });

  const cases: readonly (readonly [string, string, string])[] = [
    ["what is no JSON", "{", "set-form"],
    ["what is no object", "[]", "set-form"],
    ["an unknown field", textOf({}, { more: 1 }), "set-form"],
    ["an unknown field of a challenge", textOf({ more: 1 }), "set-form"],
    ["no word about itself", textOf({}, { about: "" }), "set-form"],
    ["version 0", textOf({}, { version: 0 }), "set-version"],
    ["a version that is no number", textOf({}, { version: "1" }), "set-version"],
    ["version 2^32", textOf({}, { version: 2 ** 32 }), "set-version"],
    ["a gap in the numbers", textOf({ number: 1 }), "set-number"],
    ["an unknown surface", textOf({ surface: "other" }), "set-surface"],
    ["an empty name", textOf({ name: "" }), "set-name"],
    ["a name in capitals", textOf({ name: "A.example" }), "set-name"],
    ["a last dot", textOf({ name: "a.example." }), "set-name"],
    ["two random labels", textOf({ name: "{random}.{random}.example" }), "set-name"],
    ["a label of 64", textOf({ name: `${"a".repeat(64)}.example` }), "set-name"],
    ["a name of 254", textOf({ name: `${"a.".repeat(126)}aa` }), "set-name"],
    ["ANY", textOf({ type: "TYPE255" }), "set-type"],
    ["OPT", textOf({ type: "TYPE41" }), "set-type"],
    ["a type beyond 16 bits", textOf({ type: "TYPE65536" }), "set-type"],
    ["an unknown type", textOf({ type: "toString" }), "set-type"],
    ["EDNS that no client sends", textOf({ edns: { payload: 512 } }), "set-edns"],
    ["a DO bit that is no bit", textOf({ edns: { dnssecOk: 1 } }), "set-edns"],
    ["an unknown flag", textOf({ flags: ["AD"] }), "set-edns"],
    ["a flag twice", textOf({ flags: ["ad", "ad"] }), "set-edns"],
    ["no transport", textOf({ transports: [] }), "set-transports"],
    ["a transport twice", textOf({ transports: ["udp", "udp"] }), "set-transports"],
    ["an unknown transport", textOf({ transports: ["doq"] }), "set-transports"],
    ["no expectation", textOf({ expect: undefined }), "set-expect"],
    ["an unknown expectation", textOf({ expect: { kind: "us" } }), "set-expect"],
    ["an unknown response code", textOf({ expect: { kind: "reference", rcode: "OK" } }), "set-expect"],
    ["a digest cut short", textOf({ expect: { kind: "digest", digest: "ab" } }), "set-expect"],
    ["a proof of what is not .dns", textOf({ expect: { kind: "chain" } }), "set-expect"],
    ["a proof of .dns that the chain does not tell", textOf({ surface: "dns-absence" }), "set-expect"],
    [
      "a refusal of what is no toll",
      textOf({ expect: { kind: "refused", toll: "none", error: "payment-required" } }),
      "set-expect",
    ],
    [
      "an unknown toll",
      textOf({ surface: "toll-refused", expect: { kind: "refused", toll: "old", error: "x" } }),
      "set-expect",
    ],
  ];
  for (const [what, text, code] of cases)
    it(`refuse ${what}: ${code}`, () => {
      expect(refusalOf(text)).to.equal(code);
    });
});
