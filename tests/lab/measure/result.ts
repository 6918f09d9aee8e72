import type { DecisionLine } from "@tolldns/policy";
import type { Run } from "../scenario/play.ts";
import { FATES, type Fate } from "./asked.ts";
import type { OnChain } from "./on-chain.ts";

/** What one run came to. Times in milliseconds. */
export interface Result {
  readonly name: string;
  /** From the fault to the first line of a log about it; null if nothing had to be noticed, or nobody wrote it. */
  readonly detectMs: number | null;
  /** From the fault to the line that says that another is asked now. */
  readonly switchMs: number | null;
  /** From the fault to the last question that the user got no right answer to within SLOW_MS; 0 if there was none. */
  readonly troubleMs: number;
  /** From the mending to everything being as before; null if that never came. */
  readonly recoverMs: number | null;
  readonly asked: number;
  /** While the fault lasted. */
  readonly during: Counted;
  /** From the first to the last question. */
  readonly all: Counted;
  /** 99th percentile of the time a question took while the fault lasted. */
  readonly p99Ms: number;
  /** Wrong answers in words, and what failed answers said. */
  readonly wrong: readonly string[];
  readonly reasons: Readonly<Record<string, number>>;
  /** Returns within a dwell to who was left; the worst log. */
  readonly flaps: number;
  readonly switches: number;
  readonly load: number;
  readonly onChain: OnChain | null;
  /** Aims that were missed, in words. */
  readonly missed: readonly string[];
}

export interface Counted extends Readonly<Record<Fate, number>> {
  readonly asked: number;
}

export const SLOW_MS = 1_000;
/** Seconds a choice is kept at least: DEFAULT_SETTINGS.dwell of @tolldns/policy. */
const DWELL = 10;
const SWITCH_AIM_MS = 2_000;

/** @param target whom the traffic must leave, as logs name it; null if nobody */
export function resultOf(run: Run, target: string | null, onChain: OnChain | null): Result {
  const { scenario, faultAt, healedAt, asked } = run;
  const lines = [...run.decisions.values()].flat();
  const since = (line: DecisionLine | undefined) => (line === undefined ? null : line.at * 1_000 - faultAt);
  const inFault = lines.filter(({ at }) => at * 1_000 >= faultAt).sort((a, b) => a.at - b.at);
  const about = inFault.filter(({ subject, from }) => subject === target || from === target);
  const detectMs = since(
    about.find(({ kind }) => kind === "eject" || kind === "switch" || kind === "fallback"),
  );
  const switchMs = since(
    about.find(({ kind, from }) => (kind === "switch" || kind === "fallback") && from === target),
  );
  const during = count(run, (i) => isIn(asked.at[i] as number, faultAt, healedAt));
  const judged =
    scenario.expect.of === "popular"
      ? count(run, (i) => isIn(asked.at[i] as number, faultAt, healedAt) && asked.popular[i] === 1)
      : during;
  const flaps = Math.max(0, ...[...run.decisions.values()].map(flapsOf));
  const all = count(run, () => true);
  const recoverMs = recoveryOf(run);
  const success = judged.asked === 0 ? 1 : judged.right / judged.asked;
  const missed: string[] = [];
  if (all.wrong > 0) missed.push(`${all.wrong} wrong answers`);
  if (success * 10_000 < scenario.expect.successBps)
    missed.push(`success ${(success * 100).toFixed(2)} % under ${scenario.expect.successBps / 100} %`);
  if (recoverMs === null) missed.push("not back to normal");
  if (scenario.expect.own === true && switchMs !== null && switchMs > SWITCH_AIM_MS)
    missed.push(`switched after ${(switchMs / 1_000).toFixed(1)} s`);
  if (scenario.expect.own === true && switchMs === null) missed.push("no log tells the switch");
  if (flaps > 1) missed.push(`${flaps} returns within a dwell`);
  if (onChain !== null) missed.push(...onChain.missed);
  return {
    name: scenario.name,
    detectMs,
    switchMs,
    troubleMs: troubleOf(run),
    recoverMs,
    asked: all.asked,
    during: judged,
    all,
    p99Ms: p99Of(run),
    wrong: asked.wrong,
    reasons: asked.reasons,
    flaps,
    switches: lines.filter(({ kind }) => kind === "switch").length,
    load: run.load,
    onChain,
    missed,
  };
}

const isIn = (at: number, from: number, to: number) => at >= from && at < to;

function count({ asked }: Run, isCounted: (i: number) => boolean): Counted {
  const sums = { asked: 0, right: 0, wrong: 0, failed: 0, lost: 0 };
  for (let i = 0; i < asked.at.length; i++) {
    if (!isCounted(i)) continue;
    sums.asked++;
    sums[FATES[asked.fate[i] as number] as Fate]++;
  }
  return sums;
}

function troubleOf({ asked, faultAt, healedAt }: Run): number {
  let last = faultAt;
  for (let i = 0; i < asked.at.length; i++) {
    const at = asked.at[i] as number;
    if (!isIn(at, faultAt, healedAt)) continue;
    if (FATES[asked.fate[i] as number] !== "right" || (asked.took[i] as number) > SLOW_MS) last = at;
  }
  return last - faultAt;
}

/** Milliseconds from the mending until nobody is out any more and no question fails; null if that never came. */
function recoveryOf({ asked, healedAt, normalAt }: Run): number | null {
  if (normalAt === null) return null;
  let last = normalAt;
  for (let i = 0; i < asked.at.length; i++) {
    const at = asked.at[i] as number;
    if (at > last && FATES[asked.fate[i] as number] !== "right") last = at;
  }
  return Math.max(0, last - healedAt);
}

function p99Of({ asked, faultAt, healedAt }: Run): number {
  const times = [...asked.took].filter((_, i) => isIn(asked.at[i] as number, faultAt, healedAt));
  times.sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * 0.99))] ?? 0;
}

/** Returns within a dwell: switches to one that was left less than DWELL seconds before. */
export function flapsOf(lines: readonly DecisionLine[]): number {
  const left = new Map<string, number>();
  let flaps = 0;
  for (const { kind, from, to, at } of lines) {
    if (kind !== "switch" || from === null || to === null) continue;
    if (at - (left.get(to) ?? Number.NEGATIVE_INFINITY) < DWELL) flaps++;
    left.set(from, at);
  }
  return flaps;
}

/** Switches made by choice, not because somebody failed, that came sooner than a dwell after the switch before. There must be none. */
export function hastySwitches(lines: readonly DecisionLine[], dwell = DWELL): DecisionLine[] {
  const switches = lines.filter(({ kind }) => kind === "switch");
  return switches.filter((line, i) => {
    const before = switches[i - 1];
    return line.evidence.rule === "better" && before !== undefined && line.at - before.at < dwell;
  });
}
