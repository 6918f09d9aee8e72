import type { EdgeClock } from "../clock.ts";
import { EdgeError } from "../errors.ts";
import type { SpendLimits } from "../options.ts";
import type { Journal, JournalBatch } from "../state/journal.ts";
import { type LaneAccount, loadLane, saveLane } from "./account.ts";
import { createSpendPolicy, type QueryBudget, type SpendPolicy } from "./policy.ts";
import { createSpendWindows, type SavedWindows, type SpendWindows } from "./windows.ts";

/** Tolls allowed on disk ahead of their use, so that a tick needn't wait for the disk. A crash counts them as spent. */
export const RESERVE_AHEAD = 64n;

/**
 * The books: every amount that is revealed or signed passes here first. Nothing else decides about money.
 * Three rules hold at every moment, also after a crash at any point:
 * what the disk counts as spent is at least what was revealed or signed; a lane's promise only rises; nothing passes a limit.
 */
export interface Book {
  readonly policy: SpendPolicy;
  readonly windows: SpendWindows;
  /** True from the emergency stop on. */
  stopped(): boolean;
  lanes(): readonly LaneAccount[];
  /** Adds a lane; on disk when it settles. */
  addLane(lane: LaneAccount): Promise<void>;
  /** Forgets a lane that holds nothing more. */
  dropLane(lane: LaneAccount): Promise<void>;
  /** Writes a lane's other fields. */
  saveLane(lane: LaneAccount): Promise<void>;
  /**
   * Allows a toll of `cost` that brings all tolls of the lane to `upTo`. Counts at once; settles (or returns null) when the disk
   * has it, and only then may the tick be revealed.
   * @throws EdgeError stopped, lane-spent, limit-query, limit-hour, limit-day; nothing is counted then
   */
  authorise(lane: LaneAccount, upTo: bigint, cost: bigint, budget: QueryBudget): Promise<void> | null;
  /**
   * Makes `cumulative` the lane's promise; when it settles, it is on disk and may be signed.
   * @throws EdgeError stopped, promise-lower (below the promise, or above what was authorised)
   */
  promise(lane: LaneAccount, cumulative: bigint): Promise<void>;
  /** Throws if payment was stopped: asked again after every wait, right before signing or revealing. */
  checkGate(): void;
  /** Stops at once in memory, then on disk. */
  stop(): Promise<void>;
  resume(): Promise<void>;
  /** Writes exact figures, so that a clean restart counts nothing too much. */
  close(): Promise<void>;
}

export function createBook(journal: Journal, clock: EdgeClock, limits: SpendLimits): Book {
  const windows = createSpendWindows(clock, loadWindows(journal, clock));
  const policy = createSpendPolicy(limits, windows);
  const lanes = new Map<string, LaneAccount>();
  for (const [key, value] of journal.entries("lane:")) lanes.set(key, loadLane(key, value));
  let stopped = journal.get("stop") !== undefined;
  /** Minutes whose figure on disk may differ from the one in memory. */
  const dirty = new Set<number>();

  const checkGate = () => {
    if (stopped) throw new EdgeError("stopped");
  };

  function spendBatch(): JournalBatch {
    const now = windows.minute();
    const oldest = windows.oldest();
    let ahead = 0n;
    for (const lane of lanes.values()) ahead += lane.durable - lane.authorised;
    const batch: Record<string, string | null | { time: number; wall: number; total: string }> = {
      spend: { time: windows.time(), wall: clock.wall(), total: (windows.total() + ahead).toString() },
    };
    dirty.add(now);
    for (const minute of dirty) {
      const amount = windows.at(minute) + (minute === now ? ahead : 0n);
      batch[`minute:${minute}`] = minute < oldest || amount === 0n ? null : amount.toString();
      if (minute !== now) dirty.delete(minute);
    }
    for (const [key] of journal.entries("minute:")) if (Number(key.slice(7)) < oldest) batch[key] = null;
    return batch;
  }

  /** What the disk has of each lane, and in which minute it was told. */
  const settled = new Map<string, { figure: bigint; minute: number }>();
  const pending = new Map<string, { figure: bigint; minute: number; done: Promise<void> }>();
  for (const lane of lanes.values()) settled.set(lane.id, { figure: lane.durable, minute: -1 });

  /** Writes the lane and all spending; afterwards tolls up to `durable` are covered for the rest of this minute. */
  function write(lane: LaneAccount): Promise<void> {
    const figure = lane.durable;
    const minute = windows.minute();
    const done = journal.put({ ...spendBatch(), [lane.id]: saveLane(lane) }).then(() => {
      settled.set(lane.id, { figure, minute });
      if (pending.get(lane.id)?.done === done) pending.delete(lane.id);
    });
    pending.set(lane.id, { figure, minute, done });
    return done;
  }

  /** How much to allow ahead: some queries' worth, but no more than a quarter of what the limits leave, since a crash counts it as spent. */
  function stretch(cost: bigint): bigint {
    const { perHour, perDay } = limits;
    const room = smallest(perHour - windows.hour(), perDay - windows.day()) / 4n;
    return room <= 0n ? 0n : smallest(cost * RESERVE_AHEAD, room);
  }

  function reserve(lane: LaneAccount, upTo: bigint, cost: bigint): Promise<void> {
    const running = pending.get(lane.id);
    if (running !== undefined && upTo <= running.figure && running.minute === windows.minute())
      return running.done;
    const ahead = smallest(upTo + stretch(cost), lane.reserve);
    if (ahead > lane.durable) lane.durable = ahead;
    return write(lane);
  }

  return {
    policy,
    windows,
    stopped: () => stopped,
    lanes: () => [...lanes.values()],
    async addLane(lane) {
      lanes.set(lane.id, lane);
      await write(lane);
    },
    async dropLane(lane) {
      lanes.delete(lane.id);
      await journal.put({ ...spendBatch(), [lane.id]: null });
    },
    saveLane: write,
    authorise(lane, upTo, cost, budget) {
      checkGate();
      if (upTo > lane.reserve)
        throw new EdgeError("lane-spent", `${lane.reserve - lane.authorised} micro-IU left`);
      // What another session of this process revealed before is the same money; what a crash hid may not be.
      const isUncertain = upTo <= lane.uncertain;
      const fresh = isUncertain ? cost : upTo > lane.authorised ? upTo - lane.authorised : 0n;
      policy.spend(cost, fresh, budget);
      if (fresh > 0n) dirty.add(windows.minute());
      if (upTo > lane.authorised) lane.authorised = upTo;
      const disk = settled.get(lane.id);
      // In a new minute the disk still counts what is allowed ahead in an older one, where it would fall out too early.
      if (disk === undefined || upTo > disk.figure || disk.minute !== windows.minute())
        return reserve(lane, upTo, cost);
      // Half of what is allowed ahead is used: write the next stretch before anyone must wait for it.
      if (lane.durable < lane.reserve && upTo + stretch(cost) / 2n > lane.durable)
        reserve(lane, upTo, cost).catch(() => {});
      return null;
    },
    async promise(lane, cumulative) {
      checkGate();
      if (cumulative < lane.promised || cumulative > lane.authorised)
        throw new EdgeError(
          "promise-lower",
          `${cumulative} is not within ${lane.promised} and ${lane.authorised}`,
        );
      lane.promised = cumulative;
      if (lane.durable < lane.authorised) lane.durable = lane.authorised;
      await write(lane);
      checkGate();
    },
    checkGate,
    async stop() {
      stopped = true;
      await journal.put({ stop: { since: clock.wall() } });
    },
    async resume() {
      await journal.put({ stop: null });
      stopped = false;
    },
    async close() {
      const batch: Record<string, ReturnType<typeof saveLane>> = {};
      for (const lane of lanes.values()) {
        lane.durable = lane.authorised;
        batch[lane.id] = saveLane(lane);
      }
      await journal.put({ ...spendBatch(), ...batch });
    },
  };
}

function loadWindows(journal: Journal, clock: EdgeClock): SavedWindows {
  const saved = journal.get("spend") as { time: number; wall: number; total: string } | undefined;
  const minutes = new Map<number, bigint>();
  for (const [key, value] of journal.entries("minute:"))
    minutes.set(Number(key.slice(7)), BigInt(value as string));
  return saved === undefined
    ? { time: 0, wall: clock.wall(), total: 0n, minutes }
    : { time: saved.time, wall: saved.wall, total: BigInt(saved.total), minutes };
}

function smallest(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
