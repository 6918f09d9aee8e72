import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "@solana/web3.js";
import type { RunningVerifier } from "@tolldns/keepers";
import { bytesEqual, type Signer } from "@tolldns/sdk";
import {
  type ChallengeSet,
  formatTarget,
  listEntries,
  publishSet,
  registerTarget,
  type Target,
  targetId,
} from "@tolldns/sdk/policy";
import { findPolicy, type PolicyProgram, readTargets, sendPolicy } from "../policy/program.ts";
import { createStack } from "../roles/lifetime.ts";
import { findStake, readOperators, type StakeProgram } from "../stake/program.ts";
import { asPublished, readFixtureSet } from "../verifier/sets.ts";
import type { Escrow } from "../wallet/account.ts";
import { deploymentFolder } from "../wallet/faucet.ts";
import { readKeyFile } from "../wallet/key-file.ts";
import type { Rpc } from "../wallet/rpc.ts";
import type { UpLog } from "./log.ts";
import type { Network } from "./network.ts";
import { deployPolicy } from "./programs.ts";
import { ensureVerifiers, type OwnVerifier, VERIFIERS } from "./verifiers.ts";

export interface PolicyParts {
  readonly rpc: Rpc;
  readonly connection: Connection;
  readonly data: string;
  readonly escrow: Escrow;
  readonly network: Network;
  /** What is probed: the gateway here and its upstreams. */
  readonly targets: readonly Target[];
  /** PEM the gateway is trusted by. */
  readonly gatewayCa: string | undefined;
  /** Pays the targets' rent. */
  readonly feePayer: Signer;
  readonly ports: readonly number[];
  /** Seconds of a window, where the program is deployed now. */
  readonly window: number;
  readonly log: UpLog;
}

/** What became of it. */
export interface PolicyTold {
  readonly verifiers: number;
  readonly targets: number;
  /** Seconds it took. */
  readonly seconds: number;
  /** Why not; null where it did. */
  readonly why: string | null;
}

export interface RunningPolicy {
  /** Told once; null when everything ended before. Never rejects. */
  readonly settled: Promise<PolicyTold | null>;
  verifiers(): readonly RunningVerifier[];
  close(): Promise<void>;
}

/** Deploys the policy program and starts verifiers, and returns at once: the first screen does not wait for it. */
export function startPolicy(parts: PolicyParts): RunningPolicy {
  const stack = createStack();
  const ending = new AbortController();
  const started = performance.now();
  let running: readonly RunningVerifier[] = [];
  const tell = (why: string | null): PolicyTold => ({
    verifiers: running.length,
    targets: parts.targets.length,
    seconds: (performance.now() - started) / 1_000,
    why,
  });

  async function start(): Promise<PolicyTold> {
    await deployPolicy(parts.rpc.url, parts.data, parts.window, ending.signal);
    const program = await findPolicy(parts.rpc, undefined);
    const set = await ensureSet(parts, program);
    await ensureTargets(parts, program);
    const stake = await findStake(parts.rpc, undefined);
    const own = await ensureVerifiers(parts.rpc, stake.deployment, parts.escrow, parts.data, parts.ports);
    await waitForWeights(parts.rpc, stake, ending.signal);
    ending.signal.throwIfAborted();
    running = await Promise.all(own.map((verifier, index) => startOne(verifier, index + 1, set, program)));
    return tell(null);
  }

  async function startOne(
    { key, port, wallet }: OwnVerifier,
    number: number,
    set: ChallengeSet,
    { deployment }: PolicyProgram,
  ): Promise<RunningVerifier> {
    const { rpc, connection, data, escrow, network, gatewayCa, log } = parts;
    const [{ openReference, verifierOptions }, { openPayingPath }, { startVerifier }] = await Promise.all([
      import("../roles/verifier.ts"),
      import("@tolldns/edge"),
      import("@tolldns/keepers"),
    ]);
    const role = `verifier ${number}`;
    const path = stack.add(
      `${role}'s path`,
      await openPayingPath({
        stateDir: join(data, `verifier-${number}`),
        wallet: { rpcUrl: rpc.url, deployment: escrow.deployment, owner: { keyFile: wallet } },
        limits: { laneReserve: 500_000n, perHour: 2_000_000n, perDay: 5_000_000n },
        log: (line) => log.event(role, line),
      }),
    );
    const reference = network.freeUpstreams[(number - 1) % network.freeUpstreams.length] as string;
    const options = verifierOptions({
      rpc,
      connection,
      program: deployment.policy,
      quorumProgram: undefined,
      key,
      storePath: join(data, `verifier-${number}.sqlite`),
      sets: [set],
      reference: stack.add(`${role}'s reference`, openReference(reference)),
      path,
      // All of `up` is on this machine.
      privateTargets: true,
      ...(gatewayCa === undefined ? {} : { gatewayCa }),
      listen: { host: "127.0.0.1", port },
      settings: { probes: PROBES, concurrency: 16, spreadSeconds: 2, keepWindows: 240 },
      log: (level, event, fields) => log.event(role, { level, event, ...fields }),
    });
    return stack.add(role, await startVerifier(options));
  }

  const settled = start().catch((error: unknown) =>
    ending.signal.aborted ? null : tell(error instanceof Error ? error.message : String(error)),
  );
  return {
    settled,
    verifiers: () => running,
    async close() {
      ending.abort();
      await settled;
      await stack.close();
    },
  };
}

/** Probes of a target in a window: few, so that one machine carries gateway, chain and three verifiers. */
const PROBES = 8;

/** The challenge set for this machine's names, with the version it is published under; published if another one is. */
async function ensureSet({ rpc, data, network }: PolicyParts, program: PolicyProgram): Promise<ChallengeSet> {
  const wanted = network.kind === "fixture" ? readFixtureSet() : await readPublicSet();
  const published = program.config.set;
  const known = asPublished(wanted, published);
  if (known !== undefined) return known;
  const { root } = listEntries(wanted);
  const version = (published?.version ?? 0) + 1;
  const authority = readKeyFile(join(deploymentFolder(data), "authority.json"));
  const { deployment } = program;
  await sendPolicy(rpc, program, authority, [
    publishSet({
      deployment,
      authority: authority.publicKey,
      version,
      count: wanted.challenges.length,
      root,
    }),
  ]);
  return { ...wanted, version };
}

async function readPublicSet(): Promise<ChallengeSet> {
  const { readBundledSets } = await import("@tolldns/keepers");
  const sets = await readBundledSets();
  // The newest: those with lower versions are of zones for tests.
  return sets.reduce((a, b) => (b.version > a.version ? b : a));
}

async function ensureTargets({ rpc, targets, feePayer }: PolicyParts, program: PolicyProgram): Promise<void> {
  const known = await readTargets(rpc, program);
  const { deployment } = program;
  for (const target of targets) {
    const id = targetId(target);
    if (known.some((one) => bytesEqual(one.id, id))) continue;
    const { kind } = target;
    const name = formatTarget(target);
    await sendPolicy(rpc, program, feePayer, [
      registerTarget({ deployment, payer: feePayer.publicKey, kind, name }),
    ]);
  }
}

/** Milliseconds between two looks, and seconds to look for. */
const LOOK_MS = 500;
const PATIENCE_SECONDS = 120;

/** Waits until the quorum keeper has brought the operators' weights into the tree: who isn't in it when a roster opens has no seat in that one. */
async function waitForWeights(rpc: Rpc, stake: StakeProgram, signal: AbortSignal): Promise<void> {
  for (let waited = 0; waited < PATIENCE_SECONDS * 1_000; waited += LOOK_MS) {
    const operators = await readOperators(rpc, stake);
    const listed = operators.filter(({ operator }) => (operator.listed?.weight ?? 0n) > 0n);
    if (listed.length >= VERIFIERS) return;
    await sleep(LOOK_MS, undefined, { signal });
  }
  throw new Error("no quorum keeper brought the operators into the tree of weights");
}
