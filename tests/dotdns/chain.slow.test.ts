/**
 * .dns from owner to program, nothing standing in for anything of ours: programs on the embedded chain, witnesses and their feeds, quorum
 * keeper, gateway, edge, `tolldns verify`. Only the gateway that lies is a fixture.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningEdge, startEdge } from "@tolldns/edge";
import { type RunningGateway, startGateway } from "@tolldns/gateway";
import type { RoutesPolicy } from "@tolldns/routes";
import { toHex } from "@tolldns/sdk";
import { createFeed, webTransport } from "@tolldns/sdk/feed";
import { expect } from "chai";
import { dig, tolldns } from "../cli/run.ts";
import { until } from "../edge/support/stand.ts";
import { type Cluster, FINAL_MS, startCluster } from "./support/cluster.ts";
import { startCuttable } from "./support/cuttable.ts";
import { type Claim, type HostileGateway, startHostileGateway } from "./support/hostile-gateway.ts";
import { createRegistry, signerOf } from "./support/registry.ts";
import { ask, createMovableClock, sourceOf } from "./support/stand.ts";

interface Verified {
  readonly ok: boolean;
  readonly verdict: string;
  readonly epoch: string;
  readonly root: string;
  readonly records: readonly string[];
  readonly steps: readonly { readonly step: string; readonly ok: boolean | null; readonly detail: string }[];
}

describe(".dns on a chain with the real programs", function () {
  this.timeout(300_000);
  let cluster: Cluster;
  let gateway: RunningGateway;
  let folder: string;
  let rpc: Awaited<ReturnType<typeof startCuttable>>;
  const edges: RunningEdge[] = [];
  const liars: HostileGateway[] = [];
  const clock = createMovableClock();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-dotdns-chain-"));
    cluster = await startCluster(["proofone", "prooftwo", "proofnone"]);
    rpc = await startCuttable(cluster.place.rpcUrl);
    gateway = await startGateway({
      listen: { udp: 0, tcp: 0, dot: 0, doh: 0 },
      certificate: { kind: "development", folder: join(folder, "gateway") },
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: 9 }],
      limits: { freeRate: 1e6, clientRate: 1e6, responseRate: 1e6 },
      log: { level: "error" },
      routes: { feeds: cluster.feeds, chain: cluster.place, policy: { recheckSeconds: 2 } },
    });
    await cluster.publish("proofone", 1n, "@ 300 A 192.0.2.1\nwww 300 CNAME @");
    await cluster.publish("prooftwo", 1n, "@ 300 A 192.0.2.2");
  });
  after(async () => {
    for (const edge of edges) await edge.close();
    for (const liar of liars) await liar.close();
    await gateway?.close();
    await rpc?.close();
    await cluster?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const liarOf = async (claim: Claim) => {
    const liar = await startHostileGateway(claim);
    liars.push(liar);
    return liar;
  };
  const edgeOf = async (
    gateways: readonly Parameters<typeof sourceOf>[0][],
    feeds: readonly string[],
    policy: Partial<RoutesPolicy> = {},
  ) => {
    const edge = await startEdge({
      stateDir: join(folder, `edge-${edges.length}`),
      listen: [{ host: "127.0.0.1", port: 0 }],
      gateways: gateways.map(sourceOf),
      outOfMoney: "free",
      freeUpstreams: ["udp://127.0.0.1:9"],
      clock,
      routes: {
        feeds,
        chain: { ...cluster.place, rpcUrl: rpc.url },
        policy: { recheckSeconds: 2, ...policy },
      },
    });
    edges.push(edge);
    return edge;
  };
  const verify = async (...args: string[]) => {
    const { rpcUrl } = cluster.place;
    const given = [
      "verify",
      ...args,
      "--json",
      "--rpc",
      rpcUrl,
      "--quorum-program",
      cluster.network.quorumText,
    ];
    const ran = await tolldns(given);
    return { ...ran, shown: (ran.stdout === "" ? null : JSON.parse(ran.stdout)) as Verified };
  };

  it("lets any dig have what the owner published, through an edge that checked it", async () => {
    const edge = await edgeOf([gateway], []);
    expect(await dig(edge.addresses[0]?.port as number, "+short", "www.proofone.dns")).to.equal(
      "proofone.dns.\n192.0.2.1\n",
    );
    expect((await ask(edge, "proofnone.dns")).rcode, "registered, never published").to.equal("NXDOMAIN");
    expect((await ask(edge, "nobody-has-this.dns")).rcode).to.equal("NXDOMAIN");
    expect(edge.status().routes).to.include({ refused: 0, chainTrouble: null });
  });

  it("prints the chain of evidence, every link of it held", async () => {
    const { code, shown, stderr } = await verify("proofone", "--feed", cluster.feeds[1] as string);
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(shown).to.include({ ok: true, verdict: "present" });
    expect(shown.records).to.have.length(2);
    const held = shown.steps.map(({ step, ok }) => `${step} ${ok}`);
    expect(held).to.deep.equal([
      "evidence true",
      "name true",
      "records true",
      "update true",
      "path true",
      "signature true",
      "term true",
      "root true",
      "newest true",
      "votes true",
      "chain true",
    ]);
    expect(shown.steps.find(({ step }) => step === "signature")?.detail).to.match(/the name's owner$/);
    expect(shown.steps.find(({ step }) => step === "votes")?.detail).to.match(/^[23] of 3 members/);
  });

  it("checks saved evidence offline, against a root that somebody trusts", async () => {
    const file = join(folder, "saved.json");
    const feed = cluster.feeds[0] as string;
    const { shown } = await verify("prooftwo", "--feed", feed, "--save", file);
    const offline = await tolldns(["verify", "prooftwo", "--evidence", file, "--root", shown.root, "--json"]);
    expect([offline.code, JSON.parse(offline.stdout).verdict]).to.deep.equal([0, "present"]);
    expect(JSON.parse(readFileSync(file, "utf8"))).to.include({ name: "prooftwo.dns" });
    const other = await tolldns(["verify", "prooftwo", "--evidence", file, "--root", "11".repeat(32)]);
    expect(other.code).to.equal(1);
  });

  it("follows the owner to the next version, and takes the one before from nobody any more", async () => {
    const feed = createFeed(cluster.feeds[0] as string, webTransport(globalThis.fetch));
    const old = await feed.evidence("prooftwo.dns");
    const edge = await edgeOf([gateway], cluster.feeds);
    expect((await ask(edge, "prooftwo.dns")).answers).to.deep.equal(["prooftwo.dns 1 192.0.2.2"]);
    await cluster.publish("prooftwo", 2n, "@ 300 A 192.0.2.22");
    await until(
      "the edge to have it",
      async () => (await ask(edge, "prooftwo.dns")).answers[0] === "prooftwo.dns 1 192.0.2.22",
      FINAL_MS,
    );
    const liar = await liarOf(() => old);
    const behind = await edgeOf([liar], [], { graceSeconds: 0 });
    const refused = await ask(behind, "prooftwo.dns");
    expect(refused.rcode).to.equal("SERVFAIL");
    expect(refused.ede).to.match(/^24 tolldns: root-old: /);
  });

  it("refuses a root that was never voted on, reports who sent it, and asks another", async () => {
    const own = createRegistry(cluster.network.domain);
    own.publish("proofone", { zone: "@ 300 A 203.0.113.66", signer: signerOf(66), version: 9n });
    const forged = own.finalize().evidence("proofone");
    let epoch = await cluster.epoch();
    const liar = await liarOf(() => {
      const bytes = Uint8Array.from(forged);
      new DataView(bytes.buffer).setBigUint64(1, epoch, true);
      return bytes;
    });
    const edge = await edgeOf([liar, gateway], []);
    await until("the liar to be asked", async () => {
      epoch = await cluster.epoch();
      const told = await ask(edge, "proofone.dns");
      expect(told.answers.join()).not.to.include("203.0.113.66");
      return liar.asked.length > 0;
    });
    const status = edge.status();
    expect(status.routes?.refusals[0]).to.include({ from: liar.url });
    expect(status.routes?.refusals[0]?.code).to.be.oneOf(["evidence-root", "root-not-final", "root-old"]);
    expect((await ask(edge, "proofone.dns")).answers).to.deep.equal(["proofone.dns 1 192.0.2.1"]);
  });

  it("goes on with the RPC gone from what the chain said before, and fails honestly after the bound", async () => {
    const edge = await edgeOf([], cluster.feeds, { maxStaleSeconds: 60 });
    expect((await ask(edge, "proofone.dns")).answers).to.have.length(1);
    rpc.cut = true;
    clock.seconds += 30;
    expect((await ask(edge, "proofone.dns")).answers).to.deep.equal(["proofone.dns 1 192.0.2.1"]);
    clock.seconds += 60;
    const over = await ask(edge, "proofone.dns");
    expect([over.rcode, over.ede.slice(0, 23)]).to.deep.equal(["SERVFAIL", "22 tolldns: roots-stale"]);
    rpc.cut = false;
    clock.seconds += 3;
    expect((await ask(edge, "proofone.dns")).answers).to.have.length(1);
  });

  it("answers with every gateway gone, and by a gateway with every feed of the edge's gone", async () => {
    const gone = { url: "https://127.0.0.1:9", ca: gateway.authority as string };
    const direct = await edgeOf([gone], cluster.feeds);
    expect((await ask(direct, "proofone.dns")).answers).to.have.length(1);
    const through = await edgeOf([gateway], ["http://127.0.0.1:9"]);
    expect((await ask(through, "proofone.dns")).answers).to.have.length(1);
  });

  it("tells an RPC of another cluster from its own", async () => {
    const genesis = cluster.network.quorumText;
    const edge = await startEdge({
      stateDir: join(folder, "foreign"),
      listen: [{ host: "127.0.0.1", port: 0 }],
      gateways: [],
      outOfMoney: "free",
      freeUpstreams: ["udp://127.0.0.1:9"],
      routes: { feeds: cluster.feeds, chain: { ...cluster.place, genesis } },
    });
    edges.push(edge);
    expect((await ask(edge, "proofone.dns")).ede).to.match(/^22 tolldns: roots-foreign: /);
    expect(toHex(cluster.network.domain)).to.have.length(64);
  });
});
