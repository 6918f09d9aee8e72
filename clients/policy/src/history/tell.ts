import type { PolicyTerms, TargetState } from "@tolldns/sdk/policy";
import type { DecisionLine } from "../log/types.ts";
import type {
  HeardReport,
  IncidentStep,
  SeatReport,
  TargetChange,
  TargetHistory,
  ToldIncident,
  ToldQuorum,
} from "./types.ts";

export interface TellOptions {
  readonly history: TargetHistory;
  /** Lines of the decision logs of gateways and edges, in any order. */
  readonly decisions: readonly DecisionLine[];
  readonly heard: readonly HeardReport[];
}

/** From best to worst. */
const ORDER: readonly TargetState[] = ["healthy", "recovering", "degraded", "disabled"];
/** Kinds of lines that say that a router acted on what it measured itself. */
const OWN = new Set<DecisionLine["kind"]>(["eject", "switch", "fallback"]);
/** Seconds around an incident in which a router's line about the target belongs to it: routers act before the chain does. */
const AROUND = 60;

/**
 * Puts together what happened to a target: what routers saw themselves, how verifiers judged which windows, who made the quorum, each change with its evidence,
 * and what put it right. Pure. Newest incident first.
 */
export function tellIncidents(options: TellOptions): ToldIncident[] {
  const groups = groupChanges(options.history.changes);
  return groups
    .map((changes, i) => {
      // Nothing belongs to two incidents that follow each other closely.
      const after = groups[i - 1]?.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
      const before = groups[i + 1]?.[0]?.begin ?? Number.POSITIVE_INFINITY;
      return tellOne(changes, options, after, before);
    })
    .reverse();
}

/** The incident that lasted at a moment (Unix seconds), or the one nearest to it; null without any. */
export function tellIncident(options: TellOptions & { readonly at: number }): ToldIncident | null {
  const away = ({ from, until }: ToldIncident) =>
    Math.max(from - options.at, options.at - (until ?? Number.POSITIVE_INFINITY), 0);
  const [nearest] = tellIncidents(options).toSorted((a, b) => away(a) - away(b));
  return nearest ?? null;
}

/** From a change that leaves HEALTHY to the one that comes back to it. */
function groupChanges(changes: readonly TargetChange[]): TargetChange[][] {
  const groups: TargetChange[][] = [];
  let open: TargetChange[] | null = null;
  for (const change of changes.toSorted((a, b) => a.at - b.at)) {
    if (open === null) {
      open = [];
      groups.push(open);
    }
    open.push(change);
    if (change.to === "healthy") open = null;
  }
  return groups;
}

/** @param after, before Unix seconds: end of the incident before it, and begin of the one after */
function tellOne(
  changes: readonly TargetChange[],
  options: TellOptions,
  after: number,
  before: number,
): ToldIncident {
  const { history, decisions, heard } = options;
  const { target, terms, rounds } = history;
  const [first] = changes as [TargetChange, ...TargetChange[]];
  const last = changes.at(-1) as TargetChange;
  const until = last.to === "healthy" ? last.at : null;
  const start = Math.max(after, first.begin - terms.window * beforeOf(first, terms) - AROUND);
  const end = Math.min(before, (until ?? Number.POSITIVE_INFINITY) + AROUND);
  const lines = decisions
    .filter(
      ({ at, subject, from, to }) => at > start && at <= end && [subject, from, to].includes(target.name),
    )
    .toSorted((a, b) => a.at - b.at || a.n - b.n);
  const acted = lines.find(
    ({ kind, subject, from }) => OWN.has(kind) && (subject === target.name || from === target.name),
  );
  const quorumOf = (begin: number, verdict: TargetChange["verdict"]) =>
    findQuorum(rounds.get(begin)?.seats ?? null, verdict);
  const windows = history.windows.filter(
    ({ begin }) => begin >= start && begin <= last.begin && (until === null || begin <= until),
  );
  const steps: IncidentStep[] = [
    ...lines.map((line): IncidentStep => ({ kind: "own", at: line.at, line })),
    ...windows.map(
      (window): IncidentStep => ({
        kind: "window",
        at: window.begin + terms.window,
        window,
        quorum: quorumOf(window.begin, window.verdict),
        heard: heard.filter(({ begin }) => begin === window.begin),
      }),
    ),
    ...changes.map(
      (change): IncidentStep => ({
        kind: "change",
        at: change.at,
        change,
        quorum: quorumOf(change.begin, change.verdict),
        lead: acted === undefined ? null : change.at - acted.at,
      }),
    ),
    ...(until === null ? [] : [{ kind: "recovered", at: until, change: last } as const]),
  ];
  const rank = { own: 0, window: 1, change: 2, recovered: 3 };
  steps.sort((a, b) => a.at - b.at || rank[a.kind] - rank[b.kind]);
  return {
    target,
    from: Math.min(first.at, acted?.at ?? first.at),
    until,
    worst: changes.reduce<TargetState>(
      (a, { to }) => (ORDER.indexOf(to) > ORDER.indexOf(a) ? to : a),
      "healthy",
    ),
    first: acted !== undefined && acted.at <= first.at ? "own" : "chain",
    steps,
  };
}

/** Windows before the one that moved it which had to go wrong too. */
function beforeOf({ to }: TargetChange, terms: PolicyTerms): number {
  return (
    (to === "disabled" ? terms.disableAfter : to === "degraded" ? terms.degradeAfter : terms.recoverAfter) - 1
  );
}

/** Those whose reports made a verdict; null where the seats are not known or nobody's did. */
export function findQuorum(
  seats: readonly SeatReport[] | null,
  verdict: TargetChange["verdict"],
): ToldQuorum | null {
  if (seats === null || verdict === "unknown") return null;
  const counted = seats.filter(({ struck }) => !struck);
  // A bad report counts for a poor window too.
  const agreed = counted.filter(
    ({ said }) =>
      said !== null && (said.verdict === verdict || (verdict === "poor" && said.verdict === "bad")),
  );
  const weigh = (some: readonly SeatReport[]) => some.reduce((sum, { weight }) => sum + weight, 0n);
  const total = weigh(counted);
  return {
    agreed,
    weightBps: total === 0n ? 0 : Number((weigh(agreed) * 10_000n) / total),
    operators: new Set(agreed.map(({ operator }) => operator)).size,
    regions: [...new Set(agreed.map(({ region }) => region))].sort((a, b) => a - b),
    networks: [...new Set(agreed.map(({ asn }) => asn))].sort((a, b) => a - b),
  };
}
