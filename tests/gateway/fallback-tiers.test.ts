import { questionFor, readMessage, TYPE } from "@tolldns/dns";
import { type RunningGateway, startGateway, type UpstreamOptions } from "@tolldns/gateway";
import { expect } from "chai";
import { createLog } from "../../clients/gateway/src/observe/log.ts";
import { startRecursor } from "../../clients/gateway/src/recursor/supervise.ts";
import { type SignedHierarchy, startSignedHierarchy } from "../e2e/signed-hierarchy.ts";
import { temporaryFolder } from "./support/booths.ts";
import { type Faulty, startFaulty } from "./support/faulty.ts";
import { clientOf, read } from "./support/gateways.ts";
import { ADDRESS, type Resolver, startResolver, ZONE } from "./support/resolvers.ts";
import { load, type Opened, open, pause, until } from "./support/stand-in.ts";
import { alwaysA, startUpstream } from "./support/upstream.ts";

const QUICK = { dwell: 1, ramp: 1, canary: { intervalMs: 200 } };

describe("what a gateway falls back to", function () {
  this.timeout(120_000);
  let resolver: Resolver;
  const all: Faulty[] = [];
  let opened: Opened | undefined;
  let gateway: RunningGateway | undefined;

  before(async () => {
    resolver = await startResolver("unbound");
    for (let i = 0; i < 6; i++) all.push(await startFaulty(resolver));
  });

  afterEach(async () => {
    for (const one of all) one.fail("none");
    await opened?.close();
    await gateway?.close();
    opened = undefined;
    gateway = undefined;
  });

  after(async () => {
    await Promise.all(all.map((one) => one.close()));
    await resolver?.close();
  });

  /** Two backends, three voters, one centralised upstream. */
  const [BACKENDS, VOTERS, CENTRAL] = [[0, 1], [2, 3, 4], [5]] as const;
  const upstreams = (places: readonly number[]): UpstreamOptions[] =>
    places.map((i) => ({ kind: "udp", host: "127.0.0.1", port: all[i]?.port as number }));
  const fail = (places: readonly number[], fault: Parameters<Faulty["fail"]>[0]) => {
    for (const i of places) all[i]?.fail(fault);
  };
  const asked = (places: readonly number[]) => places.reduce((sum, i) => sum + (all[i]?.asked() ?? 0), 0);
  const fallback = () => ({
    quorum: { upstreams: upstreams(VOTERS), ask: 3, agree: 2 },
    central: upstreams(CENTRAL),
  });

  it("is a quorum, then a centralised upstream, then nobody, and back again by itself", async () => {
    const made = open({ upstreams: upstreams(BACKENDS), fallback: fallback(), router: QUICK });
    opened = made;
    const tier = () => made.router().tier;
    const lost = (said: readonly { rcode: number }[]) => said.filter(({ rcode }) => rcode !== 0).length;
    const before = asked([...VOTERS, ...CENTRAL]);
    await load(made, (said) => said.length >= 40);
    expect(tier()).to.equal(0);
    expect(asked([...VOTERS, ...CENTRAL]) - before, "lower tiers hear nothing of users").to.equal(0);

    fail(BACKENDS, "lose");
    const byQuorum = await load(made, () => tier() === 1);
    byQuorum.push(...(await load(made, (said) => said.length >= 30)));
    expect([tier(), lost(byQuorum)]).to.deep.equal([1, 0]);

    fail(VOTERS, "servfail");
    const byCentral = await load(made, () => tier() === 2);
    byCentral.push(...(await load(made, (said) => said.length >= 30)));
    expect([tier(), lost(byCentral)]).to.deep.equal([2, 0]);

    fail(CENTRAL, "lose");
    await load(made, () => tier() === 3, { everyMs: 50 });
    expect(made.isDown()).to.equal(true);

    fail([...BACKENDS, ...VOTERS, ...CENTRAL], "none");
    await load(made, () => tier() === 0, { everyMs: 50 });
    expect(tier()).to.equal(0);
    expect(lost(await load(made, (said) => said.length >= 30))).to.equal(0);
    const story = made.log.filter(({ kind }) => kind === "fallback" || kind === "restore");
    expect(story.slice(0, 3).map(({ kind, subject }) => `${kind} ${subject}`)).to.deep.equal([
      "fallback upstream quorum",
      "fallback centralised upstreams",
      "fallback stale cache",
    ]);
    expect(story.at(-1)).to.include({ kind: "restore", subject: "backends" });
  });

  it("answers by quorum what most voters say, though one of them lies", async () => {
    const made = open({ upstreams: upstreams(BACKENDS), fallback: fallback(), router: QUICK });
    opened = made;
    fail(BACKENDS, "refuse");
    fail([VOTERS[0]], "lie");
    const said = await load(made, () => made.router().tier === 1);
    said.push(...(await load(made, (more) => more.length >= 30)));
    expect(said.every(({ rcode, address }) => rcode === 0 && address === ADDRESS)).to.equal(true);
  });

  it("leaves the rest to the tier in use while a backend that was dead comes back", async () => {
    const made = open({
      upstreams: upstreams([0]),
      fallback: { central: upstreams(CENTRAL) },
      router: { dwell: 3, ramp: 3 },
    });
    opened = made;
    await load(made, (said) => said.length >= 20);
    fail([0], "lose");
    await load(made, () => made.router().tier === 2);
    fail([0], "none");
    await load(made, () => made.upstreams()[0]?.standing === "back");
    const counts = [asked([0]), asked(CENTRAL)] as const;
    const said = await load(made, (more) => more.length >= 60, { everyMs: 10 });
    const [own, central] = [asked([0]) - counts[0], asked(CENTRAL) - counts[1]];
    expect(said.every(({ address }) => address === ADDRESS)).to.equal(true);
    expect(central, "in the first second of three most is still elsewhere").to.be.above(own);
    await load(made, () => made.router().tier === 0);
    expect(made.log.at(-1)).to.include({ kind: "restore" });
  });

  it("gives stale answers when nobody is left, and fresh ones as soon as somebody is", async () => {
    const short = await startUpstream(alwaysA("192.0.2.7", 1));
    gateway = await startGateway({
      listen: { udp: 0, tcp: 0 },
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: short.port }],
      router: { ...QUICK, canary: { intervalMs: 100 } },
      metrics: { port: 0 },
      log: { level: "error" },
    });
    const client = clientOf(gateway, "tcp");
    const question = questionFor("kept.example", TYPE.A);
    try {
      expect(read(await client.ask(question))).to.include({ rcode: 0, answers: 1 });
      short.behave(() => undefined);
      await until(() => gateway?.status().router.tier === 3, "nobody is left");
      const metrics = `http://127.0.0.1:${gateway.addresses.metrics?.port}`;
      const health = async () => (await fetch(`${metrics}/healthz`)).status;
      for (let i = 0; i < 100 && (await health()) !== 503; i++) await pause(50);
      expect(await health()).to.equal(503);
      await pause(1_100);
      expect(read(await client.ask(question))).to.include({ rcode: 0, answers: 1 });
      expect(readMessage(await client.ask(question)).answers[0]?.ttl).to.equal(30);
      short.behave(alwaysA("192.0.2.8", 300));
      await until(() => gateway?.status().router.tier === 0, "it is back");
      let address = "";
      for (let i = 0; i < 100 && address !== "192.0.2.8"; i++) {
        address = readMessage(await client.ask(question)).answers[0]?.data.join(".") ?? "";
        await pause(50);
      }
      expect(address).to.equal("192.0.2.8");
      for (let i = 0; i < 100 && (await health()) !== 200; i++) await pause(50);
      expect(await health()).to.equal(200);
    } finally {
      await client.close();
      await short.close();
    }
  });

  it("is told to the operator without an address", async () => {
    gateway = await startGateway({
      listen: { udp: 0, tcp: 0 },
      upstreams: upstreams(BACKENDS),
      fallback: fallback(),
      router: QUICK,
      metrics: { port: 0 },
      log: { level: "error" },
    });
    fail(BACKENDS, "refuse");
    const client = clientOf(gateway, "tcp");
    for (let i = 0; i < 100 && gateway.status().router.tier === 0; i++)
      await client.ask(questionFor(`t${i}.${ZONE}`, TYPE.A));
    await client.close();
    const metrics = `http://127.0.0.1:${gateway.addresses.metrics?.port}`;
    const health = await (await fetch(`${metrics}/healthz`)).text();
    expect(JSON.parse(health)).to.deep.include({ ok: true, reasons: [] });
    expect(health)
      .to.contain("on fallback: the upstream quorum")
      .and.to.match(/upstream 0 \(udp\) is out: it /);
    const text = await (await fetch(`${metrics}/metrics`)).text();
    expect(text)
      .to.match(/^tolldns_router_tier 1$/m)
      .and.to.match(/^tolldns_upstream_share\{upstream="0 udp"\} 0$/m);
    expect(text).to.match(/^tolldns_router_total\{what="ejections"\} [2-9]$/m);
    expect(health + text).not.to.match(/\d+\.\d+\.\d+\.\d+/);
  });

  it("must make sense", async () => {
    const start = (more: object) =>
      startGateway({ listen: { udp: 0 }, upstreams: upstreams([0]), ...more }).then(
        async (made) => {
          await made.close();
          return "started";
        },
        (error: { code: string }) => error.code,
      );
    for (const wrong of [
      { fallback: { central: upstreams([0]) } },
      { fallback: { quorum: { upstreams: upstreams([1, 2]), ask: 3, agree: 2 } } },
      { fallback: { quorum: { upstreams: upstreams([1, 2]), ask: 2, agree: 0 } } },
      { confirm: { ask: 1, agree: 1, share: 0 } },
      { router: { margin: -1 } },
      { router: { hedge: 2 } },
      { router: { canary: { intervalMs: 1 } } },
      { upstreams: [{ ...upstreams([0])[0], quota: { perDay: 0 } }] },
    ])
      expect(await start(wrong), JSON.stringify(wrong)).to.equal("option-range");
  });
});

describe("a gateway whose backends don't all validate", function () {
  this.timeout(120_000);
  let hierarchy: SignedHierarchy;
  const folder = temporaryFolder();
  const closing: (() => Promise<unknown>)[] = [];
  let ports: { readonly validating: number; readonly plain: number };

  before(async () => {
    hierarchy = await startSignedHierarchy();
    closing.push(() => hierarchy.close());
    const silent = createLog({ level: "error", write: () => {} }, () => 0);
    const recurse = async (name: string, extra: readonly string[]) => {
      const made = await startRecursor(
        {
          kind: "unbound",
          startSeconds: 60,
          folder: `${folder.path}/${name}`,
          rootHints: hierarchy.rootHints,
          trustAnchors: hierarchy.trustAnchors,
          extra: [...hierarchy.unbound, ...extra],
        },
        silent,
      );
      closing.push(() => made.close());
      return made.port;
    };
    ports = {
      validating: await recurse("validating", []),
      plain: await recurse("plain", ['module-config: "iterator"']),
    };
  });

  after(async () => {
    for (const close of closing.reverse()) await close();
    folder.remove();
  });

  for (const order of ["validating", "plain"] as const)
    it(`fails what is bogus and answers what is not, asking the ${order} one first, and puts neither out`, async () => {
      const ports_ =
        order === "validating" ? [ports.validating, ports.plain] : [ports.plain, ports.validating];
      const backends = open({
        upstreams: ports_.map((port) => ({ kind: "udp", host: "127.0.0.1", port })),
        // All of them, where the one that can't tell would be asked first.
        ...(order === "plain" ? { confirm: { ask: 2, agree: 2 } } : {}),
      });
      const code = async (name: string) =>
        backends.ask(questionFor(name, TYPE.A)).then(
          ({ message }) => readMessage(message).rcode,
          () => -1,
        );
      try {
        expect(await code("www.example.test")).to.equal(0);
        for (let i = 0; i < 12; i++) expect(await code("www.bogus.test"), "bogus").to.be.oneOf([2, -1]);
        expect(await code("page.example.test")).to.equal(0);
        expect(backends.router().ejections).to.equal(0);
      } finally {
        await backends.close();
      }
    });

  it("believes a validating backend that vouches for what another fails to resolve", async () => {
    const broken = await startUpstream(() => ({ rcode: 2 }));
    const backends = open({
      upstreams: [broken.port, ports.validating].map((port) => ({ kind: "udp", host: "127.0.0.1", port })),
    });
    try {
      for (let i = 0; i < 5; i++)
        expect(
          readMessage((await backends.ask(questionFor("www.example.test", TYPE.A))).message).rcode,
        ).to.equal(0);
    } finally {
      await backends.close();
      await broken.close();
    }
  });
});
