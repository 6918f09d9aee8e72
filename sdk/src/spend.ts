import { copyBytes } from "./bytes.ts";
import { type HashTick, hashTick, isTickOf, TICK_LENGTH, TICK_WINDOW } from "./tick.ts";

/** The gateway's side of a hash chain: what it has seen. Changed in place by spendTick; small, and nothing in it is secret. */
export interface TickState {
  /** Highest index seen, 0 at the start. */
  index: number;
  /** Tick of that index, 32 bytes; the anchor at the start. */
  readonly tick: Uint8Array;
  /** Units the chain was announced with. */
  readonly units: number;
  /** Which of the last 64 units are paid out: bit `b` of `low` is unit `index - b`, of `high` unit `index - 32 - b`. */
  spentLow: number;
  spentHigh: number;
}

/** What spendTick says: 0 if the tick pays, else the number of the toll error (docs/reference/toll.md). */
export type SpendResult = 0 | 5 | 6 | 7 | 8;

/** State of a session that has just opened. `units` is from the open message, the anchor is copied. */
export function createTickState(anchor: Uint8Array, units: number): TickState {
  return { index: 0, tick: copyBytes(anchor, 0, TICK_LENGTH), units, spentLow: 0, spentHigh: 0 };
}

/**
 * Spends `cost` units with tick `index`: the units `index - cost + 1` to `index`, none of which may have been spent.
 * So a tick that skipped units for a dear query can't be followed by the skipped ticks for cheap ones, except by the
 * queries the skipped units belong to, arriving late within the window of 64.
 *
 * Returns 0 and updates `state`, or leaves it and returns 7 (beyond the announced units), 8 (beyond `ceiling`: what the
 * gateway lends, checked before hashing so that a forged index costs nothing), 6 (spent, or behind the window) or
 * 5 (does not hash to the chain). `cost` is 1 to 64.
 */
export function spendTick(
  state: TickState,
  index: number,
  tick: Uint8Array,
  cost: number,
  ceiling: number,
  hash: HashTick = hashTick,
): SpendResult {
  if (index > state.units) return 7;
  if (index > ceiling) return 8;
  if (index < cost || cost < 1 || cost > TICK_WINDOW) return 6;
  const ahead = index - state.index;
  if (ahead > 0) return spendAhead(state, index, tick, cost, hash);
  const behind = -ahead;
  if (behind + cost > TICK_WINDOW || overlaps(state, behind, cost)) return 6;
  if (!isTickOf(tick, index, state.tick, state.index, hash)) return 5;
  mark(state, behind, cost);
  return 0;
}

function spendAhead(
  state: TickState,
  index: number,
  tick: Uint8Array,
  cost: number,
  hash: HashTick,
): SpendResult {
  const ahead = index - state.index;
  // A dear query reaches back over units that may be spent already.
  const shared = cost - ahead;
  if (shared > 0 && overlaps(state, 0, shared)) return 6;
  if (!isTickOf(tick, index, state.tick, state.index, hash)) return 5;
  shift(state, ahead);
  mark(state, 0, cost);
  state.index = index;
  state.tick.set(tick);
  return 0;
}

function overlaps(state: TickState, from: number, count: number): boolean {
  for (let bit = from; bit < from + count; bit++)
    if (bit < 32 ? state.spentLow & (1 << bit) : state.spentHigh & (1 << (bit - 32))) return true;
  return false;
}

function mark(state: TickState, from: number, count: number): void {
  for (let bit = from; bit < from + count; bit++)
    if (bit < 32) state.spentLow |= 1 << bit;
    else state.spentHigh |= 1 << (bit - 32);
}

function shift(state: TickState, by: number): void {
  if (by >= 64) {
    state.spentHigh = 0;
    state.spentLow = 0;
  } else if (by >= 32) {
    state.spentHigh = state.spentLow << (by - 32);
    state.spentLow = 0;
  } else {
    state.spentHigh = (state.spentHigh << by) | (state.spentLow >>> (32 - by));
    state.spentLow <<= by;
  }
}
