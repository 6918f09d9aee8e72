/**
 * What one gateway delivered for what it took, over all its sessions since this process began. Bounds what is paid for nothing, and
 * how long one that was silent for a while has to wait: docs/decisions/0128.
 */
export interface Trust {
  /** Units whose query was answered. */
  good: number;
  /** Units that bought nothing. */
  lost: number;
  /** Lost units put up with beside one, and one for eight that were answered. */
  forgiven: number;
  /** Pauses since it last answered well for long. */
  pauses: number;
  /** Questions lost in a row. */
  silent: number;
  /** After a pause, until its deficit is forgiven: asked one question at a time. */
  trying: boolean;
  /** Units answered since the last pause; null before the first one. */
  since: number | null;
  /** What the ticks of answered queries bring the lane to, micro-IU; null before the first. */
  answered: bigint | null;
}

/** Seconds of the first pause and of the longest. */
const FIRST_PAUSE = 30;
const LONGEST_PAUSE = 600;
/** Units answered after which a pause is as short as the first. */
const WELL_AGAIN = 64;
/** Questions without an answer at a time, after a pause. */
const NARROW = 4;

export function createTrust(): Trust {
  return {
    good: 0,
    lost: 0,
    forgiven: 0,
    pauses: 0,
    silent: 0,
    trying: false,
    since: null,
    answered: null,
  };
}

/** Units it took for nothing beyond what is put up with; no voucher covers them. */
export function deficit({ good, lost, forgiven }: Trust): number {
  return Math.max(0, lost - 1 - Math.floor(good / 8) - forgiven);
}

/** Questions that may be without an answer at a time; unbounded, but for what it lends, before the first pause. */
function window({ trying, since }: Trust): number {
  if (trying) return 1;
  return since === null ? Number.POSITIVE_INFINITY : NARROW + Math.floor(since / 8);
}

/** Is it time for a pause? */
export function isStalling(trust: Trust): boolean {
  return trust.silent >= window(trust) || (deficit(trust) > 0 && !trust.trying);
}

/** May one more question be asked while `inFlight` are? */
export function mayAsk(trust: Trust, inFlight: number): boolean {
  return inFlight + trust.silent < window(trust);
}

/** Counts a pause; its length in seconds doubles each time. One more unit is forgiven, which pays for a trial if nothing else does. */
export function takePause(trust: Trust): number {
  const seconds = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** trust.pauses);
  trust.pauses++;
  trust.forgiven++;
  trust.silent = 0;
  trust.since = 0;
  trust.trying = true;
  return seconds;
}

/** A query was answered. While it is tried, each answer halves the deficit. */
export function countGood(trust: Trust, units: number): void {
  trust.good += units;
  trust.silent = 0;
  if (trust.since !== null) trust.since += units;
  if ((trust.since ?? 0) >= WELL_AGAIN) trust.pauses = 0;
  if (!trust.trying) return;
  trust.forgiven += Math.ceil(deficit(trust) / 2);
  trust.trying = deficit(trust) > 0;
}

/** A query wasn't. @param isLate it was asked before a pause that has begun since, and says nothing about the time after */
export function countLost(trust: Trust, units: number, isLate: boolean): void {
  trust.lost += units;
  if (!isLate) trust.silent++;
}

/**
 * The most an opening may be made to cover, micro-IU: what was answered and what it may still take for nothing; after a pause, all that
 * was lost, since without it there is no trial. After a restart nobody knows what was answered, so all that was allowed.
 */
export function mostConsumed(trust: Trust, price: bigint, authorised: bigint): bigint {
  if (trust.answered === null) return authorised;
  const units = trust.trying ? trust.lost : trust.lost - deficit(trust);
  const most = trust.answered + BigInt(units) * price;
  if (most > authorised) return authorised;
  return most;
}

/** Puts up with all that was lost so far: without it the gateway takes no trial. */
export function forgive(trust: Trust): void {
  trust.forgiven += deficit(trust);
}
