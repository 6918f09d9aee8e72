import { questionFor, readMessage, TYPE, type Upstream } from "@tolldns/dns";
import { type GatewayOptions, type RunningGateway, startGateway } from "@tolldns/gateway";
import { expect } from "chai";
import { askUnpaid, clientOf } from "../../gateway/support/gateways.ts";
import {
  alwaysA,
  type Behaviour,
  type FixtureUpstream,
  startUpstream,
} from "../../gateway/support/upstream.ts";

describe("attacks by upstreams", function () {
  this.timeout(60_000);
  let upstream: FixtureUpstream;
  let gateway: RunningGateway;
  let client: Upstream;

  async function open(behaviour: Behaviour, options: Partial<GatewayOptions> = {}) {
    upstream = await startUpstream(behaviour);
    gateway = await startGateway({
      listen: { udp: 0, tcp: 0 },
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
      timeoutMs: 1500,
      log: { level: "error" },
      ...options,
      limits: { freeRate: 1e6, clientRate: 1e6, clientBurst: 1e6, ...options.limits },
    });
    client = clientOf(gateway, "tcp");
  }

  afterEach(async () => {
    await client.close();
    await gateway.close();
    await upstream.close();
  });

  it("takes nothing of an answer that belongs to other names", async () => {
    await open(({ name }) => ({
      answers: [
        { type: "A", name, ttl: 300, data: "192.0.2.1" },
        { type: "A", name: "bank.example", ttl: 300, data: "203.0.113.66" },
      ],
      authorities: [{ type: "NS", name: "example", ttl: 300, data: "ns.evil.example" }],
      additionals: [{ type: "A", name: "bank.example", ttl: 300, data: "203.0.113.66" }],
    }));
    const message = readMessage(await client.ask(questionFor("www.example", TYPE.A)));
    expect(message.answers.map((record) => record.data.join("."))).to.deep.equal(["192.0.2.1"]);
    expect([message.authority.length, message.additional.length]).to.deep.equal([0, 0]);
    upstream.behave(alwaysA("192.0.2.5"));
    const bank = readMessage(await client.ask(questionFor("bank.example", TYPE.A)));
    expect(bank.answers[0]?.data.join(".")).to.equal("192.0.2.5");
  });

  it("follows no referral, however many name servers it names (NXNS)", async () => {
    await open(({ name }) => ({
      authorities: Array.from({ length: 40 }, (_, i) => ({
        type: "NS" as const,
        name,
        ttl: 300,
        data: `ns${i}.victim.example`,
      })),
    }));
    const said = await askUnpaid(client, "attack.example");
    expect(said.answers).to.equal(0);
    expect(upstream.asked()).to.equal(1);
  });

  it("spends no time on piles of keys and signatures (KeyTrap)", async () => {
    const rrsig = {
      type: "RRSIG" as const,
      name: "keys.example",
      ttl: 300,
      data: {
        typeCovered: "A",
        algorithm: 13,
        labels: 2,
        originalTTL: 300,
        expiration: 4_000_000_000,
        inception: 1,
        keyTag: 1,
        signersName: "keys.example",
        signature: Buffer.alloc(64, 1),
      },
    };
    await open(({ name }, via) =>
      via === "udp"
        ? { cut: true }
        : {
            answers: [
              { type: "A", name, ttl: 300, data: "192.0.2.1" },
              ...Array.from({ length: 250 }, (_, i) => ({
                ...rrsig,
                name,
                data: { ...rrsig.data, keyTag: i, signature: Buffer.alloc(64, i) },
              })),
            ] as never,
          },
    );
    const started = performance.now();
    const message = await client.ask(questionFor("keys.example", TYPE.A, { dnssecOk: true }));
    expect(readMessage(message).answers.length).to.be.greaterThan(200);
    expect(performance.now() - started).to.be.lessThan(3000);
  });

  it("asks over TCP when an answer is cut, and answers SERVFAIL when TCP is reset", async () => {
    await open(({ name }, via) =>
      via === "udp" ? { cut: true } : { answers: [{ type: "A", name, ttl: 60, data: "192.0.2.1" }] },
    );
    expect(await askUnpaid(client, "cut.example")).to.include({ rcode: 0, answers: 1, truncated: false });
    upstream.behave((_, via) => (via === "udp" ? { cut: true } : { reset: true }));
    const said = await askUnpaid(client, "reset.example");
    expect(said).to.include({ rcode: 2, answers: 0 });
  });

  it("answers SERVFAIL with an extended error in bounded time when an upstream stalls", async () => {
    await open(() => undefined);
    const started = performance.now();
    const said = await askUnpaid(client, "stall.example");
    expect(said).to.include({ rcode: 2, answers: 0 });
    expect(performance.now() - started).to.be.within(1000, 6000);
  });

  const lies: readonly [string, (query: Buffer) => Buffer][] = [
    ["another id", (query) => respond(query, (out) => out.writeUInt16BE(out.readUInt16BE(0) ^ 1, 0))],
    ["another question", (query) => respond(query, (out) => out.writeUInt8((out[13] as number) ^ 1, 13))],
    [
      "another case of the question",
      (query) => respond(query, (out) => out.writeUInt8((out[13] as number) ^ 0x20, 13)),
    ],
    ["a query in place of an answer", (query) => query],
    ["half a message", (query) => query.subarray(0, 20)],
    ["a pointer that loops", (query) => loop(query)],
    ["nothing but noise", () => Buffer.alloc(300, 0xff)],
  ];
  for (const [what, lie] of lies) {
    it(`takes no answer with ${what}`, async () => {
      await open(({ bytes }, via) => (via === "udp" ? { raw: lie(bytes) } : undefined));
      const said = await askUnpaid(client, "lied.example");
      expect(said).to.include({ rcode: 2, answers: 0 });
    });
  }

  const homes: readonly [string, number, string][] = [
    ["A 10.0.0.1", TYPE.A, "10.0.0.1"],
    ["A 127.0.0.1", TYPE.A, "127.0.0.1"],
    ["A 169.254.169.254", TYPE.A, "169.254.169.254"],
    ["AAAA fd00::1", TYPE.AAAA, "fd00::1"],
    ["AAAA ::1", TYPE.AAAA, "::1"],
    ["AAAA ::ffff:192.168.0.1", TYPE.AAAA, "::ffff:192.168.0.1"],
  ];
  for (const [what, type, data] of homes) {
    it(`gives no page of a public name ${what} (rebinding)`, async () => {
      await open(({ name }) => ({ answers: [{ type: type === TYPE.A ? "A" : "AAAA", name, ttl: 1, data }] }));
      expect(await askUnpaid(client, "evil.example", type)).to.include({
        rcode: 2,
        answers: 0,
        text: "private address for a public name",
      });
    });
  }

  it("lets names point home that the operator or the standards call private", async () => {
    await open(alwaysA("192.168.1.10"), { privateNames: ["corp.example"] });
    for (const name of ["printer.home.arpa", "nas.local", "wiki.corp.example", "corp.example"])
      expect(await askUnpaid(client, name), name).to.include({ rcode: 0, answers: 1 });
    expect(await askUnpaid(client, "notcorp.example")).to.include({ rcode: 2 });
  });

  it("keeps answering other zones while one is flooded with random names (water torture)", async () => {
    const stalled: Behaviour = ({ name }) =>
      name.endsWith("victim.example")
        ? undefined
        : { answers: [{ type: "A", name, ttl: 60, data: "192.0.2.1" }] };
    await open(stalled, { limits: { maxInFlight: 256, maxInFlightPerClient: 1e6 } });
    const flood = Array.from({ length: 1000 }, (_, i) =>
      client.ask(questionFor(`r${i}.victim.example`, TYPE.A)).catch(() => undefined),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const started = performance.now();
    expect(await askUnpaid(client, "innocent.example")).to.include({ rcode: 0, answers: 1 });
    expect(performance.now() - started).to.be.lessThan(3000);
    expect(upstream.asked()).to.be.lessThan(256);
    await Promise.all(flood);
  });

  it("lets one client have only its share of questions under way", async () => {
    await open(() => undefined, { limits: { maxInFlightPerClient: 16 } });
    const flood = Array.from({ length: 200 }, (_, i) =>
      askUnpaid(client, `r${i}.z${i}.example`).catch(() => undefined),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(upstream.asked()).to.be.lessThan(40);
    const answers = await Promise.all(flood);
    expect(answers.filter((said) => said?.text === "too many questions under way").length).to.be.greaterThan(
      150,
    );
  });
});

function respond(query: Buffer, change: (out: Buffer) => void): Buffer {
  const out = Buffer.from(query);
  out[2] = (out[2] as number) | 0x80;
  change(out);
  return out;
}

/** An answer whose one record's name points at itself. */
function loop(query: Buffer): Buffer {
  let end = 12;
  while (query[end] !== 0) end += (query[end] as number) + 1;
  end += 5;
  const head = Buffer.from(query.subarray(0, end));
  head[2] = 0x81;
  head[3] = 0x80;
  head.writeUInt16BE(1, 6);
  head.writeUInt16BE(0, 10);
  const record = Buffer.from([0xc0, end, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
  return Buffer.concat([head, record]);
}
