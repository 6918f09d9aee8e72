import { createQuantiles } from "./quantiles.ts";
import { millis, percent } from "./reason.ts";
import type { EjectionCause, Measured } from "./types.ts";

/** When one is out, for how long, and how it comes back. */
export interface EjectionSettings {
  /** Failures in a row that eject. */
  readonly failures: number;
  /** Lost comparisons in a row that eject; of those that are not sure, two and a half times as many. */
  readonly contradictions: number;
  /** The first pause and the longest; each in between is twice the one before. Milliseconds. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
  /** Good trials in a row after which it comes back, and milliseconds between them. */
  readonly clean: number;
  readonly trialMs: number;
  /** Milliseconds its ramp lasts, and the basis points of questions it begins with. */
  readonly rampMs: number;
  readonly firstShareBps: number;
  /** Milliseconds in use after which the next pause is the first again. */
  readonly forgetMs: number;
  /** Answers and failures before it is held against others. */
  readonly leastSamples: number;
  /** Success below this, and below what others do by `successGap`, ejects. Shares. */
  readonly leastSuccess: number;
  readonly successGap: number;
  /** Slower than the median of the others by this factor, and than this many milliseconds, ejects. */
  readonly slowFactor: number;
  readonly slowMs: number;
}

export const DEFAULT_EJECTION: EjectionSettings = {
  failures: 3,
  contradictions: 2,
  pauseMs: 1_000,
  longestPauseMs: 60_000,
  clean: 3,
  trialMs: 200,
  rampMs: 10_000,
  firstShareBps: 500,
  forgetMs: 120_000,
  leastSamples: 20,
  leastSuccess: 0.8,
  successGap: 0.15,
  slowFactor: 4,
  slowMs: 250,
};

/** What became of its standing by what was just noted. */
export type Change = "eject" | "return" | "settled" | null;

/** Keeps the measurements of one candidate. Times are milliseconds of a clock that never goes back. */
export interface Measure extends Measured {
  /** A good answer after `ms`. `trial`: to a question of the router's own, which says nothing about how much it is used. */
  answered(ms: number, now: number, trial: boolean): Change;
  /** No good answer, and that was its own fault. `what` is a clause: "refused the connection". */
  failed(what: string, now: number, isTimeout: boolean): Change;
  /** Its answer was held against others'. `isSure`: all honest servers say the same to that question; else, as of names that differ by place, it takes more. */
  compared(agrees: boolean, now: number, isSure: boolean): Change;
  /** Puts it out for what a look at the others showed. */
  eject(cause: EjectionCause, because: string, now: number): Change;
  /** Lets time pass: its share rises, its ramp ends. */
  advance(now: number): Change;
  /** May a trial question be sent while it is out? */
  isTrialDue(now: number): boolean;
  /** When the next trial may be; Infinity while it is in. */
  readonly trialAt: number;
  /** Answers and failures since it came in. */
  readonly samples: number;
  /** Good trials so far while it is out. */
  readonly cleanRun: number;
}

/** Weight of a new sample in the smoothed figures. */
const WEIGHT = 0.15;
/** Quantiles are read again after this many samples. */
const QUANTILES_EVERY = 8;
const MINUTE_MS = 60_000;
/** What a lost comparison counts that may have been nobody's fault. */
const UNSURE = 0.4;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * @param jitter gives numbers from 0 to 1: pauses differ by up to a quarter, so that not everybody asks at the same moment
 */
export function createMeasure(settings: EjectionSettings, jitter: () => number): Measure {
  const quantiles = createQuantiles();
  let level = 0;
  let backSince = Number.NEGATIVE_INFINITY;
  let contradicted = 0;
  let run = 0;
  let signAt = 0;
  let slowLimit = Number.POSITIVE_INFINITY;
  // Good answers of the minute that runs and of the one before.
  let minute = 0;
  let goodNow = 0;
  let goodBefore = 0;

  const rollMinute = (now: number) => {
    const current = Math.floor(now / MINUTE_MS);
    if (current === minute) return;
    goodBefore = current === minute + 1 ? goodNow : 0;
    goodNow = 0;
    minute = current;
  };
  const readGood = (now: number) => {
    rollMinute(now);
    const passed = (now % MINUTE_MS) / MINUTE_MS;
    self.goodPerMinute = goodNow + goodBefore * (1 - passed);
  };
  const pause = (now: number) => {
    const whole = Math.min(settings.longestPauseMs, settings.pauseMs * 2 ** Math.min(level, 16));
    self.trialAt = now + whole * (0.75 + 0.25 * jitter());
  };
  const eject = (cause: EjectionCause, because: string, now: number): Change => {
    if (self.standing === "out") return null;
    if (self.standing === "in" && now - backSince >= settings.forgetMs) level = 0;
    self.standing = "out";
    self.cause = cause;
    self.because = because;
    self.shareBps = 0;
    self.cleanRun = 0;
    slowLimit = cause === "slow" ? Math.max(settings.slowMs, self.latencyMs / 2) : Number.POSITIVE_INFINITY;
    signAt = now;
    pause(now);
    level++;
    return "eject";
  };
  /** A good trial while out: after enough of them it begins afresh, with a ramp. */
  const clean = (now: number): Change => {
    signAt = now;
    if (++self.cleanRun < settings.clean) {
      self.trialAt = now + settings.trialMs;
      return null;
    }
    self.standing = "back";
    self.cause = null;
    self.because = `came back after ${settings.clean} good trials`;
    self.trialAt = Number.POSITIVE_INFINITY;
    self.success = 1;
    self.disagreement = 0;
    self.failuresInRow = 0;
    self.samples = 0;
    contradicted = 0;
    run = 0;
    quantiles.clear();
    backSince = now;
    self.shareBps = settings.firstShareBps;
    return "return";
  };
  const soil = (now: number) => {
    self.cleanRun = 0;
    if (now < self.trialAt) return;
    pause(now);
    level++;
  };

  const self: Mutable<Measure> = {
    standing: "in",
    cause: null,
    because: "",
    shareBps: 10_000,
    latencyMs: 0,
    p50Ms: 0,
    p95Ms: 0,
    success: 1,
    disagreement: 0,
    failuresInRow: 0,
    goodPerMinute: 0,
    answers: 0,
    failures: 0,
    timeouts: 0,
    disagreements: 0,
    trialAt: Number.POSITIVE_INFINITY,
    samples: 0,
    cleanRun: 0,
    answered(ms, now, trial) {
      // Asked before it came back: says how it was, not how it is.
      if (now - ms < backSince) return null;
      const isFirst = self.answers++ === 0 || (self.standing === "out" && self.cleanRun === 0);
      self.samples++;
      self.latencyMs = isFirst ? ms : self.latencyMs + WEIGHT * (ms - self.latencyMs);
      quantiles.add(ms);
      if (self.answers <= QUANTILES_EVERY || self.answers % QUANTILES_EVERY === 0) {
        self.p50Ms = quantiles.at(0.5);
        self.p95Ms = quantiles.at(0.95);
      }
      self.success += WEIGHT * (1 - self.success);
      self.failuresInRow = 0;
      if (!trial) {
        rollMinute(now);
        goodNow++;
      }
      if (self.standing !== "out" || self.cause === "disagrees") return null;
      // A burst of late answers is one sign of life, not three; a question asked as the last resort counts before a trial is due.
      if (now < (trial ? self.trialAt : Math.min(self.trialAt, signAt + settings.trialMs))) return null;
      if (ms <= slowLimit) return clean(now);
      soil(now);
      return null;
    },
    failed(what, now, isTimeout) {
      self.failures++;
      if (isTimeout) self.timeouts++;
      self.samples++;
      self.failuresInRow++;
      self.success -= WEIGHT * self.success;
      if (self.standing === "out") {
        soil(now);
        return null;
      }
      // Whoever only now came back has less to spend.
      const most = self.standing === "back" ? Math.min(2, settings.failures) : settings.failures;
      if (self.failuresInRow < most) return null;
      return eject("dead", `${what}, ${self.failuresInRow} questions in a row`, now);
    },
    compared(agrees, now, isSure) {
      self.disagreement += WEIGHT * (Number(!agrees) - self.disagreement);
      if (agrees) {
        contradicted = 0;
        run = 0;
        if (self.standing !== "out" || self.cause !== "disagrees" || now < self.trialAt) return null;
        return clean(now);
      }
      self.disagreements++;
      contradicted += isSure ? 1 : UNSURE;
      run++;
      if (self.standing === "out") {
        soil(now);
        return null;
      }
      if (contradicted < settings.contradictions) return null;
      return eject("disagrees", `was contradicted by others ${run} times in a row`, now);
    },
    eject,
    advance(now) {
      readGood(now);
      if (self.standing !== "back") return null;
      const passed = (now - backSince) / settings.rampMs;
      self.shareBps = Math.min(10_000, Math.max(settings.firstShareBps, Math.floor(passed * 10_000)));
      if (passed < 1) return null;
      self.standing = "in";
      return "settled";
    },
    isTrialDue: (now) => self.standing === "out" && now >= self.trialAt,
  };
  return self;
}

/** Who of a tier is so much worse than the others that it is put out, and why; null where nobody is. At most half of a tier is out for being slow. */
export function findOutlier(
  tier: readonly Measure[],
  settings: EjectionSettings,
): { readonly measure: Measure; readonly cause: EjectionCause; readonly because: string } | null {
  const slowOut = tier.filter(({ cause }) => cause === "slow").length;
  const mayEjectSlow = slowOut + 1 <= Math.floor(tier.length / 2);
  for (const measure of tier) {
    if (measure.standing === "out" || measure.samples < settings.leastSamples) continue;
    const others = tier.filter((one) => one !== measure && one.standing !== "out" && one.answers > 0);
    if (others.length === 0) continue;
    const success = median(others.map((one) => one.success));
    if (measure.success < settings.leastSuccess && measure.success < success - settings.successGap)
      return {
        measure,
        cause: "failing",
        because: `answers ${percent(measure.success)} of questions well where others answer ${percent(success)}`,
      };
    const usual = median(others.map((one) => one.latencyMs));
    const limit = Math.max(settings.slowMs, usual * settings.slowFactor);
    if (mayEjectSlow && measure.latencyMs > limit)
      return {
        measure,
        cause: "slow",
        because: `takes ${millis(measure.latencyMs)} where others take ${millis(usual)}`,
      };
  }
  return null;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
