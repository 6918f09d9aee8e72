import { setInterval } from "node:timers";
import { followDecisionLog } from "@tolldns/policy";
import { formatAddress, fromBase58, toHex } from "@tolldns/sdk";
import { type PolicyConfig, type Roster, shareOf, type TargetAccount } from "@tolldns/sdk/policy";
import type { DecisionSnapshot, PolicySnapshot } from "@tolldns/web";
import { findPolicy, readRosterInForce, readTargets } from "../policy/program.ts";
import { chainTime, type Rpc } from "../wallet/rpc.ts";
import { openChanges } from "./changes.ts";

/** Milliseconds between two looks, and decisions shown. */
const PERIOD_MS = 2_000;
const SHOWN = 40;

export interface PolicyReader {
  /** As last read; null until the program is there. */
  read(): PolicySnapshot | null;
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads what the dashboard shows of policy, again and again.
 * @param file where changes are kept
 * @param logs folders of decision logs
 */
export function createPolicyReader(
  rpc: Rpc,
  genesis: string,
  file: string,
  logs: readonly string[],
): PolicyReader {
  const changes = openChanges(file);
  const ending = new AbortController();
  let decisions: DecisionSnapshot[] = [];
  let last: Omit<PolicySnapshot, "decisions" | "trouble"> | null = null;
  let trouble: string | null = null;
  let reading: Promise<void> | null = null;

  async function readAll(): Promise<void> {
    const program = await findPolicy(rpc, undefined);
    const now = await chainTime(rpc);
    const [targets, roster] = await Promise.all([
      readTargets(rpc, program),
      readRosterInForce(rpc, program, now),
    ]);
    await changes.follow(rpc, program, fromBase58(genesis), targets);
    const { config, deployment } = program;
    const { window, dwell, quorumBps, operators, regions, networks } = config.terms;
    last = {
      now: Number(now),
      program: formatAddress(deployment.policy),
      paused: config.paused,
      terms: { window, dwell, quorumBps, operators, regions, networks },
      targets: targets.map((target) => describeTarget(target, config)),
      transitions: changes.list(),
      seats: describeSeats(roster),
    };
  }

  const refresh = (): Promise<void> => {
    reading ??= readAll()
      .then(() => {
        trouble = null;
      })
      .catch((error: unknown) => {
        trouble = error instanceof Error ? error.message : String(error);
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  const timer = setInterval(refresh, PERIOD_MS);
  const following = logs.map((folder) => follow(folder));

  async function follow(folder: string): Promise<void> {
    for await (const line of followDecisionLog(folder, ending.signal, { everyMs: PERIOD_MS / 2 })) {
      const { n, at, where, kind, subject, from, to, why, hash } = line;
      decisions = [{ n, at, where, kind, subject, from, to, why, hash }, ...decisions]
        .sort((a, b) => b.at - a.at)
        .slice(0, SHOWN);
    }
  }

  return {
    read: () => (last === null ? null : { ...last, decisions, trouble }),
    refresh,
    async close() {
      clearInterval(timer);
      ending.abort();
      await Promise.allSettled([...following, reading]);
    },
  };
}

function describeTarget(
  { id, kind, name, standing }: TargetAccount,
  { terms }: PolicyConfig,
): PolicySnapshot["targets"][number] {
  const { state, since, runs, judged, verdict, transitions } = standing;
  return {
    id: toHex(id),
    kind,
    name,
    state,
    since: transitions === 0n ? 0 : Number(since),
    shareBps: state === "recovering" ? shareOf(runs.clean, terms) : 10_000,
    runs,
    last: judged === 0n ? null : { begin: Number(judged), verdict },
  };
}

const describeSeats = (roster: Roster | null): PolicySnapshot["seats"] =>
  (roster?.seats ?? []).map(({ operator, region, asn, weight, struck }) => ({
    operator: formatAddress(operator),
    region,
    asn,
    weight: String(weight),
    struck,
  }));
