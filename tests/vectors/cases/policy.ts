import { toHex } from "@tolldns/sdk";
import {
  DEFAULT_POLICY_TERMS,
  findBadTerm,
  gradeReport,
  judgeReports,
  type Masks,
  newStanding,
  type PolicyTerms,
  type Standing,
  shareOf,
  stepTarget,
  TRANSITIONS,
  timesOfWindow,
  type VerdictSeat,
  windowOf,
} from "@tolldns/sdk/policy";
import { sha256 } from "@tolldns/sdk/routes";
import { playSequences } from "../../sdk/support/policy-sequences.ts";

const U64 = 2n ** 64n - 1n;
const GOOD = DEFAULT_POLICY_TERMS;
const DAY = 86_400;

/** Each bound of the terms, and one beyond it. */
const TERMS: readonly Partial<PolicyTerms>[] = [
  {},
  { window: 1, report: 1, dwell: 1 },
  { window: 0 },
  { window: DAY, dwell: 7 * DAY },
  { window: DAY + 1, dwell: 7 * DAY },
  { report: 0 },
  { report: 301 },
  { dwell: 299 },
  { dwell: 7 * DAY + 1 },
  { roster: 10, enrol: 5 },
  { roster: 10, enrol: 6 },
  { roster: 9, enrol: 4 },
  { roster: 6 * DAY },
  { roster: 6 * DAY + 1 },
  { enrol: 0 },
  { evidence: 299 },
  { evidence: 30 * DAY },
  { evidence: 30 * DAY + 1 },
  { strike: DAY },
  { strike: DAY - 1 },
  { strike: 365 * DAY + 1 },
  { quorumBps: 5_000 },
  { quorumBps: 5_001 },
  { quorumBps: 10_000 },
  { quorumBps: 10_001 },
  { badBps: 0 },
  { badBps: 9_499 },
  { badBps: 9_500 },
  { poorBps: 10_000 },
  { poorBps: 10_001 },
  { operators: 1 },
  { operators: 16 },
  { regions: 17 },
  { networks: 1 },
  { degradeAfter: 0 },
  { degradeAfter: 5 },
  { degradeAfter: 6 },
  { disableAfter: 250 },
  { disableAfter: 251 },
  { recoverAfter: 9 },
  { recoverAfter: 10 },
  { restoreAfter: 251 },
  { leastProbes: 0 },
  { leastProbes: 4_096 },
  { leastProbes: 4_097 },
  { seats: 2 },
  { seats: 3 },
  { seats: 65 },
];

/** Rosters by the weight, region and network of each seat, and what the seats said: a letter each, `-` for nothing, upper case for a struck one. */
const VERDICTS: readonly (readonly [
  name: string,
  said: string,
  seats: readonly (readonly [bigint, number, number])[],
])[] = [
  ["three of three", "ccc", spread(1n, 1n, 1n)],
  ["nobody", "---", spread(1n, 1n, 1n)],
  ["an empty roster", "", []],
  ["exactly the share", "ccc-", spread(2_000n, 2_000n, 2_700n, 3_300n)],
  ["one unit below the share", "ccc-", spread(2_000n, 2_000n, 2_700n, 3_301n)],
  ["two operators of much weight", "bb-", spread(100n, 100n, 1n)],
  ["three of one region", "bbb", spread(1n, 1n, 1n).map(([weight, , network]) => [weight, 0, network])],
  ["three of one network", "bbb", spread(1n, 1n, 1n).map(([weight, region]) => [weight, region, 0])],
  ["bad and poor together", "bbp", spread(1n, 1n, 1n)],
  ["bad against clean", "bbcc", spread(1n, 1n, 1n, 1n)],
  ["a struck one neither counts nor weighs", "cccB", spread(1n, 1n, 1n, 1_000n)],
  ["three without the struck one are too few", "ccC", spread(1n, 1n, 1n)],
  ["one without weight is not there", "ccc", spread(1n, 1n, 0n)],
  ["the largest weights", "bbbbc", spread(U64, U64, U64, U64, U64)],
];

function spread(...weights: readonly bigint[]): (readonly [bigint, number, number])[] {
  return weights.map((weight, place) => [weight, place, place]);
}

/** Targets before a window, and what the window was. `at` is how many windows after the last it begins, in seconds. */
const LONG: Standing = { ...newStanding(0n), judged: 9_000n };
const STEPS: readonly (readonly [
  name: string,
  before: Partial<Standing>,
  verdict: Standing["verdict"],
  begin?: bigint,
  from?: bigint,
])[] = [
  ["a first poor window", {}, "poor"],
  ["a second poor window degrades", { runs: { poor: 1, bad: 0, clean: 0 } }, "poor"],
  ["a bad window counts as poor too", { runs: { poor: 1, bad: 0, clean: 0 } }, "bad"],
  ["a fifth bad window disables", { state: "degraded", runs: { poor: 4, bad: 4, clean: 0 } }, "bad"],
  ["disabling comes before degrading", { runs: { poor: 4, bad: 4, clean: 0 } }, "bad"],
  ["poor windows never disable", { state: "degraded", runs: { poor: 255, bad: 4, clean: 0 } }, "poor"],
  ["two clean windows do not recover", { state: "disabled", runs: { poor: 0, bad: 0, clean: 1 } }, "clean"],
  ["three clean windows recover", { state: "disabled", runs: { poor: 0, bad: 0, clean: 2 } }, "clean"],
  ["from degraded too", { state: "degraded", runs: { poor: 0, bad: 0, clean: 2 } }, "clean"],
  ["ten clean windows restore", { state: "recovering", runs: { poor: 0, bad: 0, clean: 9 } }, "clean"],
  ["a poor window ends the ramp", { state: "recovering", runs: { poor: 0, bad: 0, clean: 9 } }, "poor"],
  ["recovering degrades", { state: "recovering", runs: { poor: 1, bad: 0, clean: 0 } }, "poor"],
  ["recovering is disabled", { state: "recovering", runs: { poor: 4, bad: 4, clean: 0 } }, "bad"],
  ["what nobody knows ends all runs", { state: "disabled", runs: { poor: 0, bad: 0, clean: 9 } }, "unknown"],
  ["a gap ends all runs", { state: "disabled", runs: { poor: 0, bad: 0, clean: 9 } }, "clean", 9_600n],
  [
    "new terms end all runs",
    { state: "disabled", runs: { poor: 0, bad: 0, clean: 9 } },
    "clean",
    9_300n,
    9_001n,
  ],
  [
    "terms set at the last window's begin",
    { state: "disabled", runs: { poor: 0, bad: 0, clean: 9 } },
    "clean",
    9_300n,
    9_000n,
  ],
  ["at the end of the dwell", { since: 9_000n, runs: { poor: 1, bad: 0, clean: 0 } }, "poor"],
  ["a second before the end of the dwell", { since: 9_001n, runs: { poor: 1, bad: 0, clean: 0 } }, "poor"],
  ["a run does not overflow", { runs: { poor: 255, bad: 255, clean: 0 }, since: 9_001n }, "bad"],
  ["a window again", {}, "bad", 9_000n],
  ["an older window", {}, "bad", 8_700n],
  ["a window of older terms", {}, "bad", 9_300n, 9_301n],
  ["no window", {}, "bad", 9_301n],
];

/** Terms, verdicts and transitions of the policy program. */
export function policyVectors(): Record<string, unknown> {
  return {
    about: "what moves a target; see docs/reference/policy.md",
    terms: TERMS.map((changed) => {
      const terms = { ...GOOD, ...changed };
      const name = Object.entries(changed).map(([term, value]) => `${term} ${value}`);
      return { name: name.join(", ") || "default", terms: named(terms), refusal: findBadTerm(terms) ?? null };
    }),
    windows: [0n, 299n, 300n, 1_800_000_000n, 1_800_000_299n].map((time) => {
      const begin = windowOf(GOOD, time);
      const { end, reportsUntil, evidenceUntil } = timesOfWindow(GOOD, begin);
      const times = { begin, end, reports_until: reportsUntil, evidence_until: evidenceUntil };
      return { name: `at ${time}`, terms: named(GOOD), time: String(time), ...texts(times) };
    }),
    grades: (
      [
        [20, 20],
        [20, 19],
        [20, 18],
        [20, 15],
        [20, 14],
        [20, 0],
        [19, 19],
        [20, 21],
        [0, 0],
        [65_535, 65_535],
        [4_096, 3_891],
        [4_096, 3_892],
      ] as const
    ).map(([total, ok]) => {
      const verdict = gradeReport(total, ok, GOOD);
      return { name: `${ok} of ${total}`, terms: named(GOOD), total, ok, verdict };
    }),
    verdicts: VERDICTS.map(([name, said, rows]) => {
      const seats = rows.map(([weight, region, network], place) => {
        const struck = said[place] !== said[place]?.toLowerCase();
        return { weight, region, network, struck };
      });
      const masks = { clean: mask(said, "c"), poor: mask(said, "p"), bad: mask(said, "b") };
      return { name, terms: named(GOOD), ...verdictCase(seats, masks) };
    }),
    table: TRANSITIONS.map(({ from, to, run, after }, place) => {
      const name = `row ${place}`;
      return { name, place, from, to, run, after: after.replace("After", "") };
    }),
    steps: STEPS.map(([name, changed, verdict, begin = 9_300n, from = 0n]) => {
      const before = { ...LONG, ...changed };
      const result = stepTarget(before, begin, verdict, GOOD, from);
      const refused = "refused" in result;
      return {
        name,
        terms: named(GOOD),
        from: String(from),
        before: standing(before),
        begin: String(begin),
        verdict,
        refusal: refused ? result.refused : null,
        after: refused ? null : standing(result.standing),
        moved: refused ? false : result.transition !== undefined,
      };
    }),
    shares: [0, 1, 3, 4, 9, 10, 11, 255].flatMap((clean) =>
      (
        [
          [3, 10],
          [1, 2],
          [249, 250],
          [1, 250],
        ] as const
      ).map(([recoverAfter, restoreAfter]) => ({
        name: `${clean} of ${recoverAfter} to ${restoreAfter}`,
        clean,
        recover_after: recoverAfter,
        restore_after: restoreAfter,
        bps: shareOf(clean, { recoverAfter, restoreAfter }),
      })),
    ),
    sequences: [0, 1_000, 2_000, 4_000_000_000].map((first) => {
      const [seed, count] = [20_261_121, 500];
      const hash = toHex(sha256(playSequences(seed, first, count)));
      return { name: `${count} sequences from ${first} on`, seed, first, count, hash };
    }),
  };
}

/** Terms under the names the program has for them. */
function named(terms: PolicyTerms): Record<string, number> {
  const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(terms).map(([name, value]) => [snake(name), value]));
}

function texts(values: Record<string, bigint>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function mask(said: string, letter: string): bigint {
  return [...said.toLowerCase()].reduce(
    (bits, one, at) => bits | (one === letter ? 1n << BigInt(at) : 0n),
    0n,
  );
}

function verdictCase(seats: readonly VerdictSeat[], masks: Masks): Record<string, unknown> {
  const { verdict, clean, poor, bad, total } = judgeReports(seats, masks, GOOD);
  const weights = [clean, poor, bad, total].map(String);
  const rows = seats.map((seat) => ({ ...seat, weight: String(seat.weight) }));
  return { seats: rows, ...texts({ ...masks }), verdict, weights };
}

function standing({ state, since, runs, judged, verdict, transitions }: Standing): Record<string, unknown> {
  return {
    state,
    runs: [runs.poor, runs.bad, runs.clean],
    verdict,
    ...texts({ since, judged, transitions }),
  };
}
