import { expect } from "chai";
import { encode } from "dns-packet";
import { decode } from "../dns/support/messages.ts";
import { alter } from "./fixtures/alter.ts";
import { faultFor, LIE_A } from "./fixtures/faults.ts";

const question = [{ name: "h2.signed.test", type: "A" as const }];
const a = { type: "A" as const, name: "h2.signed.test", ttl: 5, data: "203.0.113.3" };
const rrsig = {
  type: "RRSIG" as const,
  name: "h2.signed.test",
  ttl: 5,
  data: {
    typeCovered: "A" as const,
    algorithm: 13,
    labels: 3,
    originalTTL: 5,
    expiration: 2_000_000_000,
    inception: 1_000_000_000,
    keyTag: 1,
    signersName: "signed.test",
    signature: Buffer.alloc(64, 7),
  },
};
/** AD is 0x20 of the low byte. */
const answer = encode({ type: "response", id: 77, flags: 0x01a0, questions: question, answers: [a, rrsig] });
const missing = encode({ type: "response", id: 78, flags: 0x01a0 | 3, questions: question });

describe("the lab's relay", () => {
  it("turns answers into SERVFAIL and REFUSED with nothing but the question", () => {
    for (const [kind, rcode] of [
      ["servfail", "SERVFAIL"],
      ["refuse", "REFUSED"],
    ] as const) {
      const said = decode(alter(answer, kind, false));
      expect(said).to.include({ id: 77, rcode });
      expect(said.answers).to.deep.equal([]);
      expect(said.questions?.[0]).to.include({ name: "h2.signed.test" });
    }
  });

  it("lies with the flags and signatures of the truth", () => {
    const said = decode(alter(answer, "lie", false));
    expect(said.answers?.map(({ type }) => type)).to.deep.equal(["A", "RRSIG"]);
    expect(said.answers?.[0]).to.include({ data: LIE_A });
    expect(said).to.include({ id: 77, rcode: "NOERROR", flag_ad: true });
  });

  it("invents what does not exist", () => {
    const said = decode(alter(missing, "lie", false));
    expect(said).to.include({ id: 78, rcode: "NOERROR" });
    expect(said.answers?.[0]).to.include({ data: LIE_A });
  });

  it("spoils signatures and nothing else", () => {
    const said = decode(alter(answer, "bogus", false));
    expect(said.answers?.[0]).to.include({ data: a.data });
    const [, signature] = said.answers as unknown as [unknown, { data: { signature: Buffer } }];
    expect(signature.data.signature[0]).to.equal(7 ^ 0xff);
    expect(signature.data.signature.subarray(1)).to.deep.equal(Buffer.alloc(63, 7));
  });

  it("cuts answers over UDP, and leaves streams to whoever ends them", () => {
    const said = decode(alter(answer, "truncate", false));
    expect(said).to.include({ flag_tc: true });
    expect(said.answers).to.deep.equal([]);
    expect(alter(answer, "truncate", true)).to.equal(answer);
  });

  it("befalls only whom it should, as often as it should", () => {
    const faults = [{ kind: "lie", from: "10.77.5.", share: 0.5 }] as const;
    expect(faultFor(faults, "10.77.6.1", () => 0)).to.equal(null);
    expect(faultFor(faults, "10.77.5.1", () => 0.49)).to.equal(faults[0]);
    expect(faultFor(faults, "10.77.5.1", () => 0.5)).to.equal(null);
  });
});
