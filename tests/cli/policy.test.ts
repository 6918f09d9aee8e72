import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PROGRAMS } from "@tolldns/migrations";
import { openDecisionLog } from "@tolldns/policy/log/log";
import { formatTarget } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { decisionFolder } from "../../clients/cli/src/policy/logs.ts";
import { readTarget } from "../../clients/cli/src/policy/targets.ts";
import { type CliRig, startCliRig } from "./rig.ts";
import { cleanEnv, TOLLDNS, tolldns } from "./run.ts";

const BACKEND = "udp://192.0.2.1:53";
const GATEWAY = "https://dns.example.org";

describe("targets on the command line", () => {
  for (const [text, name] of [
    [BACKEND, BACKEND],
    ["udp://192.0.2.1", BACKEND],
    ["tcp://[2001:db8::1]", "tcp://[2001:db8::1]:53"],
    ["tls://192.0.2.1#dns.example.net", "tls://192.0.2.1:853#dns.example.net"],
    ["https://dns.example.net/dns-query#192.0.2.1", "https://dns.example.net/dns-query@192.0.2.1"],
    ["https://dns.example.net/dns-query@192.0.2.1", "https://dns.example.net/dns-query@192.0.2.1"],
    [GATEWAY, GATEWAY],
    [`${GATEWAY}/`, GATEWAY],
    ["https://dns.example.org:8443", "https://dns.example.org:8443"],
  ] as const)
    it(`reads ${text}`, () => expect(formatTarget(readTarget(text))).to.equal(name));

  for (const text of [
    "",
    "192.0.2.1",
    "udp://dns.example.org",
    "ftp://192.0.2.1",
    "https://dns.example.org/dns-query",
  ])
    it(`refuses ${JSON.stringify(text)}`, () =>
      expect(() => readTarget(text)).to.throw("no backend and no gateway"));
});

describe("tolldns policy and verifier", function () {
  this.timeout(240_000);
  let rig: CliRig;
  const file = (name: string) => join(rig.folder, name);
  const key = (name: string) => ["--verifier-key", file(name)];
  before(async () => {
    rig = await startCliRig({
      programs: PROGRAMS,
      policyTerms: { window: 5, report: 5, dwell: 5, roster: 600, enrol: 300, evidence: 60, strike: 600 },
    });
    for (const wallet of ["owner", "other"]) {
      await rig.ok(wallet, "wallet", "create");
      await rig.ok(wallet, "stake", "fund", "300000");
    }
  });
  after(() => rig?.close());

  /** Commands that sign nothing take no wallet. */
  const bare = async (...args: string[]) => {
    const { code, stdout, stderr } = await tolldns([...args, "--json", "--config", file("config.toml")]);
    return code === 0
      ? JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")
      : { exit: code, ...JSON.parse(stderr).error };
  };

  it("says what to do on a chain without the program", async () => {
    const refused = await bare("policy", "--policy-program", "11111111111111111111111111111111");
    expect(refused).to.include({ code: "policy-missing", exit: 4 });
    expect(refused.hint).to.include("--policy-program");
  });

  it("tells the terms where nothing is registered yet", async () => {
    const status = await bare("policy");
    expect(status).to.deep.include({ paused: false, roster: null, targets: [], set: null });
    expect(status.terms).to.include({ window: 5, quorumBps: 6_700, regions: 3 });
  });

  it("registers targets once, whoever asks", async () => {
    const first = await rig.ok("owner", "policy", "register", "udp://192.0.2.1");
    expect(first).to.include({ kind: "backend", name: BACKEND, changed: true });
    expect(await rig.ok("other", "policy", "register", BACKEND)).to.include({ changed: false, id: first.id });
    await rig.ok("other", "policy", "register", GATEWAY);
    const { targets } = await bare("policy", "status");
    expect(targets.map(({ name, state }: { name: string; state: string }) => [name, state])).to.deep.equal([
      [GATEWAY, "healthy"],
      [BACKEND, "healthy"],
    ]);
    expect(targets[1]).to.deep.include({ id: first.id, share: 10_000, last: null, evidenceRoot: null });
  });

  it("refuses what is no target, and a wallet without SOL, before anything is sent", async () => {
    expect(await rig.refused("owner", "policy", "register", "dns.example.org")).to.include({
      code: "usage",
      exit: 2,
    });
    await rig.ok("poor", "wallet", "create");
    const refused = await rig.refused("poor", "policy", "register", "udp://192.0.2.9");
    expect(refused).to.include({ code: "funds-short", exit: 4 });
  });

  it("has no story to tell while nothing happened, and says where to look", async () => {
    const none = await bare("policy", "explain");
    expect(none).to.include({ code: "incident-missing", exit: 4 });
    expect(none.hint).to.include("tolldns policy log");
    expect((await bare("policy", "explain", BACKEND, "--at", "10m")).code).to.equal("incident-missing");
    const missing = await bare("policy", "explain", "udp://192.0.2.2:53");
    expect(missing).to.include({ code: "target-missing", exit: 4 });
    expect(missing.hint).to.include(BACKEND);
    expect((await bare("policy", "explain", "--at", "soon")).code).to.equal("usage");
    expect((await bare("policy", "explain", "--last", "--at", "1h")).code).to.equal("usage");
  });

  it("is followed live with what the gateway decides, and goes on while the RPC is away", async () => {
    const relay = await startRelay(Number(new URL(rig.chain.rpcUrl).port));
    const data = file("watched");
    const log = await openDecisionLog({ folder: decisionFolder(data, "gateway"), where: "gateway" });
    const rpc = ["--rpc", `http://127.0.0.1:${relay.port}`, "--data", data];
    const child = spawn(TOLLDNS, ["policy", "watch", "--json", ...rpc], {
      env: cleanEnv(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value ?? "null");
    try {
      expect(await next()).to.include({ event: "target", name: GATEWAY, state: "healthy" });
      expect(await next()).to.include({ event: "target", name: BACKEND });
      log.append({ kind: "eject", subject: BACKEND, from: "in", to: "out", why: `${BACKEND} is out: x.` });
      expect(await next()).to.include({
        event: "decision",
        where: "gateway",
        kind: "eject",
        subject: BACKEND,
      });
      await relay.close();
      expect(await next())
        .to.deep.include({ event: "chain" })
        .and.property("why")
        .to.be.a("string");
      await relay.open();
      expect(await next()).to.include({ event: "chain", why: null });
      await rig.ok("owner", "policy", "register", "udp://192.0.2.7");
      expect(await next()).to.include({ event: "target", name: "udp://192.0.2.7:53" });
    } finally {
      child.kill("SIGKILL");
      await Promise.all([relay.close(), log.close()]);
    }
  });

  it("tells an incident by the decision log alone where no state changed, and where nobody can read the chain", async () => {
    const told = await bare("policy", "explain", "--data", file("watched"));
    expect(told).to.include({ incident: null, chain: "incident-missing" });
    expect(told.own).to.deep.include({ until: null, subjects: [BACKEND] });
    const away = await bare(
      "policy",
      "explain",
      BACKEND,
      "--data",
      file("watched"),
      "--rpc",
      "http://127.0.0.1:9",
    );
    expect(away).to.include({ chain: "rpc-unreachable" });
    const args = ["policy", "explain", "--data", file("watched"), "--rpc", "http://127.0.0.1:9"];
    const { stdout } = await tolldns(args);
    expect(stdout).to.match(/was out of use from .* UTC; not all is back yet/);
    expect(stdout).to.include("This is told from the decision logs alone: the chain's RPC at");
    expect((await bare("policy", "--rpc", "http://127.0.0.1:9")).hint).to.include("tolldns policy log");
  });

  it("makes a verifier key that its user alone can read, and never another over it", async () => {
    const { verifier } = await rig.ok("owner", "verifier", "init", ...key("v.json"));
    expect(verifier).to.match(/^[1-9A-HJ-NP-Za-km-z]{32,44}$/);
    expect((await rig.refused("owner", "verifier", "init", ...key("v.json"))).code).to.equal("file-exists");
    expect((await rig.refused("owner", "verifier", "status", ...key("none.json"))).hint).to.include(
      "tolldns verifier init",
    );
  });

  it("says step by step what a verifier lacks, until it has a seat", async () => {
    const missing = async () => (await rig.ok("owner", "verifier", "status", ...key("v.json"))).missing[0];
    const refusedFor = async (hint: string) => {
      const refused = await rig.refused("owner", "verifier", "enrol", ...key("v.json"));
      expect(refused).to.include({ code: "verifier-missing", exit: 4 });
      expect(refused.hint).to.include(hint);
    };
    const { verifier } = await rig.ok("owner", "verifier", "status", ...key("v.json"));
    expect(await missing()).to.include(`tolldns stake node add --role verifier --hot-key ${verifier}`);
    await refusedFor("stake node add");
    await rig.ok("owner", "stake", "operator", "register", "--commission", "5");
    const place = [
      "--hot-key",
      verifier,
      "--region",
      "3",
      "--asn",
      "64500",
      "--endpoint",
      "https://v.example.org",
    ];
    await rig.ok("owner", "stake", "node", "add", "--role", "verifier", ...place);
    expect(await missing()).to.include("weighs nothing");
    await rig.ok("owner", "stake", "add", "200000");
    const { stdout } = await tolldns(["witness", "init", "--json", "--witness-key", file("w.json")]);
    const { witness } = JSON.parse(stdout);
    await rig.ok("owner", "stake", "node", "add", "--role", "witness", "--hot-key", witness);
    expect(await missing()).to.include("tolldns stake sync");
    await rig.ok("owner", "stake", "sync");
    expect(await missing()).to.include("opens a roster and takes one");
    expect(await rig.refused("owner", "verifier", "enrol", ...key("v.json"))).to.include({
      code: "funds-short",
    });
    await bare("wallet", "fund", "1", "--key", file("v.json"));
    const enrolled = await rig.ok("owner", "verifier", "enrol", ...key("v.json"));
    expect(enrolled).to.include({ roster: "1", seat: 0, changed: true });
    expect(await rig.ok("owner", "verifier", "enrol", ...key("v.json"))).to.include({
      changed: false,
      seat: 0,
    });
    const status = await rig.ok("owner", "verifier", "status", ...key("v.json"));
    expect(status.missing).to.deep.equal([]);
    expect(status.next).to.deep.equal({ roster: "1", seat: 0 });
    expect(status.node).to.include({ region: 3, asn: 64_500, endpoint: "https://v.example.org" });
  });

  it("tells people the same in words", async () => {
    const args = ["verifier", "status", "--config", file("config.toml"), ...key("v.json")];
    const { stdout, code } = await tolldns(args);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Verifier {3}\S+, [\d.]+ SOL for fees$/m);
    expect(stdout).to.match(/^Next {7}seat 0 of roster 1, weight 200000, region 3, AS64500$/m);
    const policy = await tolldns(["policy", "--config", file("config.toml")]);
    expect(policy.stdout).to.match(/^healthy {4}gateway https:\/\/dns\.example\.org$/m);
  });

  it("runs no verifier without a resolver that says what is right", async () => {
    const refused = await rig.refused("owner", "verifier", ...key("v.json"));
    expect(refused).to.include({ code: "option-missing", exit: 2 });
    expect(refused.hint).to.include("--reference udp://127.0.0.1:5335");
    for (const reference of ["dns.example.org", "https://dns.example.org/dns-query"])
      expect(
        (await rig.refused("owner", "verifier", "--no-tolls", ...key("v.json"), "--reference", reference))
          .code,
      ).to.equal("option-invalid");
  });

  it("refuses files that are none, and addresses that don't answer", async () => {
    writeFileSync(file("noise.car"), "not a car");
    expect(await bare("verifier", "replay", file("noise.car"))).to.include({
      code: "evidence-invalid",
      exit: 2,
    });
    expect(await bare("verifier", "replay", file("none.car"))).to.include({
      code: "evidence-missing",
      exit: 3,
    });
    const gone = await bare("verifier", "replay", "http://127.0.0.1:9/x.car");
    expect(gone.code).to.equal("evidence-missing");
    expect(gone.hint).to.include("mirrors");
  });
});

/** Passes connections on to a port of loopback while it is open: an RPC that can be cut off and had again. */
async function startRelay(to: number) {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  const relay = {
    get port() {
      return port;
    },
    async open() {
      server = createServer((socket) => {
        const there = connect(to, "127.0.0.1");
        for (const [one, other] of [
          [socket, there],
          [there, socket],
        ] as const) {
          sockets.add(one);
          one.on("error", () => other.destroy());
          one.on("close", () => {
            sockets.delete(one);
            other.destroy();
          });
          one.pipe(other);
        }
      });
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      port = (server.address() as AddressInfo).port;
    },
    async close() {
      if (server === undefined) return;
      const closed = once(server, "close");
      server.close();
      server = undefined;
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  await relay.open();
  return relay;
}
