import type { JournalValue } from "../state/journal.ts";

/** A session as it is kept across a restart. */
export interface SavedSession {
  /** 8 bytes in hex, or null while the opening has not been acknowledged. */
  id: string | null;
  /** Seed of the hash chain, 32 bytes, base64url. */
  readonly seed: string;
  readonly units: number;
  readonly tickPrice: bigint;
  /** Unix seconds. */
  readonly openedAt: number;
  /** Cumulative at which index 0 stands, micro-IU. */
  base: bigint;
  /** Unix second at which the gateway forgets it. */
  expiresAt: number;
}

/** One lane in one generation: what is held, promised and allowed. `promised <= authorised <= reserve` always. */
export interface LaneAccount {
  /** Key of its journal entry. */
  readonly id: string;
  /** The gateway it was opened for. */
  readonly gateway: string;
  /** Base58 address. */
  readonly ledger: string;
  lane: number;
  generation: number;
  /** `opening` until seen on chain; `lost` when the chain no longer has it. */
  state: "opening" | "open" | "revoking" | "revoked" | "lost";
  /** Seed of the session key, 32 bytes, base64url. */
  seed: string;
  reserve: bigint;
  /** Highest cumulative ever signed. On disk before it leaves. */
  promised: bigint;
  /** Highest cumulative the limits have allowed: every tick revealed is worth less or equal. */
  authorised: bigint;
  /** `authorised` as the disk has it: at least the real one, so that a crash forgets no spending. */
  durable: bigint;
  /** Tolls up to here may or may not have been used before a crash: whatever is drawn again counts again. */
  uncertain: bigint;
  /** Latest `opened_at` used; the next must be later. */
  lastOpened: number;
  session: SavedSession | null;
  /** Reserve to reach by a top-up that may be on its way, and the last block height at which it can land. */
  topUp: { readonly target: bigint; readonly lastValid: number } | null;
  /** Unix second until which a revoked lane still pays out; 0 when not revoked. */
  deadline: number;
}

export function newLaneAccount(
  id: string,
  gateway: string,
  ledger: string,
  seed: string,
  reserve: bigint,
): LaneAccount {
  return {
    id,
    gateway,
    ledger,
    lane: -1,
    generation: 0,
    state: "opening",
    seed,
    reserve,
    promised: 0n,
    authorised: 0n,
    durable: 0n,
    uncertain: 0n,
    lastOpened: 0,
    session: null,
    topUp: null,
    deadline: 0,
  };
}

/** Writes the account as the disk is to have it. */
export function saveLane(lane: LaneAccount): JournalValue {
  const { session, topUp } = lane;
  return {
    gateway: lane.gateway,
    ledger: lane.ledger,
    lane: lane.lane,
    generation: lane.generation,
    state: lane.state,
    seed: lane.seed,
    reserve: lane.reserve.toString(),
    promised: lane.promised.toString(),
    durable: lane.durable.toString(),
    lastOpened: lane.lastOpened,
    deadline: lane.deadline,
    session:
      session === null
        ? null
        : { ...session, tickPrice: session.tickPrice.toString(), base: session.base.toString() },
    topUp: topUp === null ? null : { target: topUp.target.toString(), lastValid: topUp.lastValid },
  };
}

/** A lane as saveLane writes it. */
interface SavedLane {
  gateway: string;
  ledger: string;
  lane: number;
  generation: number;
  state: LaneAccount["state"];
  seed: string;
  reserve: string;
  promised: string;
  durable: string;
  lastOpened: number;
  deadline: number;
  session: (Omit<SavedSession, "tickPrice" | "base"> & { tickPrice: string; base: string }) | null;
  topUp: { target: string; lastValid: number } | null;
}

/** Reads what saveLane wrote. All that the disk allows counts as authorised: a crash may have hidden that it was used. */
export function loadLane(id: string, value: JournalValue): LaneAccount {
  const saved = value as unknown as SavedLane;
  const { session, topUp } = saved;
  const durable = BigInt(saved.durable);
  return {
    ...saved,
    id,
    reserve: BigInt(saved.reserve),
    promised: BigInt(saved.promised),
    authorised: durable,
    durable,
    uncertain: durable,
    session:
      session === null
        ? null
        : { ...session, tickPrice: BigInt(session.tickPrice), base: BigInt(session.base) },
    topUp: topUp === null ? null : { target: BigInt(topUp.target), lastValid: topUp.lastValid },
  };
}
