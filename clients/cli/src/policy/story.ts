import type { IncidentStep, SeatReport, TargetChange, ToldIncident, ToldQuorum } from "@tolldns/policy";
import type { PolicyTerms, Verdict } from "@tolldns/sdk/policy";
import { formatNative } from "../stake/amounts.ts";
import { clockTime, duration, fullTime } from "./when.ts";

type WindowStep = Extract<IncidentStep, { readonly kind: "window" }>;

/** The story of an incident in plain words: who saw what first, what was decided, what each change stands on, where to do it again. Times are Unix seconds. */
export function tellStory(incident: ToldIncident, terms: PolicyTerms, now: number): string[] {
  return [
    headline(incident, now),
    firstSight(incident),
    "",
    "What happened, in UTC:",
    "",
    ...gather(incident.steps).flatMap((step) => tellStep(step, terms, now)),
    "",
    ...whereToLook(incident),
  ];
}

function headline({ target, from, until, worst, steps }: ToldIncident, now: number): string {
  const changes = changesOf(steps);
  const begin = changes[0]?.at ?? from;
  const end =
    until === null
      ? `${changes.at(-1)?.to ?? worst} now, ${duration(now - begin)} later`
      : `healthy again since ${fullTime(until)}, ${duration(until - begin)} later`;
  const first = changes[0]?.to ?? worst;
  const states = first === worst ? worst : `${first}, at worst ${worst},`;
  return `The ${target.kind} ${target.name} was ${states} from ${fullTime(begin)} on; ${end}.`;
}

const changesOf = (steps: readonly IncidentStep[]): TargetChange[] =>
  steps.flatMap((step) => (step.kind === "change" ? [step.change] : []));

/** Who acted first: a router on what it measured, or the verifiers' quorum. */
function firstSight({ first, steps }: ToldIncident): string {
  const change = steps.find((step) => step.kind === "change");
  const own = steps.find((step) => step.kind === "own");
  if (change === undefined || own === undefined || change.lead === null)
    return "Nothing in the decision logs here is about it: this machine's gateway and edge did not ask it then, or their logs lie elsewhere.";
  const { where } = own.line;
  return first === "own"
    ? `The ${where} here saw it first, on its own measurements, ${duration(change.lead)} before the chain.`
    : `The verifiers saw it first; the ${where} here acted ${duration(-change.lead)} after the window that moved it had ended.`;
}

/** Windows of one verdict that follow each other, as one. */
interface WindowRun {
  readonly kind: "windows";
  readonly steps: readonly WindowStep[];
}

function gather(steps: readonly IncidentStep[]): (Exclude<IncidentStep, WindowStep> | WindowRun)[] {
  const told: (Exclude<IncidentStep, WindowStep> | WindowRun)[] = [];
  for (const step of steps) {
    const last = told.at(-1);
    if (step.kind !== "window") told.push(step);
    else if (last?.kind === "windows" && last.steps[0]?.window.verdict === step.window.verdict)
      told[told.length - 1] = { kind: "windows", steps: [...last.steps, step] };
    else told.push({ kind: "windows", steps: [step] });
  }
  return told;
}

export const row = (at: number, now: number, who: string, text: string): string =>
  `  ${clockTime(at, now)}  ${who.padEnd(9)}  ${text}`;
const PAD = " ".repeat(23);

function tellStep(
  step: Exclude<IncidentStep, WindowStep> | WindowRun,
  terms: PolicyTerms,
  now: number,
): string[] {
  switch (step.kind) {
    case "own":
      return [row(step.at, now, step.line.where, `${step.line.why} (log line ${step.line.n})`)];
    case "windows":
      return tellWindows(step, now);
    case "change":
      return tellChange(step.change, step.quorum, terms, now);
    case "recovered":
      // Told by the change that brought it, and by the headline.
      return [];
  }
}

function tellWindows({ steps }: WindowRun, now: number): string[] {
  const first = steps[0] as WindowStep;
  const last = steps.at(-1) as WindowStep;
  const { verdict, weight } = last.window;
  const count = steps.length === 1 ? "a window was" : `${steps.length} windows in a row were`;
  const said =
    verdict === "unknown"
      ? "no quorum of verifiers agreed"
      : `${percent(weight[verdict], weight.total)} of the weight said so`;
  const saw = new Map(last.heard.map((heard) => [heard.operator, heard]));
  return [
    row(
      last.at,
      now,
      "verifiers",
      `${count} ${verdict}, begun ${clockTime(first.window.begin, now)}${steps.length === 1 ? "" : ` to ${clockTime(last.window.begin, now)}`}: ${said}`,
    ),
    ...[...saw.values()].map(
      ({ operator, ok, total, wrong, failed, silent, medianMs }) =>
        `${PAD}  ${operator} saw ${ok} of ${total} good, ${wrong} wrong, ${failed} failed, ${silent} silent${medianMs === null ? "" : `, half of them within ${medianMs} ms`}`,
    ),
  ];
}

function tellChange(
  change: TargetChange,
  quorum: ToldQuorum | null,
  terms: PolicyTerms,
  now: number,
): string[] {
  const { from, to, at, begin, signature, landedAt, evidenceRoot, roster, seats } = change;
  const landed = landedAt === null ? "" : `, landed ${clockTime(landedAt, now)}`;
  return [
    row(
      at,
      now,
      "chain",
      `${from} to ${to}, by the window from ${clockTime(begin, now)}: ${ruleOf(change, terms)}`,
    ),
    ...(quorum === null ? [] : tellQuorum(quorum, terms)),
    ...(seats === null
      ? [`${PAD}Its round is closed: who said what is in the verifiers' files.`]
      : seats.map(tellSeat)),
    `${PAD}Transaction ${signature}${landed}; roster ${roster}, evidence root ${evidenceRoot}`,
  ];
}

function ruleOf({ from, to, verdict }: TargetChange, terms: PolicyTerms): string {
  const { degradeAfter, disableAfter, recoverAfter, restoreAfter } = terms;
  const after = {
    degraded: degradeAfter,
    disabled: disableAfter,
    recovering: recoverAfter,
    healthy: restoreAfter,
  }[to];
  const what: Verdict = to === "degraded" ? "poor" : verdict;
  return after === 1
    ? `one ${what} window is enough to leave ${from}`
    : `${after} ${what} windows in a row lead there`;
}

function tellQuorum(
  { weightBps, agreed, operators, regions, networks }: ToldQuorum,
  terms: PolicyTerms,
): string[] {
  return [
    `${PAD}Agreed: ${weightBps / 100} % of the weight, ${counts(operators, regions.length, networks.length)}${agreed.length === 0 ? "" : ` (regions ${regions.join(", ")}; ${networks.map((asn) => `AS${asn}`).join(", ")})`}`,
    `${PAD}Needed: ${terms.quorumBps / 100} % of the weight, ${counts(terms.operators, terms.regions, terms.networks)}`,
  ];
}

function tellSeat({ seat, operator, region, asn, weight, struck, said }: SeatReport): string {
  const what = said === null ? "no report" : `${said.ok} of ${said.total} probes good: ${said.verdict}`;
  return `${PAD}  seat ${seat}  ${operator}  region ${region}, AS${asn}, weight ${formatNative(weight)}: ${struck ? "struck" : what}`;
}

const counts = (operators: number, regions: number, networks: number): string =>
  `${many(operators, "operator")}, ${many(regions, "region")}, ${many(networks, "network")}`;

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

export const percent = (part: bigint, whole: bigint): string =>
  whole === 0n ? "0 %" : `${Number((part * 1_000n) / whole) / 10} %`;

/** Address of a verifier's file of a window. */
export const fileUrl = (endpoint: string, id: string, begin: number): string =>
  `${endpoint.replace(/\/$/, "")}/v1/reports/${id}/${begin}.car`;

/** Links shown at most: each change has as many as it has verifiers. */
const MOST_LINKS = 6;

function whereToLook({ steps, target }: ToldIncident): string[] {
  const links = changesOf(steps).flatMap(({ begin, seats }) =>
    (seats ?? []).flatMap(({ endpoint, said }) =>
      endpoint === null || said === null ? [] : [fileUrl(endpoint, target.id, begin)],
    ),
  );
  if (links.length === 0) return ["No verifier of these windows says where its probes are."];
  return [
    "To make the verdicts again from what was sent and received, probe by probe:",
    ...links.slice(0, MOST_LINKS).map((url) => `  tolldns verifier replay ${url} --chain`),
    ...(links.length > MOST_LINKS ? [`  and ${links.length - MOST_LINKS} more of the same`] : []),
  ];
}
