import { join } from "node:path";
import {
  createConnection,
  type OpenBackend,
  type RunningVerifier,
  replay,
  startVerifier,
} from "@tolldns/keepers";
import { toBase64Url } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { formatTarget, hashEvidence, type Target, type TargetState, targetId } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { isSame } from "../../keepers/src/verifier/chain/accuse.ts";
import type { Asker } from "../../keepers/src/verifier/options.ts";
import { openBackend } from "../../keepers/src/verifier/probe/backend.ts";
import * as faults from "./support/faults.ts";
import { type PolicyNetwork, startPolicyNetwork, until } from "./support/network.ts";
import { FIXTURE_SET, referenceAt } from "./support/prober.ts";
import { type Rogue, startRogue } from "./support/rogue.ts";
import { type ChallengeZone, startChallengeZone } from "./support/zone.ts";

describe("verifiers on the real policy program", function () {
  this.timeout(900_000);
  let zone: ChallengeZone;
  let front: faults.FaultyResolver;
  let reference: Asker;
  let network: PolicyNetwork;
  let target: Target;
  let rogue: Rogue;
  const running: RunningVerifier[] = [];
  /** Verifiers that say of everything that it failed, by their place. */
  const lying = new Set<number>();

  /** A backend's askers that tell of an answer nobody gave, while their verifier lies. */
  const colluding =
    (place: number): OpenBackend =>
    (backend) =>
      new Map(
        [...openBackend(backend, undefined, 1_500)].map(([transport, asker]) => [
          transport,
          {
            ...asker,
            async ask(question, signal) {
              const answer = await asker.ask(question, signal);
              return lying.has(place)
                ? (faults.servfail(Buffer.from(answer), Buffer.from(answer)) as Uint8Array)
                : answer;
            },
          } satisfies Asker,
        ]),
      );

  const stateNow = async (): Promise<TargetState> => (await network.target(target)).standing.state;

  before(async () => {
    zone = await startChallengeZone();
    const resolver = await zone.resolver();
    front = await faults.startFaulty(resolver.port);
    reference = referenceAt((await zone.reference()).port);
    target = { kind: "backend", protocol: "udp", address: "127.0.0.1", port: front.port };
    network = await startPolicyNetwork({ verifiers: 6, targets: [target] });
    rogue = await startRogue(network, network.verifiers[5] ?? expect.fail("no sixth"), target, reference);
    for (const [place, { name, key, port }] of network.verifiers.slice(0, 5).entries())
      running.push(
        await startVerifier({
          connection: createConnection(network.chain.rpcUrl),
          program: network.deployment.policy,
          key,
          store: { path: join(network.folder, `${name}.sqlite`) },
          sets: [FIXTURE_SET],
          reference,
          openBackend: colluding(place),
          privateTargets: true,
          listen: { port },
          settings: { probes: 12, intervalSeconds: 1, spreadSeconds: 0.5 },
          log: () => {},
        }),
      );
  });
  after(async () => {
    for (const verifier of running) await verifier.close();
    await rogue?.close();
    await reference?.close();
    await front?.close();
    await network?.close();
    await zone?.close();
  });

  it("enrol, probe, report and judge by themselves", async () => {
    await until(
      "six seats",
      () => running.every((one) => one.status().seat !== null) && rogue.seat() !== null,
    );
    await until("a clean window", async () => (await network.target(target)).standing.verdict === "clean");
    const statuses = running.map((one) => one.status());
    expect(statuses.map(({ lastError }) => lastError)).to.deep.equal([null, null, null, null, null]);
    expect(new Set(statuses.map(({ seat }) => seat))).to.have.length(5);
    expect(statuses.every(({ targets }) => targets[0]?.name === formatTarget(target))).to.equal(true);
    expect(await stateNow()).to.equal("healthy");
  });

  it("leave out what is registered at a private address, unless they are told otherwise", async () => {
    const careful = await startVerifier({
      connection: createConnection(network.chain.rpcUrl),
      program: network.deployment.policy,
      key: createSignerNode(new Uint8Array(32).fill(77)),
      store: { path: join(network.folder, "careful.sqlite") },
      sets: [FIXTURE_SET],
      reference,
      listen: null,
      settings: { crank: false, challenge: false },
      log: () => {},
    });
    await careful.tick();
    const { targets, lastError } = careful.status();
    await careful.close();
    expect({ targets, lastError }).to.deep.equal({ targets: [], lastError: null });
  });

  it("change nothing when those who lie are one short of the quorum", async () => {
    for (const place of [0, 1, 2, 3]) lying.add(place);
    const from = (await network.target(target)).standing.judged;
    // Four of six: two thirds, where 67 % are asked for.
    const verdicts = new Map<bigint, string>();
    await until("two windows of four lies each judged", async () => {
      const { judged } = (await network.target(target)).standing;
      for (let begin = from; begin <= judged; begin += 4n) {
        const round = await network.round(target, begin);
        if (round?.verdict === undefined) continue;
        const against = round.reports.filter(({ says }) => says !== "clean").length;
        // On a machine too slow for the honest one, that one too finds no answer in time: then five say so.
        if (against === 4) verdicts.set(begin, round.verdict);
      }
      return verdicts.size >= 2;
    });
    expect([...new Set(verdicts.values())]).to.deep.equal(["unknown"]);
    lying.clear();
    for (const event of network.events) {
      if (event.name !== "transition") continue;
      const round = await network.round(target, event.begin);
      const against = round?.reports.filter(({ says }) => says !== "clean").length;
      expect(against, "a transition that four made").to.equal(5);
    }
  });

  it("drive a dead target to DISABLED and a good one back to HEALTHY, on evidence that replays", async () => {
    front.setFault(faults.servfail);
    await until("disabled", async () => (await stateNow()) === "disabled");
    front.setFault(null);
    await until("recovering", async () => (await stateNow()) === "recovering");
    await until("healthy", async () => (await stateNow()) === "healthy");
    await until(
      "four transitions",
      () => network.events.filter(({ name }) => name === "transition").length >= 4,
    );
    const transitions = network.events.flatMap((event) => (event.name === "transition" ? [event] : []));
    const way = transitions.map(({ from, to }) => `${from}>${to}`);
    // 1 HEALTHY, 2 DEGRADED, 3 DISABLED, 4 RECOVERING; a slow moment may add a step, and leaves no gap.
    expect(way[0]).to.equal("1>2");
    expect(way).to.include.members(["2>3", "3>4", "4>1"]);
    for (const [i, { from }] of transitions.entries())
      expect(from, way.join(" ")).to.equal(transitions[i - 1]?.to ?? 1);
    for (const { begin, evidenceRoot, roster } of transitions) {
      const round = await network.round(target, begin);
      if (round === null) expect.fail(`no round ${begin}`);
      const { domain } = (await configOf()) ?? expect.fail("no configuration");
      const root = hashEvidence({ domain, id: targetId(target), begin, roster }, round.reports);
      expect(root).to.deep.equal(evidenceRoot);
      for (const row of round.reports) {
        const file = await evidenceOf(row.seat, begin);
        const replayed = await replay(file);
        expect(replayed.difference).to.equal(null);
        const place = running.findIndex((one) => one.status().seat === row.seat);
        const key = network.verifiers[place]?.key.publicKey ?? expect.fail("nobody's seat");
        expect(isSame(replayed, round, row, key)).to.equal(true);
      }
    }
  });

  it("attest conformance challenge by challenge, with a file that replays", async () => {
    const verifier = running[0] ?? expect.fail("nobody runs");
    const { car } = await verifier.attest(target);
    const { ok, difference, report, isAttestation } = await replay(car);
    expect({ ok, difference, isAttestation }).to.deep.equal({
      ok: true,
      difference: null,
      isAttestation: true,
    });
    if (report === null || !("passed" in report)) return expect.fail("no attestation");
    const asked = FIXTURE_SET.challenges.filter(({ surface, transports }) => {
      const isGateways = ["dns-inclusion", "dns-absence", "toll-refused"].includes(surface);
      return !isGateways && transports.some((one) => one === "udp" || one === "tcp");
    });
    expect(asked.every(({ number }) => report.passed[number])).to.equal(true);
    expect(report.passed.filter(Boolean)).to.have.length(asked.length);
  });

  it("strike a seat whose evidence is provably false, by themselves", async () => {
    rogue.lie();
    await until("a struck seat", () => network.events.some(({ name }) => name === "struck"));
    const struck = network.events.find((event) => event.name === "struck");
    expect(struck?.name === "struck" && struck.operator).to.deep.equal(rogue.operator());
    await until("its count", () => running.some((one) => one.status().challenges > 0));
    await until("no seat any more", () => rogue.seat() === null);
    expect(await stateNow()).to.equal("healthy");
  });

  /** A seat's file, from the verifier that sits there. */
  async function evidenceOf(seat: number, begin: bigint): Promise<Uint8Array> {
    const verifier =
      running.find((one) => one.status().seat === seat) ?? expect.fail(`nobody in seat ${seat}`);
    const url = `${verifier.status().url}/v1/reports/${toBase64Url(targetId(target))}/${begin}.car`;
    const answer = await fetch(url);
    expect(answer.status, url).to.equal(200);
    return new Uint8Array(await answer.arrayBuffer());
  }

  async function configOf() {
    const { PublicKey } = await import("@solana/web3.js");
    const { decodePolicyConfig, derivePolicyConfig } = await import("@tolldns/sdk/policy");
    const address = new PublicKey(derivePolicyConfig(network.deployment.policy).address);
    const account = await network.connection.getAccountInfo(address, "confirmed");
    return account === null ? null : decodePolicyConfig(account.data);
  }
});
