import { bytesEqual, checkBytes, copyBytes } from "./bytes.ts";
import { type ErrorTable, errorsOf } from "./errors.ts";
import { sha256Of32 } from "./sha256.ts";

/** Bytes of a tick. */
export const TICK_LENGTH = 32;
/** How far behind the highest tick one may arrive. */
export const TICK_WINDOW = 64;
/** Most units a chain may have: an index is a u32, and this much takes seconds to make. */
export const MAX_UNITS = 1 << 24;

/** SHA-256 of 32 bytes into a new array. Another may be handed in wherever one is asked for. */
export type HashTick = (tick: Uint8Array) => Uint8Array;

/** SHA-256 of a tick, 32 bytes; the fastest there is for this, in Node and in browsers (decision 0032). */
export const hashTick: HashTick = (tick) => sha256Of32(checkBytes(tick, TICK_LENGTH, "tick"));

/** The payer's side of a hash chain. Made by createTickChain, read by revealTick. */
export interface TickChain {
  /** `w[0]`, what the session opens with. */
  readonly anchor: Uint8Array;
  /** How many ticks there are. */
  readonly units: number;
  /** @internal every `spacing`-th tick, from `w[spacing]` on */
  readonly checkpoints: Uint8Array;
  /** @internal */
  readonly spacing: number;
  /** @internal */
  readonly seed: Uint8Array;
  /** @internal */
  readonly hash: HashTick;
  /** @internal the stretch between two checkpoints that was revealed last */
  readonly stretch: { start: number; ticks: Uint8Array };
}

/** Context of each tick error. */
export interface TickErrors {
  "tick-units": { got: number };
  "tick-index": { got: number; units: number };
}

/** Tick errors, 140-149. */
export const TICK_ERRORS: ErrorTable<TickErrors> = {
  "tick-units": {
    number: 140,
    message: "a chain has 1 to 2^24 units",
    hint: "Ask for a whole number of units within the gateway's max_units.",
  },
  "tick-index": {
    number: 141,
    message: "no such tick in this chain",
    hint: "Ticks run from 1 to units; open a new session when they are used up.",
  },
};

const fail = /* #__PURE__ */ errorsOf(TICK_ERRORS);

/**
 * A chain of `units` ticks: `w[units] = seed`, `w[i-1] = SHA-256(w[i])`, the anchor is `w[0]`.
 * Costs `units` hashes now and one more per tick as they are revealed in order; keeps about `2 sqrt(units)` ticks
 * (16 KiB for 65 536 units) rather than all of them (2 MiB).
 * @param seed 32 secret random bytes, new for every session: whoever knows it can spend the chain.
 * @throws tick-units, bytes-type, bytes-length
 */
export function createTickChain(seed: Uint8Array, units: number, hash: HashTick = hashTick): TickChain {
  if (!Number.isInteger(units) || units < 1 || units > MAX_UNITS) throw fail("tick-units", { got: units });
  const top = copyBytes(checkBytes(seed, TICK_LENGTH, "seed"));
  const spacing = Math.ceil(Math.sqrt(units));
  const checkpoints = new Uint8Array(Math.floor(units / spacing) * TICK_LENGTH);
  let tick: Uint8Array = top;
  for (let i = units; i > 0; i--) {
    if (i % spacing === 0) checkpoints.set(tick, (i / spacing - 1) * TICK_LENGTH);
    tick = hash(tick);
  }
  return {
    anchor: copyBytes(tick),
    units,
    checkpoints,
    spacing,
    seed: top,
    hash,
    stretch: { start: 0, ticks: new Uint8Array(0) },
  };
}

/** Tick `index`, 1 to units, 32 bytes (a copy). Cheap in order; any order is allowed. @throws tick-index */
export function revealTick(chain: TickChain, index: number): Uint8Array {
  if (!Number.isInteger(index) || index < 1 || index > chain.units)
    throw fail("tick-index", { got: index, units: chain.units });
  const start = Math.floor((index - 1) / chain.spacing) * chain.spacing + 1;
  if (chain.stretch.start !== start) fillStretch(chain, start);
  const at = (index - start) * TICK_LENGTH;
  return chain.stretch.ticks.slice(at, at + TICK_LENGTH);
}

function fillStretch(chain: TickChain, start: number): void {
  const end = Math.min(start + chain.spacing - 1, chain.units);
  const checkpoint = (end / chain.spacing - 1) * TICK_LENGTH;
  let tick =
    end % chain.spacing === 0 ? chain.checkpoints.slice(checkpoint, checkpoint + TICK_LENGTH) : chain.seed;
  const ticks = new Uint8Array((end - start + 1) * TICK_LENGTH);
  for (let i = end; i >= start; i--) {
    ticks.set(tick, (i - start) * TICK_LENGTH);
    if (i > start) tick = chain.hash(tick);
  }
  chain.stretch.ticks = ticks;
  chain.stretch.start = start;
}

/**
 * Is `tick` tick `index` of the chain in which `known` is tick `knownIndex` (the anchor being tick 0)? Hashes once for
 * each index between the two, so bound the distance first. Works in both directions.
 */
export function isTickOf(
  tick: Uint8Array,
  index: number,
  known: Uint8Array,
  knownIndex: number,
  hash: HashTick = hashTick,
): boolean {
  let [high, target, steps] =
    index >= knownIndex ? [tick, known, index - knownIndex] : [known, tick, knownIndex - index];
  for (; steps > 0; steps--) high = hash(high);
  return bytesEqual(high, target);
}
