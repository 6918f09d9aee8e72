import { RCODE } from "@tolldns/dns/wire/constants";
import type { Attention } from "@tolldns/policy/attention";
import { type Change, createMeasure, DEFAULT_EJECTION, type Measure } from "@tolldns/policy/measure";
import type { EdgeClock } from "../clock.ts";

/** How fast and how reliable a gateway is by its own answers. Times in milliseconds. */
export interface Score {
  readonly measured: Measure;
  /** When it last answered anything usable, by attention. */
  readonly heardAt: number;
  /** Begins to time a question; the function returned takes its answer. */
  hear(): (answer: Uint8Array) => void;
  /** An answer after `ms`. */
  answered(ms: number): void;
  /** No usable answer came, by its own fault: `what` is a clause. */
  failed(what: string, isTimeout: boolean): void;
  /** Its answer was held against others'. `isSure`: the difference can't be one that honest resolvers have. */
  compared(agrees: boolean, isSure: boolean): void;
  /** 95th percentile; null before the first answer. */
  p95(): number | null;
  /** Who is told when it is put out, comes back, or is wholly back. */
  onChange(listener: (change: Change) => void): void;
}

/** @param attention what answers are timed by; pauses run by the clock */
export function createScore(
  clock: Pick<EdgeClock, "now">,
  attention: Pick<Attention, "now">,
  jitter: () => number,
): Score {
  const measured = createMeasure(DEFAULT_EJECTION, jitter);
  let listener: (change: Change) => void = () => {};
  const tell = (change: Change) => {
    if (change !== null) listener(change);
  };
  const score = {
    measured,
    heardAt: Number.NEGATIVE_INFINITY,
    hear() {
      const started = attention.now();
      return (answer: Uint8Array) => {
        const rcode = (answer[3] as number) & 15;
        // Anything else another gateway may know better: the asker finds out.
        if (rcode === RCODE.NOERROR || rcode === RCODE.NXDOMAIN) score.answered(attention.now() - started);
      };
    },
    answered(ms: number) {
      score.heardAt = attention.now();
      tell(measured.answered(ms, clock.now(), false));
    },
    failed: (what: string, isTimeout: boolean) => tell(measured.failed(what, clock.now(), isTimeout)),
    compared: (agrees: boolean, isSure: boolean) => tell(measured.compared(agrees, clock.now(), isSure)),
    p95: () => (measured.answers === 0 ? null : measured.p95Ms),
    onChange(next: (change: Change) => void) {
      listener = next;
    },
  };
  return score;
}
