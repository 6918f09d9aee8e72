/** View and history on the embedded chain with the real policy program: subscriptions, transitions, evidence, verifiers' reports, the story. */
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection, PublicKey } from "@solana/web3.js";
import {
  connectionChain,
  type DecisionLine,
  type GetText,
  hearReports,
  openDecisionLog,
  openPolicy,
  type PolicyChange,
  type PolicyView,
  readDecisionLog,
  readTargetHistory,
  tellIncident,
  tellIncidents,
} from "@tolldns/policy";
import { fromBase58, fromBase64Url, toBase64Url } from "@tolldns/sdk";
import { formatTarget, type Target } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { createRpc } from "../../clients/edge/src/wallet/rpc.ts";
import { closeSocket } from "../chain/rig.ts";
import { type PolicyNetwork, startPolicyNetwork, until } from "../verifier/support/network.ts";
import { type Panel, startPanel } from "./support/panel.ts";

const target: Target = { kind: "backend", protocol: "udp", address: "127.0.0.1", port: 5399 };
const name = formatTarget(target);

const get: GetText = async (url, signal, maxBytes) => {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const text = await answer.text();
  if (text.length > maxBytes) throw new Error("too long");
  return text;
};

describe("policy on the real program", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "tolldns-policy-chain-"));
  let network: PolicyNetwork;
  let panel: Panel;
  let relay: MutableRelay;
  let connection: Connection;
  let genesis: Uint8Array;
  let view: PolicyView;
  const changes: PolicyChange[] = [];
  const say = (ok: number) => panel.ok.fill(ok);

  before(async () => {
    network = await startPolicyNetwork({ verifiers: 4, targets: [target] });
    panel = await startPanel(network, target);
    relay = await startRelay(Number(new URL(network.chain.wsUrl).port));
    connection = new Connection(network.chain.rpcUrl, {
      commitment: "confirmed",
      wsEndpoint: `ws://127.0.0.1:${relay.port}`,
    });
    genesis = fromBase58(await connection.getGenesisHash());
    view = await openPolicy({
      chain: connectionChain(connection, (address) => new PublicKey(address)),
      program: network.deployment.policy,
      genesis,
      targets: [{ kind: "backend", name }],
      cacheFile: join(folder, "policy.json"),
      // What comes, comes by subscription.
      pollSeconds: 3_600,
    });
    view.onChange((change) => changes.push(change));
  });
  after(async () => {
    await view?.close();
    if (connection !== undefined) await closeSocket(connection);
    await relay?.close();
    await panel?.close();
    await network?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("hears of each transition by subscription, as the program made it", async () => {
    await until("a first read", () => view.of(name) !== null);
    expect(view.of(name)).to.include({ state: "HEALTHY", age: Number.POSITIVE_INFINITY });
    await until("seats", () => panel.isSeated(), 120);
    await until("a clean window", () => Number.isFinite(view.of(name)?.age ?? Number.POSITIVE_INFINITY), 120);
    const [subject] = [name];
    const log = await openDecisionLog({ folder: join(folder, "decisions"), where: "gateway" });
    log.append({
      kind: "eject",
      subject,
      from: "in",
      to: "out",
      why: `${name} is out: it was silent, 3 questions in a row.`,
      evidence: { cause: "dead" },
    });
    say(0);
    await until("DISABLED", () => view.of(name)?.state === "DISABLED");
    say(20);
    await until("RECOVERING", () => view.of(name)?.state === "RECOVERING");
    expect(view.of(name)?.shareBps).to.be.within(1, 9_999);
    await until("HEALTHY", () => view.of(name)?.state === "HEALTHY");
    log.append({
      kind: "restore",
      subject,
      from: null,
      to: name,
      why: `${name} can be used again.`,
      evidence: {},
    });
    await log.close();
    const states = changes.map(({ after }) => after?.state).filter((state, i, all) => state !== all[i - 1]);
    expect(states).to.deep.equal(["HEALTHY", "DEGRADED", "DISABLED", "RECOVERING", "HEALTHY"]);
    const account = await network.target(target);
    expect(view.of(name)).to.include({
      since: Number(account.standing.since),
      transitions: 4,
      evidenceRoot: Buffer.from(account.evidenceRoot).toString("hex"),
    });
    expect(view.of(name)?.age).to.be.below(120);
  });

  it("finds out by a full read what a subscription that died without a word did not tell", async () => {
    relay.mute();
    const { transitions } = (await network.target(target)).standing;
    say(0);
    await until(
      "a transition",
      async () => (await network.target(target)).standing.transitions > transitions,
    );
    expect(view.of(name)?.state, "nobody told").to.equal("HEALTHY");
    expect(await view.refresh()).to.equal(true);
    expect(view.of(name)?.state).to.not.equal("HEALTHY");
    say(20);
    await until("healthy again", async () => (await network.target(target)).standing.state === "healthy");
    await view.refresh();
    expect(view.of(name)?.state).to.equal("HEALTHY");
  });

  const readHistory = (since?: number) =>
    readTargetHistory({
      call: createRpc(network.chain.rpcUrl),
      program: network.deployment.policy,
      genesis,
      target: { kind: "backend", name },
      ...(since === undefined ? {} : { since }),
    });

  it("reads from any RPC what happened: windows, reports by seat, transitions, and evidence made anew", async () => {
    const history = await readHistory();
    expect(history.isComplete).to.equal(true);
    const way = history.changes.slice(0, 4).map(({ from, to }) => `${from}>${to}`);
    expect(way).to.deep.equal([
      "healthy>degraded",
      "degraded>disabled",
      "disabled>recovering",
      "recovering>healthy",
    ]);
    for (const change of history.changes) {
      const round = history.rounds.get(change.begin);
      expect(round).to.include({ isProven: true, evidenceRoot: change.evidenceRoot });
      expect(change.seats).to.have.length(4);
      expect(new Set(change.seats?.map(({ region }) => region)).size).to.equal(4);
      expect(change.signature).to.match(/^[1-9A-HJ-NP-Za-km-z]{80,90}$/);
      expect(history.windows.find(({ begin }) => begin === change.begin)?.verdict).to.equal(change.verdict);
    }
    expect([...history.rounds.values()].every(({ isProven }) => isProven !== false)).to.equal(true);
    const later = await readHistory((history.changes[3]?.landedAt ?? 0) + 1);
    expect(later.changes.length).to.be.below(history.changes.length);
  });

  it("believes of verifiers what their keys signed and the chain bears out, and tells what it refuses", async () => {
    const history = await readHistory();
    const [first] = history.changes;
    const begins = [first?.begin as number];
    const signal = new AbortController().signal;
    const honest = await hearReports({ history, begins, get, signal });
    expect(honest.refused).to.deep.equal([]);
    expect(honest.heard).to.have.length(4);
    for (const one of honest.heard)
      expect(one).to.deep.include({ total: 20, ok: 0, failed: 20, standing: "chain", medianMs: 16 });
    const flip = (text: string, at: number) => {
      const bytes = Uint8Array.from(fromBase64Url(text));
      bytes[at] = (bytes[at] as number) ^ 1;
      return toBase64Url(bytes);
    };
    panel.alter = (place, one) =>
      [
        { ...one, report: flip(one.report, 200) },
        { ...one, signature: flip(one.signature, 5) },
        { nothing: true },
        one,
      ][place];
    const { heard, refused } = await hearReports({ history, begins, get, signal });
    panel.alter = (_place, one) => one;
    expect(heard).to.have.length(1);
    expect(refused.map(({ reason }) => reason).sort()).to.deep.equal([
      "no report and signature in it",
      "the Node's key did not sign it",
      "the Node's key did not sign it",
    ]);
  });

  it("tells the incident: own measurements first, windows, quorum, transitions with their evidence, recovery", async () => {
    const history = await readHistory();
    const { heard } = await hearReports({ history, get, signal: new AbortController().signal });
    const decisions: DecisionLine[] = [];
    for await (const line of readDecisionLog(join(folder, "decisions"))) decisions.push(line);
    const incidents = tellIncidents({ history, decisions, heard });
    expect(incidents).to.have.length(2);
    const [later, first] = incidents as [(typeof incidents)[0], (typeof incidents)[0]];
    expect(first.from).to.be.below(later.from);
    expect(first).to.include({ worst: "disabled", first: "own" });
    expect(first.until).to.be.a("number");
    const kinds = first.steps.map(({ kind }) => kind);
    expect(kinds[0] === "own" || kinds.indexOf("own") < kinds.indexOf("change"), kinds.join()).to.equal(true);
    expect(kinds.filter((kind) => kind === "change")).to.have.length(4);
    expect(kinds).to.include("recovered");
    for (const step of first.steps) {
      if (step.kind !== "change") continue;
      expect(step.quorum).to.deep.include({ weightBps: 10_000, operators: 4, regions: [1, 2, 3, 4] });
      if (step.change.to === "degraded") expect(step.lead).to.be.above(0);
    }
    const window = first.steps.find((step) => step.kind === "window" && step.heard.length > 0);
    expect(window).to.not.equal(undefined);
    const at = (first.from + (first.until ?? 0)) / 2;
    expect(tellIncident({ history, decisions, heard, at })?.from).to.equal(first.from);
  });
});

/** Fixture: a TCP relay that, once muted, passes nothing on from the server and keeps every connection open: how a subscription dies without a word. */
interface MutableRelay {
  readonly port: number;
  mute(): void;
  close(): Promise<void>;
}

async function startRelay(to: number): Promise<MutableRelay> {
  const sockets = new Set<Socket>();
  let isMute = false;
  const server: Server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    near.on("data", (bytes) => far.write(bytes));
    far.on("data", (bytes) => {
      if (!isMute) near.write(bytes);
    });
    near.on("end", () => far.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mute: () => {
      isMute = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
