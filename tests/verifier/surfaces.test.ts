import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDevelopmentCertificate } from "@tolldns/dns";
import {
  type Challenge,
  decodeTranscript,
  encodeTranscript,
  SURFACES,
  type Surface,
  type Target,
} from "@tolldns/sdk/policy";
import { expect } from "chai";
import { judge } from "../../keepers/src/verifier/judge.ts";
import type { Asker } from "../../keepers/src/verifier/options.ts";
import { asksFor } from "../../keepers/src/verifier/question.ts";
import * as faults from "./support/faults.ts";
import {
  BACKEND_CHALLENGES,
  createProber,
  FIXTURE_SET,
  type Prober,
  referenceAt,
  wordsOf,
} from "./support/prober.ts";
import { type ChallengeZone, type Resolver, startChallengeZone } from "./support/zone.ts";

/** A fault for each surface of a backend, by the challenge's number, and what is said of it. */
const WRONG: readonly (readonly [number, string, faults.Fault, string])[] = [
  [0, "another address", faults.lie(1), "wrong records"],
  [1, "another address", faults.lie(28), "wrong records"],
  [0, "SERVFAIL", faults.servfail, "failed rcode"],
  [0, "REFUSED", faults.rcodeFault(5), "failed rcode"],
  [0, "that there is none", faults.nxdomain, "wrong records"],
  [
    2,
    "half of its addresses",
    faults.strip(({ section, place }) => section === 0 && place > 1),
    "wrong records",
  ],
  [4, "NXDOMAIN for NODATA", faults.nxdomain, "wrong records"],
  [6, "NODATA for NXDOMAIN", faults.rcodeFault(0), "wrong records"],
  [
    8,
    "only the first link of a chain",
    faults.strip(({ section, place }) => section === 0 && place > 0),
    "wrong records",
  ],
  [
    9,
    "only the first link of a chain, told by a reference",
    faults.strip(({ section, place }) => section === 0 && place > 0),
    "wrong size",
  ],
  [10, "another end of a DNAME", faults.lie(1), "wrong records"],
  [11, "another wildcard", faults.lie(1), "wrong records"],
  [13, "a cut answer that does not say so", faults.cut, "wrong records"],
  [16, "half of a large answer", faults.cut, "wrong records"],
  [14, "no OPT record", faults.strip(({ type }) => type === 41), "wrong flags"],
  [17, "an answer stripped of its signatures", faults.strip(({ type }) => type === 46), "wrong signature"],
  [17, "an answer that is not called authentic", faults.ad(false), "wrong signature"],
  [19, "an unsigned answer called authentic", faults.ad(true), "wrong signature"],
  [0, "bytes that are no records", faults.garbage, "failed form"],
  [0, "nothing", faults.silent, "silent time"],
];

const challengeOf = (number: number) => FIXTURE_SET.challenges[number] as Challenge;
const challengeOn = (surface: Surface) =>
  BACKEND_CHALLENGES.find((challenge) => challenge.surface === surface) as Challenge;
const udpAt = (port: number): Target => ({ kind: "backend", protocol: "udp", address: "127.0.0.1", port });

describe("surfaces", function () {
  this.timeout(60_000);
  let zone: ChallengeZone;
  let resolver: Resolver;
  let reference: Asker;
  let right: Prober;
  let faulty: faults.FaultyResolver;
  let wrong: Prober;
  let folder: string;
  let secure: { readonly name: string; readonly prober: Prober }[];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-surfaces-"));
    zone = await startChallengeZone();
    const certificate = await ensureDevelopmentCertificate(folder, ["localhost"]);
    const pem = { certificate: join(folder, "leaf.pem"), key: join(folder, "leaf.key") };
    writeFileSync(pem.certificate, certificate.pair.cert);
    writeFileSync(pem.key, certificate.pair.key, { mode: 0o600 });
    const truth = await zone.reference();
    resolver = await zone.resolver({ certificate: pem });
    reference = referenceAt(truth.port);
    const { address, port, dotPort, dohPort } = resolver;
    right = createProber(udpAt(port), reference);
    faulty = await faults.startFaulty(port);
    wrong = createProber(udpAt(faulty.port), reference, { timeoutMs: 1_500 });
    const { ca } = certificate;
    const dot: Target = { kind: "backend", protocol: "tls", address, port: dotPort, name: "localhost" };
    const doh: Target = {
      kind: "backend",
      protocol: "https",
      address,
      port: dohPort,
      name: "localhost",
      path: "/dns-query",
    };
    secure = [
      { name: "dot", prober: createProber(dot, reference, { ca }) },
      { name: "doh", prober: createProber(doh, reference, { ca }) },
    ];
  });
  after(async () => {
    for (const one of [right, wrong, ...(secure ?? []).map(({ prober }) => prober)]) await one?.close();
    await faulty?.close();
    await reference?.close();
    await zone?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("are all in the fixture set, and each of a backend's in a wrong answer below", () => {
    expect(new Set(FIXTURE_SET.challenges.map(({ surface }) => surface))).to.deep.equal(new Set(SURFACES));
    const tried = new Set(WRONG.map(([number]) => challengeOf(number).surface));
    // Bogus and stale answers have tests of their own; those of gateways are in gateway.test.ts.
    const own = ["dnssec-bogus", "serve-stale", "dns-inclusion", "dns-absence", "toll-refused"];
    expect([...SURFACES].filter((surface) => !tried.has(surface))).to.have.members(own);
  });

  for (const challenge of BACKEND_CHALLENGES)
    it(`${challenge.number} ${challenge.surface} of ${challenge.name} holds for a real resolver over every transport`, async () => {
      for (const transport of challenge.transports) {
        const prober = right.door.transports.has(transport)
          ? right
          : (secure.find(({ name }) => name === transport)?.prober ?? expect.fail(transport));
        const result = await prober.probe(challenge, transport, `r${transport}${challenge.number}`);
        expect(wordsOf(result), transport).to.equal("ok none");
      }
    });

  for (const [number, what, fault, words] of WRONG)
    it(`${number} ${challengeOf(number).surface} fails on ${what}: ${words}`, async () => {
      faulty.setFault(fault);
      const [transport] = challengeOf(number).transports;
      const result = await wrong.probe(challengeOf(number), transport ?? "udp", `w${number}`);
      expect(wordsOf(result)).to.equal(words);
    });

  it("dnssec-bogus fails on a resolver that does not validate", async () => {
    const blind = await zone.resolver({ lines: ["val-permissive-mode: yes"] });
    const prober = createProber(udpAt(blind.port), reference);
    try {
      const result = await prober.probe(challengeOn("dnssec-bogus"), "udp");
      expect(wordsOf(result)).to.equal("wrong signature");
    } finally {
      await prober.close();
      await blind.close();
    }
  });

  it("serve-stale fails on a resolver that goes on with what was there before, once it is older than a cache may have", async () => {
    let now = 1_000;
    const prober = createProber(udpAt(faulty.port), reference, { now: () => now });
    const fresh = challengeOn("serve-stale");
    try {
      faulty.setFault(faults.stale());
      expect(wordsOf(await prober.probe(fresh, "udp"))).to.equal("ok none");
      zone.setClock("1");
      expect(wordsOf(await prober.probe(fresh, "udp")), "a cache may have it still").to.equal("ok none");
      now += 10;
      expect(wordsOf(await prober.probe(fresh, "udp"))).to.equal("wrong stale");
      faulty.setFault(null);
      // Unbound counts whole seconds: what has a TTL of 1 it may keep for 2.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect(wordsOf(await prober.probe(fresh, "udp"))).to.equal("ok none");
    } finally {
      await prober.close();
    }
  });

  it("serve-stale judges nobody before it has been watched as long as a cache may keep what was there", async () => {
    const prober = createProber(udpAt(faulty.port), reference, { now: () => 1_000 });
    try {
      faulty.setFault(faults.lie(16));
      const result = await prober.probe(challengeOn("serve-stale"), "udp");
      expect(wordsOf(result)).to.match(/^unfit watched/);
    } finally {
      await prober.close();
    }
  });

  it("judge nobody while the reference is away, lies about its response code, or disagrees with itself", async () => {
    const bent = await faults.startFaulty(resolver.port);
    const other = referenceAt(bent.port);
    const prober = createProber(udpAt(resolver.port), other, { timeoutMs: 300 });
    try {
      const positive = challengeOf(1);
      bent.setFault(faults.silent);
      expect(wordsOf(await prober.probe(positive, "udp"))).to.match(/^unfit the reference did not/);
      bent.setFault(faults.servfail);
      expect(wordsOf(await prober.probe(positive, "udp"))).to.match(/^unfit the reference did not/);
      let turn = 0;
      bent.setFault((answer, query) => {
        const given = faults.lie(28)(answer, query) as Buffer;
        given[given.length - 12] = 7 + turn++;
        return given;
      });
      expect(wordsOf(await prober.probe(positive, "udp"))).to.equal(
        "unfit the reference disagrees with itself",
      );
    } finally {
      await prober.close();
      await other.close();
      await bent.close();
    }
  });

  it("take a change that the reference learns of between two words for no lie", async () => {
    const bent = await faults.startFaulty(resolver.port);
    const other = referenceAt(bent.port);
    const prober = createProber(udpAt(resolver.port), other);
    try {
      let asked = 0;
      bent.setFault((answer, query) => (asked++ === 0 ? faults.lie(28)(answer, query) : answer));
      expect(wordsOf(await prober.probe(challengeOf(1), "udp"))).to.equal("ok none");
    } finally {
      await prober.close();
      await other.close();
      await bent.close();
    }
  });

  it("come to the same verdict from the transcript alone", async () => {
    for (const [number, , fault] of WRONG) {
      faulty.setFault(fault);
      const challenge = challengeOf(number);
      const result = await wrong.probe(challenge, challenge.transports[0] ?? "udp", `t${number}`);
      if (result.kind === "unfit") expect.fail(result.why);
      const transcript = decodeTranscript(encodeTranscript(result.transcript));
      expect(judge(challenge, transcript)).to.deep.equal(result.verdict);
      expect(asksFor(challenge, transcript)).to.equal(true);
    }
  });
});
