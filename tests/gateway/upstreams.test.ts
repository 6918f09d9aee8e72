import { type Question, questionFor, readMessage, systemClock, TYPE } from "@tolldns/dns";
import { startGateway, type UpstreamOptions } from "@tolldns/gateway";
import { expect } from "chai";
import { type Backends, openBackends } from "../../clients/gateway/src/upstream/backends.ts";
import { nameOf, toExchange } from "../../clients/gateway/src/upstream/build.ts";
import { canonicalAnswer } from "../../clients/gateway/src/upstream/canonical.ts";
import { parseResolvConf, systemUpstreams } from "../../clients/gateway/src/upstream/resolv-conf.ts";
import { randomFrom, seed } from "../edge/support/seed.ts";
import { temporaryFolder } from "./support/booths.ts";
import { askUnpaid, clientOf } from "./support/gateways.ts";
import { alwaysA, type Behaviour, type FixtureUpstream, startUpstream } from "./support/upstream.ts";

const QUESTION: Question = questionFor("example.com", TYPE.A);

describe("upstreams", function () {
  this.timeout(60_000);
  const fixtures: FixtureUpstream[] = [];
  let backends: Backends | undefined;

  afterEach(async () => {
    await backends?.close();
    backends = undefined;
    await Promise.all(fixtures.splice(0).map((one) => one.close()));
  });

  /** What asks fixtures that behave so. */
  async function backendsOf(
    behaviours: readonly Behaviour[],
    more: Partial<Parameters<typeof openBackends>[0]> = {},
  ): Promise<(question: Question) => Promise<Uint8Array>> {
    for (const behaviour of behaviours) fixtures.push(await startUpstream(behaviour));
    const made = openBackends({
      upstreams: fixtures.map(({ port }) => ({ kind: "udp", host: "127.0.0.1", port })),
      clock: systemClock,
      wall: () => Date.now() / 1000,
      timeoutMs: 2000,
      random: randomFrom(seed),
      onLiar: () => {},
      ...more,
    });
    backends = made;
    return async (question) => (await made.ask(question)).message;
  }

  const address = (message: Uint8Array) => [...(readMessage(message).answers[0]?.data ?? [])].join(".");
  const stalls: Behaviour = () => undefined;
  const fails: Behaviour = () => ({ rcode: 2 });

  describe("without a quorum", () => {
    it("are left for the next when they stall", async () => {
      const ask = await backendsOf([stalls, alwaysA("192.0.2.1")]);
      expect(address(await ask(QUESTION))).to.equal("192.0.2.1");
    });

    it("are left for the next when they answer SERVFAIL or REFUSED", async () => {
      const ask = await backendsOf([fails, () => ({ rcode: 5 }), alwaysA("192.0.2.1")]);
      expect(address(await ask(QUESTION))).to.equal("192.0.2.1");
    });

    it("answer SERVFAIL when all of them do", async () => {
      const ask = await backendsOf([fails, fails]);
      expect(readMessage(await ask(QUESTION)).rcode).to.equal(2);
    });

    it("aren't asked one after another for the time of all", async () => {
      const ask = await backendsOf([stalls, stalls]);
      const started = performance.now();
      const error = await ask(QUESTION).catch((thrown: unknown) => thrown);
      expect((error as { code: string }).code).to.equal("exchange-timeout");
      expect(performance.now() - started).to.be.lessThan(3900);
    });
  });

  describe("that must agree", () => {
    const quorumOf = (ask: number, agree: number, ...behaviours: Behaviour[]) =>
      backendsOf(behaviours, { confirm: { ask, agree }, timeoutMs: 1500 });
    const failure = async (promise: Promise<Uint8Array>) => {
      const error = (await promise.catch((thrown: unknown) => thrown)) as { ede?: { text?: string } };
      return error.ede?.text;
    };

    it("answer what two of three say, whatever the third says", async () => {
      const ask = await quorumOf(3, 2, alwaysA("203.0.113.66"), alwaysA("192.0.2.1"), alwaysA("192.0.2.1"));
      expect(address(await ask(QUESTION))).to.equal("192.0.2.1");
    });

    it("agree though TTLs, order and letter case differ, and the shortest TTL counts", async () => {
      const two =
        (flip: boolean, ttl: number): Behaviour =>
        ({ name }) => {
          const answers = ["192.0.2.1", "192.0.2.2"].map((data) => ({
            type: "A" as const,
            name: flip ? name.toUpperCase() : name,
            ttl,
            data,
          }));
          return { answers: flip ? answers.reverse() : answers };
        };
      const ask = await quorumOf(2, 2, two(false, 300), two(true, 30));
      const message = readMessage(await ask(QUESTION));
      expect(message.answers.map((record) => record.ttl)).to.deep.equal([30, 30]);
    });

    it("fail closed when they disagree", async () => {
      const ask = await quorumOf(3, 2, alwaysA("192.0.2.1"), alwaysA("192.0.2.2"), alwaysA("192.0.2.3"));
      expect(await failure(ask(QUESTION))).to.equal("upstreams disagree");
    });

    it("fail closed when too few answer", async () => {
      const ask = await quorumOf(3, 2, alwaysA("192.0.2.1"), fails, fails);
      expect(await failure(ask(QUESTION))).to.equal("too few upstreams answered");
    });

    it("never agree on a failure", async () => {
      const ask = await quorumOf(3, 2, fails, fails, fails);
      expect(await failure(ask(QUESTION))).to.equal("too few upstreams answered");
    });

    it("ask another in place of one that fails", async () => {
      const ask = await quorumOf(2, 2, fails, alwaysA("192.0.2.1"), alwaysA("192.0.2.1"));
      expect(address(await ask(QUESTION))).to.equal("192.0.2.1");
    });

    it("ask another beside one that is silent, in time for an answer", async () => {
      const ask = await quorumOf(2, 2, stalls, alwaysA("192.0.2.1"), alwaysA("192.0.2.1"));
      for (let i = 0; i < 10; i++) expect(address(await ask(QUESTION))).to.equal("192.0.2.1");
    });

    it("call an answer authentic only if all that agree do", async () => {
      const said =
        (authentic: boolean): Behaviour =>
        ({ name }) => ({
          answers: [{ type: "A", name, ttl: 60, data: "192.0.2.1" }],
          authentic,
        });
      const mixed = await quorumOf(2, 2, said(true), said(false));
      expect(readMessage(await mixed(QUESTION)).flags & 0x20).to.equal(0);
    });

    it("tell a gateway's client by an extended error that they disagree", async () => {
      for (const data of ["192.0.2.1", "192.0.2.2"]) fixtures.push(await startUpstream(alwaysA(data)));
      const gateway = await startGateway({
        listen: { udp: 0, tcp: 0 },
        upstreams: fixtures.map(({ port }) => ({ kind: "udp", host: "127.0.0.1", port })),
        confirm: { ask: 2, agree: 2 },
        log: { level: "error" },
      });
      const client = clientOf(gateway, "tcp");
      const said = await askUnpaid(client, "example.com");
      expect(said).to.include({ rcode: 2, text: "upstreams disagree", answers: 0 });
      await client.close();
      await gateway.close();
    });
  });

  it("can't be asked to agree in greater number than there are", async () => {
    for (const confirm of [
      { ask: 2, agree: 2 },
      { ask: 1, agree: 2 },
      { ask: 1, agree: 0 },
    ]) {
      const start = startGateway({
        listen: { udp: 0 },
        upstreams: [{ kind: "udp", host: "127.0.0.1" }],
        confirm,
      });
      const error = (await start.catch((thrown: unknown) => thrown)) as { code: string };
      expect(error.code).to.equal("option-range");
    }
  });

  it("say the same if only signatures differ", () => {
    const parse = (rrsig: number) =>
      canonicalAnswer({
        id: 0,
        flags: 0,
        rcode: 0,
        questionEnd: 0,
        questions: 1,
        authority: [],
        additional: [],
        opt: undefined,
        answers: [
          { owner: Uint8Array.of(0), type: TYPE.A, class: 1, ttl: 1, data: Uint8Array.of(1, 2, 3, 4) },
          { owner: Uint8Array.of(0), type: TYPE.RRSIG, class: 1, ttl: 1, data: Uint8Array.of(rrsig) },
        ],
      });
    expect(parse(1)).to.equal(parse(2));
  });

  it("come from resolv.conf, without the gateway itself", () => {
    const text =
      "# c\nnameserver 192.0.2.53\n nameserver  2001:db8::53 \nnameserver bogus\nnameserver 127.0.0.1\n";
    expect(parseResolvConf(text)).to.deep.equal(["192.0.2.53", "2001:db8::53", "127.0.0.1"]);
    const hosts = systemUpstreams(text, { host: "127.0.0.1", port: 53 }).map(
      (one) => (one as { host: string }).host,
    );
    expect(hosts).to.deep.equal(["192.0.2.53", "2001:db8::53"]);
  });

  it("must be IP addresses, since a resolver can't look itself up", () => {
    expect(() => toExchange({ kind: "udp", host: "dns.example" }, 1000)).to.throw("option-range");
    expect(() => toExchange({ kind: "doh", url: "https://dns.example/dns-query" }, 1000)).to.throw(
      "option-range",
    );
    expect(() => toExchange({ kind: "doh", url: "http://192.0.2.1/dns-query" }, 1000)).to.throw(
      "option-range",
    );
    const doh = toExchange({ kind: "doh", url: "https://dns.example/q", host: "192.0.2.1" }, 1000);
    expect(doh).to.include({ address: "192.0.2.1", port: 443, serverName: "dns.example", path: "/q" });
  });

  it("have the names the chain knows them by", () => {
    const named = (options: UpstreamOptions) => nameOf(options, toExchange(options, 1000));
    expect(named({ kind: "udp", host: "192.0.2.1" })).to.equal("udp://192.0.2.1:53");
    expect(named({ kind: "tcp", host: "2001:DB8::1", port: 5353 })).to.equal("tcp://[2001:db8::1]:5353");
    expect(named({ kind: "dot", host: "192.0.2.1", name: "dns.example" })).to.equal(
      "tls://192.0.2.1:853#dns.example",
    );
    expect(named({ kind: "doh", url: "https://dns.example/q", host: "192.0.2.1" })).to.equal(
      "https://dns.example/q@192.0.2.1",
    );
  });

  it("may be asked over TLS and HTTPS", async () => {
    const folder = temporaryFolder();
    const fixture = await startUpstream(alwaysA("192.0.2.9"));
    fixtures.push(fixture);
    const behind = await startGateway({
      listen: { dot: 0, doh: 0 },
      certificate: { kind: "development", folder: folder.path },
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: fixture.port }],
      log: { level: "error" },
    });
    const ca = behind.authority as string;
    const ways: UpstreamOptions[] = [
      { kind: "dot", host: "127.0.0.1", port: behind.addresses.dot?.port as number, name: "localhost", ca },
      {
        kind: "doh",
        url: `https://localhost:${behind.addresses.doh?.port}/dns-query`,
        host: "127.0.0.1",
        ca,
      },
    ];
    for (const way of ways) {
      const front = await startGateway({ listen: { tcp: 0 }, upstreams: [way], log: { level: "error" } });
      const client = clientOf(front, "tcp");
      expect(await askUnpaid(client, "behind.example"), way.kind).to.include({ rcode: 0, answers: 1 });
      await client.close();
      await front.close();
    }
    await behind.close();
    folder.remove();
  });
});
