/** What a gateway does with .dns: answers from feeds what it verified, proves it to who asks, charges for it, and tells no recursor. */
import { createSocket } from "node:dgram";
import {
  createUpstream,
  encodeOption,
  findOption,
  OPTION,
  questionFor,
  readMessage,
  TYPE,
} from "@tolldns/dns";
import { EDNS_OPTION_TOLL } from "@tolldns/sdk";
import { decodeEvidence } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { until } from "../edge/support/stand.ts";
import { clientOf, enterBy, handedPayer, startTolled } from "../gateway/support/gateways.ts";
import { tickBytes } from "../gateway/support/payer.ts";
import { ask, type RoutesStand, rawQuery, startRoutesStand, told } from "./support/stand.ts";

/** Some 3 kB of records: evidence of them goes into no datagram. */
const LARGE = Array.from({ length: 14 }, (_, i) => `t${i} 300 TXT "${"x".repeat(200)}"`).join("\n");

describe("a gateway with .dns", () => {
  let stand: RoutesStand;
  beforeEach(async () => {
    stand = await startRoutesStand();
    stand.registry.publish("example", { zone: "@ 300 A 192.0.2.1\nwww 300 CNAME @" });
    stand.registry.publish("large", { zone: `@ 300 A 192.0.2.5\n${LARGE}` });
    stand.registry.finalize();
  });
  afterEach(() => stand.close());

  it("answers from a feed, and from what it verified until a newer root is final", async () => {
    const feed = await stand.feed();
    const gateway = await stand.gateway([feed]);
    for (const name of ["example.dns", "www.example.dns", "example.dns", "nothing.example.dns"])
      await ask(gateway, name);
    expect(feed.asked).to.deep.equal(["example.dns"]);
    stand.registry.publish("example", { zone: "@ 300 A 192.0.2.2" });
    const next = stand.registry.finalize();
    await until("the feed to be listened to", () => feed.listeners() === 1);
    const entry = {
      epoch: Number(next.epoch),
      status: "final",
      root: Buffer.from(next.root).toString("base64url"),
    };
    feed.tell("root", entry);
    await until("the newer root to be known", () => gateway.status().routes?.epoch === 2n);
    expect((await ask(gateway, "example.dns")).answers).to.deep.equal(["example.dns 1 192.0.2.2"]);
    expect(feed.asked).to.have.length(2);
  });

  it("falls back from one feed to another, and asks a second beside one that is slow", async () => {
    const gone = await stand.feed();
    gone.isGone = true;
    const stalled = await stand.feed(() => new Promise(() => {}));
    const feed = await stand.feed();
    const gateway = await stand.gateway([gone, stalled, feed]);
    expect((await ask(gateway, "example.dns")).answers).to.have.length(1);
    expect(gateway.status().routes?.feeds.map(({ failures }) => failures)).to.deep.equal([1, 0, 0]);
  });

  it("tells recursors of no .dns name, with feeds, without, and with feeds that are gone", async () => {
    const feed = await stand.feed();
    const gateway = await stand.gateway([feed]);
    const off = await stand.gateway([], { routes: undefined as never });
    await ask(gateway, "example.dns");
    await ask(gateway, "nobody.dns", TYPE.TXT);
    feed.isGone = true;
    const none = await ask(gateway, "later.dns");
    expect([none.rcode, none.ede.slice(0, 31)]).to.deep.equal([
      "SERVFAIL",
      "22 tolldns: routes-unreachable:",
    ]);
    expect((await ask(off, "example.dns")).ede).to.match(/^21 tolldns: routes-off: /);
    expect(stand.upstreamNames).to.deep.equal([]);
    await ask(gateway, "adns");
    await ask(gateway, "www.example.org");
    expect(stand.upstreamNames, "names that only look like it are ordinary").to.deep.equal([
      "adns",
      "www.example.org",
    ]);
  });

  for (const protocol of ["udp", "tcp", "dot", "doh"] as const)
    it(`adds the evidence for a client that asks for it, over ${protocol}`, async () => {
      const gateway = await stand.gateway([await stand.feed()]);
      const proven = await ask(gateway, "www.example.dns", TYPE.A, { wantsEvidence: true, protocol });
      expect(proven.answers).to.have.length(2);
      expect(proven.evidence).to.deep.equal(Buffer.from(stand.registry.last().evidence("example")));
      expect((await ask(gateway, "example.dns", TYPE.A, { protocol })).evidence).to.equal(undefined);
      const absent = await ask(gateway, "nobody.dns", TYPE.A, { wantsEvidence: true, protocol });
      expect(absent.rcode).to.equal("NXDOMAIN");
      expect(decodeEvidence(absent.evidence as Uint8Array).route).to.equal(undefined);
    });

  it("cuts an answer whose evidence fits no datagram, and gives it over TCP", async () => {
    const gateway = await stand.gateway([await stand.feed()]);
    const { port } = gateway.addresses.udp as { port: number };
    const socket = createSocket("udp4");
    const answer = await new Promise<Buffer>((resolve) => {
      socket.on("message", resolve);
      socket.send(rawQuery("large.dns", 1_232), port, "127.0.0.1");
    });
    socket.close();
    expect(answer.length).to.be.below(100);
    expect(told(answer).isTruncated).to.equal(true);
    const whole = await ask(gateway, "large.dns", TYPE.A, { wantsEvidence: true });
    expect(whole.evidence?.length).to.be.above(3_000);
    expect(whole.answers).to.deep.equal(["large.dns 1 192.0.2.5"]);
    expect((await ask(gateway, "large.dns")).isTruncated, "without evidence there is no need").to.equal(
      false,
    );
  });

  it("sends unpaid clients over UDP no more than they asked, evidence or not", async () => {
    const gateway = await stand.gateway([await stand.feed()]);
    const { port } = gateway.addresses.udp as { port: number };
    const socket = createSocket("udp4");
    const answer = await new Promise<Buffer>((resolve) => {
      socket.on("message", resolve);
      socket.send(rawQuery("large.dns", 4_096), port, "127.0.0.1");
    });
    socket.close();
    expect(answer.length).to.be.at.most(512);
  });

  it("charges for .dns as for any other name, and gives nothing without a tick", async () => {
    const feed = await stand.feed();
    const { readRoots, domain } = {
      readRoots: async () => stand.registry.roots(),
      domain: stand.registry.roots().domain,
    };
    const tolled = await startTolled({ routes: { feeds: [feed.url], chain: { readRoots, domain } } });
    const client = clientOf(tolled.gateway, "dot");
    try {
      expect(told(await client.ask(questionFor("example.dns", TYPE.A))).rcode).to.equal("REFUSED");
      expect(feed.asked).to.deep.equal([]);
      const payer = handedPayer(tolled, 3);
      await enterBy(client, payer, tolled.time.now());
      const options = Buffer.concat([
        encodeOption(EDNS_OPTION_TOLL, tickBytes(payer)),
        encodeOption(OPTION.ROUTE_EVIDENCE, new Uint8Array(0)),
      ]);
      const paid = readMessage(await client.ask(questionFor("example.dns", TYPE.A), { options }));
      expect(paid.answers).to.have.length(1);
      expect(findOption(paid.opt, OPTION.ROUTE_EVIDENCE)).to.have.length.above(200);
      expect(tolled.gateway.status()).to.include({ paid: 1, tolls: 10n });
    } finally {
      await client.close();
      await tolled.close();
    }
  });

  it("counts for Prometheus what was answered and who lied, and says when it can't do .dns", async () => {
    const feed = await stand.feed();
    const liar = await stand.feed(() => new Uint8Array(40));
    const gateway = await stand.gateway([liar, feed], { metrics: { port: 0 } });
    await ask(gateway, "example.dns");
    const base = `http://127.0.0.1:${gateway.addresses.metrics?.port}`;
    const text = await (await fetch(`${base}/metrics`)).text();
    for (const line of [
      'tolldns_routes_total{what="answered"} 1',
      'tolldns_routes_total{what="lies"} 1',
      "tolldns_routes_epoch 1",
    ])
      expect(text.split("\n")).to.include(line);
    expect((await fetch(`${base}/healthz`)).status).to.equal(200);
    feed.isGone = true;
    await ask(gateway, "large.dns");
    const sick = await fetch(`${base}/healthz`);
    expect([sick.status, await sick.text()]).to.satisfy(
      ([status, body]: [number, string]) => status === 503 && body.includes("no feed of .dns routes answers"),
    );
  });

  it("refuses meta types and ANY as everywhere", async () => {
    const gateway = await stand.gateway([await stand.feed()]);
    expect((await ask(gateway, "example.dns", 252, { protocol: "tcp" })).rcode).to.equal("NOTIMP");
    const any = await ask(gateway, "example.dns", 255, { protocol: "tcp" });
    expect(any.answers).to.have.length(1);
  });
});

describe("the client of a gateway with .dns", () => {
  it("asks once for a name however many programs wait for it", async () => {
    const stand = await startRoutesStand();
    try {
      stand.registry.publish("example", { zone: "@ 300 A 192.0.2.1" });
      stand.registry.finalize();
      const feed = await stand.feed();
      const gateway = await stand.gateway([feed]);
      const stub = createUpstream({
        protocol: "udp",
        address: "127.0.0.1",
        port: (gateway.addresses.udp as { port: number }).port,
      });
      await Promise.all(Array.from({ length: 20 }, () => stub.ask(questionFor("example.dns", TYPE.A))));
      await stub.close();
      expect(feed.asked).to.deep.equal(["example.dns"]);
    } finally {
      await stand.close();
    }
  });
});
