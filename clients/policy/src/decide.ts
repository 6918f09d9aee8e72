import { aboutLastResort, aboutLeft, describe, percent, seconds } from "./reason.ts";
import { type Candidate, type Choice, type Decision, type Rule, type Settings, TIER } from "./types.ts";

export const DEFAULT_SETTINGS: Settings = {
  margin: 0.25,
  dwell: 10,
  staleAfter: 1_800,
  trusted: 30,
  msPerMicroIu: 0.1,
  failureMs: 2_000,
  minHedgeMs: 15,
  maxHedgeMs: 1_000,
};

/** Milliseconds expected of one that was never asked, and its hedge. */
const UNKNOWN_MS = 50;
const UNKNOWN_HEDGE_MS = 150;
/** Turns one number handed in into one for each candidate (the golden ratio's fraction spreads them evenly). */
const SPREAD = 0.618_033_988_749_895;

/** In order of use. What policy disables is asked before expired answers are: no committee makes a gateway answer from the past. */
const GROUP = { USABLE: 0, WAITS: 1, QUOTA: 2, DISABLED: 3, STALE: 4, OUT: 5 } as const;

/** Where the rules put a candidate, before the choice made earlier counts. */
export interface Ranked {
  readonly candidate: Candidate;
  readonly group: number;
  /** 0 fine, 1 degraded, 2 its ramp leaves this question to others. */
  readonly degree: number;
  /** Lower is better, milliseconds. */
  readonly score: number;
  readonly rule: Rule;
  /** Basis points of questions it may take. */
  readonly shareBps: number;
}

/** Expected cost of asking it, milliseconds: its time, failures, disagreements and price. */
export function scoreOf({ measured, price }: Candidate, settings: Settings): number {
  const { latencyMs, success, disagreement, answers } = measured;
  const time = answers === 0 ? UNKNOWN_MS : latencyMs;
  return time + settings.failureMs * (1 - success + disagreement) + Number(price) * settings.msPerMicroIu;
}

/** Silence after which it is late: its usual worst, or twice its usual time. Milliseconds. */
export function hedgeAfterOf({ measured }: Candidate, settings: Settings): number {
  const { answers, p95Ms, latencyMs } = measured;
  const late = answers === 0 ? UNKNOWN_HEDGE_MS : Math.max(p95Ms, 2 * latencyMs);
  return Math.min(settings.maxHedgeMs, Math.max(settings.minHedgeMs, late));
}

function rank(candidate: Candidate, settings: Settings, draw: number): Ranked {
  const { policy, measured, tier } = candidate;
  const base = { candidate, score: scoreOf(candidate, settings) };
  const full = { ...base, shareBps: 10_000 };
  if (measured.standing === "out") return { ...full, group: GROUP.OUT, degree: 0, rule: "ejected" };
  if (tier === TIER.STALE) return { ...full, group: GROUP.STALE, degree: 0, rule: "tier" };
  const state = policy?.state;
  const isStale = policy === null || policy.age > settings.staleAfter;
  if (state === "DISABLED" && !isStale && measured.goodPerMinute < settings.trusted)
    return { ...full, group: GROUP.DISABLED, degree: 0, rule: "disabled" };
  if (candidate.quotaWait > 0) return { ...full, group: GROUP.QUOTA, degree: 0, rule: "quota" };
  // Its own evidence against DISABLED, or a DISABLED nobody has renewed, makes it no better than DEGRADED.
  if (state === "DISABLED" || (state === "DEGRADED" && !isStale))
    return { ...full, group: GROUP.USABLE, degree: 1, rule: "degraded" };
  const recovering = state === "RECOVERING" && !isStale ? (policy?.shareBps ?? 10_000) : 10_000;
  const shareBps = Math.min(recovering, measured.shareBps);
  if (shareBps >= 10_000) return { ...full, group: GROUP.USABLE, degree: 0, rule: "first" };
  const isDrawn = draw * 10_000 < shareBps;
  // One that only now came back from being dead must not get everything at once: lower tiers keep the rest.
  const group = isDrawn || measured.standing !== "back" ? GROUP.USABLE : GROUP.WAITS;
  return { ...base, shareBps, group, degree: isDrawn ? 0 : 2, rule: "ramp" };
}

function compare(a: Ranked, b: Ranked): number {
  return (
    a.group - b.group ||
    a.candidate.tier - b.candidate.tier ||
    a.degree - b.degree ||
    a.score - b.score ||
    (a.candidate.name < b.candidate.name ? -1 : 1)
  );
}

/** Is it as good as the other but for the score? */
function isLevel(a: Ranked, b: Ranked): boolean {
  return a.group === b.group && a.candidate.tier === b.candidate.tier && a.degree === b.degree;
}

function isBetter(a: Ranked, b: Ranked, settings: Settings): boolean {
  return a.score * (1 + settings.margin) < b.score;
}

interface Chosen {
  readonly choice: Choice;
  readonly taken: Ranked;
  readonly rule: Rule;
}

/** Who is taken for good, whatever happens to this one question. */
function choose(sorted: readonly Ranked[], previous: Choice | null, now: number, settings: Settings): Chosen {
  const before = sorted.find(({ candidate }) => candidate.name === previous?.name);
  // Over a quota for a moment: what is beyond it goes elsewhere, the choice stays.
  const spills = before?.group === GROUP.QUOTA && before.candidate.quotaWait <= settings.dwell;
  // A tier isn't left because policy lets all of it recover: they share the questions.
  const steady = sorted.filter(
    ({ group, candidate }) => group === GROUP.USABLE && candidate.measured.standing !== "back",
  );
  const best =
    steady.find(({ rule, candidate }) => rule !== "ramp" && candidate.tier === steady[0]?.candidate.tier) ??
    steady[0] ??
    sorted.find((one) => one.rule === "ramp") ??
    (sorted[0] as Ranked);
  const keep = (rival: Choice["rival"]): Chosen => ({
    choice: { name: (previous as Choice).name, since: (previous as Choice).since, rival },
    taken: before as Ranked,
    rule: "kept",
  });
  const take = (rule: Rule): Chosen => ({
    choice: { name: best.candidate.name, since: now, rival: null },
    taken: best,
    rule,
  });
  if (previous === null || before === undefined) return take(isLastResort(best) ? "last-resort" : "first");
  if (before === best) return keep(null);
  if (spills && best.candidate.tier >= before.candidate.tier) return keep(null);
  if (isLevel(best, before) || (best.rule === "ramp" && before.rule === "ramp")) {
    if (!isBetter(best, before, settings)) return keep(null);
    const since = previous.rival?.since ?? now;
    if (now - since < settings.dwell * 1000) return keep({ name: best.candidate.name, since });
    return take("better");
  }
  if (isLastResort(best)) return take("last-resort");
  return take(
    before.group === GROUP.USABLE && best.candidate.tier < before.candidate.tier ? "tier" : before.rule,
  );
}

/**
 * Whom to ask, in which order, and why: the rules of docs/reference/router.md. Pure: what it needs of time and chance is handed in.
 *
 * @param previous the last decision's `choice`
 * @param now milliseconds of a clock that never goes back
 * @param random 0 to 1, drawn for this question
 */
export function decide(
  candidates: readonly Candidate[],
  previous: Choice | null,
  now: number,
  settings: Settings,
  random: number,
): Decision {
  if (candidates.length === 0) return NOBODY;
  const sorted = candidates
    .map((candidate, i) => rank(candidate, settings, (random + i * SPREAD) % 1))
    .sort(compare);
  const { choice, taken, rule } = choose(sorted, previous, now, settings);
  const order = sorted.slice();
  const head = order[0] as Ranked;
  // The choice goes first, unless its quota is spent or another takes this question of its ramp.
  const yields = isRamping(head) && head !== taken && takesShare(head, taken, settings);
  if (head !== taken && !yields && taken.group === head.group) {
    order.splice(order.indexOf(taken), 1);
    order.unshift(taken);
  }
  const first = order[0] as Ranked;
  const isElsewhere = first !== taken;
  return {
    order: order.map(({ candidate }) => candidate.name),
    usable: order.filter(({ group }) => group < GROUP.DISABLED).length,
    choice,
    tier: first.candidate.tier,
    hedgeAfter: hedgeAfterOf(first.candidate, settings),
    rule: isElsewhere ? (isRamping(first) ? "ramp" : taken.rule) : isLastResort(taken) ? "last-resort" : rule,
    reason: isElsewhere
      ? elsewhere(first, taken)
      : sentence(sorted, taken, rule, previous, choice, now, settings),
    steady: !sorted.some(isRamping),
  };
}

const NOBODY: Decision = {
  order: [],
  usable: 0,
  choice: null,
  tier: null,
  hedgeAfter: 0,
  rule: "last-resort",
  reason: "There is nobody to ask.",
  steady: true,
};

function isLastResort({ group }: Ranked): boolean {
  return group === GROUP.DISABLED || group === GROUP.OUT;
}

function isRamping(one: Ranked): boolean {
  return one.rule === "ramp";
}

/** A ramp limits what one takes that would be chosen; it gives nothing to one that is no better. */
function takesShare(ramping: Ranked, taken: Ranked, settings: Settings): boolean {
  if (ramping.group !== GROUP.USABLE || ramping.degree !== 0) return false;
  return !isLevel(ramping, taken) || isBetter(ramping, taken, settings);
}

function elsewhere(first: Ranked, taken: Ranked): string {
  const { name } = first.candidate;
  if (isRamping(first))
    return `${name} takes this question of ${taken.candidate.name}'s: its ramp gives it ${percent(first.shareBps / 10_000)} of questions.`;
  return `${name} takes this question: ${aboutLeft(taken)}.`;
}

function sentence(
  sorted: readonly Ranked[],
  taken: Ranked,
  rule: Rule,
  previous: Choice | null,
  choice: Choice,
  now: number,
  settings: Settings,
): string {
  const { name } = taken.candidate;
  const left = sorted.find(({ candidate }) => candidate.name === previous?.name);
  if (isLastResort(taken))
    return `Nobody can be used; ${name} is asked as the last resort, though ${aboutLastResort(taken)}.`;
  if (rule === "first" || left === undefined) return `${name} is taken: ${describe(taken)}.`;
  if (rule === "kept") {
    const other = sorted.find((one) => one !== taken && isLevel(one, taken));
    if (choice.rival !== null)
      return `${name} stays for now: ${choice.rival.name} has been better by ${percent(settings.margin)} for ${seconds(now - choice.rival.since)} of ${settings.dwell} s.`;
    if (other === undefined) return `${name} stays, as the only one of its standing: ${describe(taken)}.`;
    return `${name} stays: ${describe(taken)}, and ${other.candidate.name} with ${describe(other)} is not better by ${percent(settings.margin)}.`;
  }
  if (rule === "better")
    return `${left.candidate.name} is left for ${name}, better by ${percent(settings.margin)} for ${settings.dwell} s: ${describe(taken)} against ${describe(left)}.`;
  if (rule === "tier")
    return `${left.candidate.name} is left for ${name}, which can be used again and comes before it: ${describe(taken)}.`;
  return `${left.candidate.name} is left for ${name}: ${aboutLeft(left, settings)}.`;
}
