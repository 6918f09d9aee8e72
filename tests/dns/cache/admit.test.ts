import { createCache, createVirtualClock, EDE, questionFor, RCODE, TYPE } from "@tolldns/dns";
import { expect } from "chai";
import type { Answer, Packet } from "dns-packet";
import { optRecord } from "../../support/opt.ts";
import { a, answerTo, cname, edeOf, queryFor, soa, written } from "../support/messages.ts";

/** Stores an upstream's answer and returns what a client is told, and for how long it is kept. */
function throughCache(
  name: string,
  type: number,
  parts: Partial<Packet>,
  more: { rcode?: number; dnssecOk?: boolean } = {},
) {
  const cache = createCache({ bytes: 1_000_000, clock: createVirtualClock() });
  const question = questionFor(name, type, { dnssecOk: more.dnssecOk ?? false });
  const admitted = cache.admit(question, answerTo(question, parts, more.rcode));
  const stored = cache.store(admitted);
  const query = queryFor(name, type, { dnssecOk: more.dnssecOk ?? false, limit: 4096 });
  const message = stored ? written((out, at) => cache.answer(query, out, at)) : undefined;
  return { admitted, stored, message };
}

const names = (records: Answer[] | undefined) =>
  (records ?? []).map((record) => `${record.name} ${record.type}`);

describe("what the cache keeps of an answer", () => {
  it("follows the alias chain and keeps its records", () => {
    const { message, admitted } = throughCache("www.example.org", TYPE.A, {
      answers: [cname("www.example.org", "cdn.example.net", 60), a("cdn.example.net", "192.0.2.9", 30)],
    });
    expect(names(message?.answers)).to.deep.equal(["www.example.org CNAME", "cdn.example.net A"]);
    expect(admitted.ttl).to.equal(30);
  });

  it("leaves out records nobody asked for, in every section", () => {
    const { message } = throughCache("www.example.org", TYPE.A, {
      answers: [
        a("www.example.org"),
        a("bank.example", "203.0.113.66"),
        cname("other.example.org", "evil.example"),
      ],
      authorities: [
        { type: "NS", name: "bank.example", ttl: 99, data: "ns.evil.example" },
        soa("bank.example"),
      ],
      additionals: [a("ns.evil.example", "203.0.113.66")],
    });
    expect(names(message?.answers)).to.deep.equal(["www.example.org A"]);
    expect(message?.authorities).to.deep.equal([]);
    expect(names(message?.additionals)).to.deep.equal([". OPT"]);
  });

  it("does not follow an alias loop for ever", () => {
    const { admitted, message } = throughCache("a.example", TYPE.A, {
      answers: [cname("a.example", "b.example"), cname("b.example", "a.example")],
    });
    expect(admitted.ttl).to.equal(0);
    expect(message).to.equal(undefined);
  });

  it("gives all records of a set its lowest TTL (RFC 2181)", () => {
    const { message, admitted } = throughCache("a.example", TYPE.A, {
      answers: [
        a("a.example", "192.0.2.1", 300),
        a("a.example", "192.0.2.2", 20),
        a("a.example", "192.0.2.3", 90),
      ],
    });
    expect(message?.answers?.map((record) => (record as { ttl: number }).ttl)).to.deep.equal([20, 20, 20]);
    expect(admitted.ttl).to.equal(20);
  });

  it("takes a TTL with its top bit set for zero, and keeps nothing of TTL zero", () => {
    expect(
      throughCache("a.example", TYPE.A, { answers: [a("a.example", "192.0.2.1", 0x80000000)] }).stored,
    ).to.equal(false);
    expect(throughCache("a.example", TYPE.A, { answers: [a("a.example", "192.0.2.1", 0)] }).stored).to.equal(
      false,
    );
  });

  it("cuts TTLs to a day", () => {
    const { message, admitted } = throughCache("a.example", TYPE.A, {
      answers: [a("a.example", "192.0.2.1", 9_999_999)],
    });
    expect(admitted.ttl).to.equal(86_400);
    expect(message?.answers?.[0]).to.have.property("ttl", 86_400);
  });

  it("keeps a name that doesn't exist for the SOA's minimum (RFC 2308)", () => {
    const { message, admitted } = throughCache(
      "no.example",
      TYPE.A,
      { authorities: [soa("example", 60, 900)] },
      { rcode: 3 },
    );
    expect(admitted.ttl).to.equal(60);
    expect(message?.rcodeNumber).to.equal(RCODE.NXDOMAIN);
    expect(message?.authorities?.[0]).to.have.property("ttl", 60);
  });

  it("keeps no negative answer without an SOA, and none for over three hours", () => {
    expect(throughCache("no.example", TYPE.A, {}, { rcode: 3 }).stored).to.equal(false);
    expect(throughCache("no.example", TYPE.A, {}).stored).to.equal(false);
    const long = throughCache(
      "no.example",
      TYPE.A,
      { authorities: [soa("example", 99_999, 99_999)] },
      { rcode: 3 },
    );
    expect(long.admitted.ttl).to.equal(10_800);
  });

  it("does not let the SOA of another zone stand for a negative answer", () => {
    const { stored } = throughCache("no.example", TYPE.A, { authorities: [soa("elsewhere")] }, { rcode: 3 });
    expect(stored).to.equal(false);
  });

  it("keeps an alias to a name that doesn't exist as such", () => {
    const { message, admitted } = throughCache(
      "a.example",
      TYPE.A,
      { answers: [cname("a.example", "gone.example", 300)], authorities: [soa("example", 45)] },
      { rcode: 3 },
    );
    expect(admitted.ttl).to.equal(45);
    expect(names(message?.answers)).to.deep.equal(["a.example CNAME"]);
  });

  it("does not keep refusals and failures on its own account", () => {
    for (const rcode of [RCODE.SERVFAIL, RCODE.REFUSED, RCODE.NOTIMP])
      expect(throughCache("a.example", TYPE.A, {}, { rcode }).stored).to.equal(false);
  });

  it("keeps proofs only for those who ask for DNSSEC, and only signed by the zone above", () => {
    const rrsig = (signersName: string): Answer => ({
      type: "RRSIG",
      name: "m.example",
      ttl: 300,
      data: {
        typeCovered: "NSEC",
        algorithm: 13,
        labels: 2,
        originalTTL: 300,
        expiration: 1,
        inception: 0,
        keyTag: 1,
        signersName,
        signature: Buffer.alloc(64),
      },
    });
    const nsec: Answer = {
      type: "NSEC",
      name: "m.example",
      ttl: 300,
      data: { nextDomain: "z.example", rrtypes: ["A"] },
    };
    const reply = (signer: string) => ({ authorities: [soa("example"), nsec, rrsig(signer)] });
    const plain = throughCache("no.example", TYPE.A, reply("example"), { rcode: 3 });
    expect(names(plain.message?.authorities)).to.deep.equal(["example SOA"]);
    const secure = throughCache("no.example", TYPE.A, reply("example"), { rcode: 3, dnssecOk: true });
    expect(names(secure.message?.authorities)).to.deep.equal([
      "example SOA",
      "m.example NSEC",
      "m.example RRSIG",
    ]);
    const forged = throughCache("no.example", TYPE.A, reply("evil"), { rcode: 3, dnssecOk: true });
    expect(names(forged.message?.authorities)).to.deep.equal(["example SOA"]);
  });

  it("keeps the extended error of a failing upstream", () => {
    const cache = createCache({ bytes: 1_000_000, clock: createVirtualClock() });
    const question = questionFor("bogus.example", TYPE.A);
    const opt = optRecord([{ code: 15, data: Buffer.of(0, EDE.DNSSEC_BOGUS) }]);
    const reply = answerTo(question, { additionals: [opt] }, RCODE.SERVFAIL);
    const admitted = cache.admit(question, reply);
    admitted.entry.words[3] = 5;
    expect(cache.store({ ...admitted, ttl: 5 })).to.equal(true);
    const message = written((out, at) => cache.answer(queryFor("bogus.example", TYPE.A), out, at));
    expect(edeOf(message)).to.equal(EDE.DNSSEC_BOGUS);
  });
});
