/**
 * What one gateway delivered for what it took, over all its sessions since this process began. Bounds what is paid for nothing:
 * one unit, one for eight that were answered, and one more after each pause.
 */
export interface Trust {
  /** Units whose query was answered. */
  good: number;
  /** Units that bought nothing. */
  lost: number;
  /** Pauses for stalling so far. */
  pauses: number;
  /** What the ticks of answered queries bring the lane to, micro-IU; null before the first. */
  answered: bigint | null;
}

/** Seconds of the first pause and of the longest. */
const FIRST_PAUSE = 30;
const LONGEST_PAUSE = 3_600;

export function createTrust(): Trust {
  return { good: 0, lost: 0, pauses: 0, answered: null };
}

/** Has it taken more for nothing than is put up with? */
export function isStalling(trust: Trust): boolean {
  return spare(trust) < 0;
}

/** Units it may still take for nothing; negative when it took too many. */
function spare({ good, lost, pauses }: Trust): number {
  return 1 + Math.floor(good / 8) + pauses - lost;
}

/** Counts a pause; its length in seconds doubles each time. */
export function takePause(trust: Trust): number {
  const seconds = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** trust.pauses);
  trust.pauses++;
  return seconds;
}

/**
 * The most an opening may be made to cover, micro-IU: what was answered and what it may still take for nothing. After a restart nobody
 * knows what was answered, so all that was allowed.
 */
export function mostConsumed(trust: Trust, price: bigint, authorised: bigint): bigint {
  if (trust.answered === null) return authorised;
  // What it lost counts as consumed, so far as it was put up with.
  const units = Math.max(0, Math.min(trust.lost, trust.lost + spare(trust)));
  const most = trust.answered + BigInt(units) * price;
  if (most > authorised) return authorised;
  return most;
}
