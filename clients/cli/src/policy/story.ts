import type { PolicyTerms, TargetState } from "@tolldns/sdk/policy";
import { formatNative } from "../stake/amounts.ts";
import { type Change, type Incident, type SeatReport, spanOf } from "./incident.ts";
import type { PlacedLine } from "./logs.ts";
import { clockTime, duration, fullTime } from "./when.ts";

/** What is told besides the incident itself. */
export interface StoryParts {
  readonly terms: PolicyTerms;
  /** Of gateway and edge here, by time. */
  readonly decisions: readonly PlacedLine[];
  /** Unix seconds. */
  readonly now: number;
}

/** Decisions that belong to an incident: about its target, in its time. */
export function decisionsOf(incident: Incident, { decisions, now }: StoryParts): PlacedLine[] {
  const [begin, end] = spanOf(incident, now);
  const { name } = incident.target;
  return decisions.filter(
    ({ at, subject, from, to }) => at >= begin && at <= end && [subject, from, to].includes(name),
  );
}

/** The story of an incident in plain words: who saw what first, what was decided, what each change stands on, where to do it again. */
export function tellStory(incident: Incident, parts: StoryParts): string[] {
  const own = decisionsOf(incident, parts);
  const events = [
    ...own.map((line) => ({ at: line.at, lines: tellDecision(line, parts.now) })),
    ...incident.changes.map((change) => ({ at: change.at, lines: tellChange(change, parts) })),
  ].sort((a, b) => a.at - b.at);
  return [
    headline(incident, parts.now),
    firstSight(incident, own),
    "",
    "What happened, in UTC:",
    "",
    ...events.flatMap(({ lines }) => lines),
    "",
    ...whereToLook(incident),
  ];
}

/** From best to worst. */
const ORDER: readonly TargetState[] = ["healthy", "recovering", "degraded", "disabled"];

export function worstOf({ changes }: Incident): TargetState {
  return changes
    .map(({ to }) => to)
    .reduce((a, b) => (ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a), "healthy");
}

function headline(incident: Incident, now: number): string {
  const { target, from, until, changes } = incident;
  const end =
    until === null
      ? `${changes.at(-1)?.to} now, ${duration(now - from)} later`
      : `healthy again since ${fullTime(until)}, ${duration(until - from)} later`;
  return `The ${target.kind} ${target.name} was ${worstOf(incident)} from ${fullTime(from)}; ${end}.`;
}

const OWN = new Set(["eject", "switch", "fallback"]);

/** Who acted first: a router on what it measured, or the verifiers' quorum. */
function firstSight({ from, target, changes }: Incident, decisions: readonly PlacedLine[]): string {
  const first = decisions.find(
    ({ kind, subject, from: left }) => OWN.has(kind) && (subject === target.name || left === target.name),
  );
  const [change] = changes;
  if (first === undefined)
    return "Nothing in the decision logs here is about it: this machine's gateway and edge did not ask it then, or their logs lie elsewhere.";
  const early = (change?.begin ?? from) - first.at;
  const lead = from - first.at;
  if (lead <= 0)
    return `The verifiers saw it first; the ${first.where} here acted ${duration(-lead)} after the window that moved it had ended.`;
  return `The ${first.where} here saw it first, on its own measurements, ${duration(lead)} before the chain${early > 0 ? ` and ${duration(early)} before the window that moved it began` : ""}.`;
}

function tellDecision({ at, where, why, n }: PlacedLine, now: number): string[] {
  return [`  ${clockTime(at, now)}  ${where.padEnd(8)}  ${why} (log line ${n})`];
}

function tellChange(change: Change, { terms, now }: StoryParts): string[] {
  const { from, to, at, begin, verdict, signature, landedAt, evidenceRoot, roster, seats } = change;
  const pad = " ".repeat(22);
  const landed = landedAt === null ? "" : `, landed ${clockTime(landedAt, now)}`;
  return [
    `  ${clockTime(at, now)}  ${"chain".padEnd(8)}  ${from} to ${to}: the window from ${clockTime(begin, now)} was ${verdict}, and ${ruleOf(change, terms)}`,
    ...(seats === null
      ? [`${pad}Its round is closed: who said what is in the verifiers' files.`]
      : tellSeats(change, seats, terms, pad)),
    `${pad}Transaction ${signature ?? "not known here"}${landed}; roster ${roster}, evidence root ${evidenceRoot}`,
  ];
}

function ruleOf({ from, to, verdict }: Change, terms: PolicyTerms): string {
  const { degradeAfter, disableAfter, recoverAfter, restoreAfter } = terms;
  const after =
    to === "disabled"
      ? disableAfter
      : to === "degraded"
        ? degradeAfter
        : to === "recovering"
          ? recoverAfter
          : restoreAfter;
  return after === 1
    ? `one ${verdict} window is enough to leave ${from}`
    : `${after} ${to === "degraded" ? "poor" : verdict} windows in a row lead from ${from} to ${to}`;
}

function tellSeats(
  { verdict }: Change,
  seats: readonly SeatReport[],
  terms: PolicyTerms,
  pad: string,
): string[] {
  const counted = seats.filter(({ struck }) => !struck);
  const total = counted.reduce((sum, { weight }) => sum + weight, 0n);
  const agreed = counted.filter(({ said }) => said !== null && agrees(said.verdict, verdict));
  const weight = agreed.reduce((sum, one) => sum + one.weight, 0n);
  const differ = (of: (seat: SeatReport) => number) => new Set(agreed.map(of)).size;
  return [
    `${pad}Agreed: ${percent(weight, total)} of the weight, ${counts(
      agreed.length,
      differ(({ region }) => region),
      differ(({ asn }) => asn),
    )}`,
    `${pad}Needed: ${terms.quorumBps / 100} % of the weight, ${counts(terms.operators, terms.regions, terms.networks)}`,
    ...seats.map(({ seat, operator, region, asn, weight, struck, said }) => {
      const place = `region ${region}, AS${asn}, weight ${formatNative(weight)}`;
      const what = said === null ? "no report" : `${said.ok} of ${said.total} probes good: ${said.verdict}`;
      return `${pad}  seat ${seat}  ${operator}  ${place}: ${struck ? "struck" : what}`;
    }),
  ];
}

/** A bad report counts for a poor window too. */
const agrees = (said: string, verdict: string): boolean =>
  said === verdict || (verdict === "poor" && said === "bad");

const counts = (operators: number, regions: number, networks: number): string =>
  `${many(operators, "operator")}, ${many(regions, "region")}, ${many(networks, "network")}`;

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

export const percent = (part: bigint, whole: bigint): string =>
  whole === 0n ? "0 %" : `${Number((part * 1_000n) / whole) / 10} %`;

/** Address of a verifier's file of a window. */
export const fileUrl = (endpoint: string, id: string, begin: number): string =>
  `${endpoint.replace(/\/$/, "")}/v1/reports/${id}/${begin}.car`;

function whereToLook({ changes, target }: Incident): string[] {
  const links = changes.flatMap(({ begin, seats }) =>
    (seats ?? []).flatMap(({ endpoint, said }) =>
      endpoint === null || said === null ? [] : [fileUrl(endpoint, target.id, begin)],
    ),
  );
  if (links.length === 0) return ["No verifier of these windows says where its probes are."];
  const most = 6;
  return [
    "To make the verdicts again from what was sent and received, probe by probe:",
    ...links.slice(0, most).map((url) => `  tolldns verifier replay ${url} --chain`),
    ...(links.length > most ? [`  and ${links.length - most} more of the same`] : []),
  ];
}
