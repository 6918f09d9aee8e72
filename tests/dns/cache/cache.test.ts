import { type Cache, createCache, createVirtualClock, EDE, questionFor, RCODE, TYPE } from "@tolldns/dns";
import { expect } from "chai";
import type { Packet } from "dns-packet";
import { a, answerTo, edeOf, queryFor, soa, written } from "../support/messages.ts";

function setUp(options: { bytes?: number; staleSeconds?: number } = {}) {
  const clock = createVirtualClock();
  const cache = createCache({ bytes: 1_000_000, clock, ...options });
  const keep = (name: string, parts: Partial<Packet> = { answers: [a(name)] }, rcode = 0) => {
    const question = questionFor(name, TYPE.A);
    return cache.store(cache.admit(question, answerTo(question, parts, rcode)));
  };
  return { clock, cache, keep };
}

const ask = (cache: Cache, name: string, more: Parameters<typeof queryFor>[2] = {}) => {
  const query = queryFor(name, TYPE.A, more);
  const scratch = new Uint8Array(70_000);
  return cache.answer(query, scratch, 0) === 0
    ? undefined
    : written((out, at) => cache.answer(query, out, at));
};
const ttlOf = (message: ReturnType<typeof ask>) =>
  (message?.answers?.[0] as { ttl: number } | undefined)?.ttl;

describe("the cache", () => {
  it("answers with the id and the case of the question asked", () => {
    const { cache, keep } = setUp();
    keep("www.example.org");
    const message = ask(cache, "wWw.ExAmPlE.oRg", { id: 4711 });
    expect(message?.id).to.equal(4711);
    expect(message?.questions?.[0]?.name).to.equal("wWw.ExAmPlE.oRg");
    expect(message?.answers?.[0]).to.deep.include({ name: "wWw.ExAmPlE.oRg", data: "192.0.2.1" });
  });

  it("lowers TTLs by the age and lets go at the second they end", () => {
    const { cache, clock, keep } = setUp();
    keep("a.example");
    expect(ttlOf(ask(cache, "a.example"))).to.equal(300);
    clock.advance(299_000);
    expect(ttlOf(ask(cache, "a.example"))).to.equal(1);
    clock.advance(1000);
    expect(ask(cache, "a.example")).to.equal(undefined);
  });

  it("keeps answers with and without DO or CD apart", () => {
    const { cache, keep } = setUp();
    keep("a.example");
    expect(ask(cache, "a.example", { dnssecOk: true })).to.equal(undefined);
  });

  it("sets TC on an answer over the client's size, and not over a stream", () => {
    const { cache, keep } = setUp();
    keep("big.example", { answers: Array.from({ length: 60 }, (_, i) => a("big.example", `192.0.2.${i}`)) });
    const cut = ask(cache, "big.example", { payloadSize: 0 });
    expect(cut?.flag_tc).to.equal(true);
    expect(cut?.answers).to.deep.equal([]);
    expect(ask(cache, "big.example", { transport: "tcp" })?.answers).to.have.length(60);
  });

  it("keeps compressed names right whatever the length of the question", () => {
    const { cache, keep } = setUp();
    const name = `${"deep.".repeat(40)}example`;
    keep(name, { answers: [{ type: "CNAME", name, ttl: 60, data: `target.${name}` }, a(`target.${name}`)] });
    const message = ask(cache, name);
    expect(message?.answers?.map((record) => record.name)).to.deep.equal([name, `target.${name}`]);
  });

  it("serves what has expired with a TTL of 30 and extended error 3 (RFC 8767)", () => {
    const { cache, clock, keep } = setUp();
    keep("a.example");
    clock.advance(400_000);
    expect(ask(cache, "a.example")).to.equal(undefined);
    const message = written((out, at) => cache.answerStale(queryFor("a.example", TYPE.A), out, at));
    expect(ttlOf(message)).to.equal(30);
    expect(edeOf(message)).to.equal(EDE.STALE_ANSWER);
  });

  it("marks a stale NXDOMAIN with extended error 19", () => {
    const { cache, clock, keep } = setUp();
    keep("no.example", { authorities: [soa("example")] }, RCODE.NXDOMAIN);
    clock.advance(100_000);
    const message = written((out, at) => cache.answerStale(queryFor("no.example", TYPE.A), out, at));
    expect(message.rcodeNumber).to.equal(RCODE.NXDOMAIN);
    expect(edeOf(message)).to.equal(EDE.STALE_NXDOMAIN);
  });

  it("serves nothing stale after the time set for it", () => {
    const { cache, clock, keep } = setUp({ staleSeconds: 100 });
    keep("a.example");
    const out = new Uint8Array(4096);
    clock.advance(399_000);
    expect(cache.answerStale(queryFor("a.example", TYPE.A), out, 0)).to.be.above(0);
    clock.advance(2000);
    expect(cache.answerStale(queryFor("a.example", TYPE.A), out, 0)).to.equal(0);
  });

  it("does not put a lower-ranked answer in place of a fresh higher one", () => {
    const { cache, keep } = setUp();
    keep("a.example", { flags: 0x20, answers: [a("a.example", "192.0.2.1")] });
    expect(keep("a.example", { answers: [a("a.example", "203.0.113.66")] })).to.equal(false);
    expect(ask(cache, "a.example")?.answers?.[0]).to.deep.include({ data: "192.0.2.1" });
  });

  it("tells once that an answer in its last tenth should be asked for again", () => {
    const { cache, clock, keep } = setUp();
    keep("a.example");
    ask(cache, "a.example");
    expect(cache.refreshDue).to.equal(false);
    clock.advance(271_000);
    cache.answer(queryFor("a.example", TYPE.A), new Uint8Array(4096), 0);
    expect(cache.refreshDue).to.equal(true);
    cache.answer(queryFor("a.example", TYPE.A), new Uint8Array(4096), 0);
    expect(cache.refreshDue).to.equal(false);
  });

  it("passes AD on only to those who asked for it", () => {
    const { cache, keep } = setUp();
    keep("a.example", { flags: 0x20, answers: [a("a.example")] });
    expect(ask(cache, "a.example")?.flag_ad).to.equal(false);
    const question = questionFor("a.example", TYPE.A, { dnssecOk: true });
    cache.store(cache.admit(question, answerTo(question, { flags: 0x20, answers: [a("a.example")] })));
    expect(ask(cache, "a.example", { dnssecOk: true })?.flag_ad).to.equal(true);
  });

  it("stays within its bytes and keeps what is asked for through a flood of names asked once", () => {
    const { cache, keep } = setUp({ bytes: 1_000_000 });
    for (let i = 0; i < 500; i++) keep(`hot${i}.example`);
    for (let i = 0; i < 500; i++) ask(cache, `hot${i}.example`);
    for (let i = 0; i < 30_000; i++) {
      keep(`flood${i}.example`);
      if (i % 50 === 0) for (let k = 0; k < 500; k += 25) ask(cache, `hot${(k + i / 50) % 500}.example`);
    }
    let kept = 0;
    for (let i = 0; i < 500; i++) if (ask(cache, `hot${i}.example`) !== undefined) kept++;
    expect(kept).to.be.above(450);
    const stats = cache.stats();
    expect(stats.bytes).to.be.at.most(1_000_000);
    expect(stats.evictions).to.be.above(10_000);
  });

  it("refuses what is too large for it instead of throwing everything out", () => {
    const { cache, keep } = setUp({ bytes: 200_000 });
    keep("small.example");
    const answers = Array.from({ length: 3500 }, (_, i) => a("huge.example", `10.0.${i >> 8}.${i & 255}`));
    expect(keep("huge.example", { answers })).to.equal(false);
    expect(ask(cache, "small.example")).to.not.equal(undefined);
  });

  it("forgets on request", () => {
    const { cache, keep } = setUp();
    keep("a.example");
    keep("b.example");
    cache.remove(questionFor("a.example", TYPE.A));
    expect(ask(cache, "a.example")).to.equal(undefined);
    expect(ask(cache, "b.example")).to.not.equal(undefined);
    cache.clear();
    expect(ask(cache, "b.example")).to.equal(undefined);
    expect(cache.stats().entries).to.equal(0);
  });
});

describe("a cache put aside and taken up again", () => {
  it("goes on with the ages it had, and drops what expired meanwhile", () => {
    const first = setUp();
    first.keep("long.example", { answers: [a("long.example", "192.0.2.1", 300)] });
    first.keep("short.example", { answers: [a("short.example", "192.0.2.2", 60)] });
    first.clock.advance(10_000);
    const saved = first.cache.save();
    const second = setUp();
    expect(second.cache.load(saved, 100)).to.equal(1);
    expect(ttlOf(ask(second.cache, "long.example"))).to.equal(190);
    expect(ask(second.cache, "short.example")).to.equal(undefined);
  });

  it("takes nothing from a file that was changed or cut", () => {
    const { cache, keep } = setUp();
    keep("a.example");
    const saved = Uint8Array.from(cache.save());
    for (const at of [0, 20, saved.length - 1]) {
      const changed = Uint8Array.from(saved);
      changed[at] = (changed[at] as number) ^ 1;
      expect(setUp().cache.load(changed, 0)).to.equal(0);
    }
    expect(setUp().cache.load(saved.subarray(0, saved.length - 8), 0)).to.equal(0);
    expect(setUp().cache.load(new Uint8Array(0), 0)).to.equal(0);
    expect(setUp().cache.load(saved, 0)).to.equal(1);
  });
});
