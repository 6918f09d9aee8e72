import { SESSION_ID_LENGTH } from "@tolldns/sdk";
import type { Session } from "./session.ts";

/** Sessions of one process, found by name without a hash table: the name says where they are. */
export interface SessionTable {
  /** First byte of every name given here: which worker holds it. */
  readonly worker: number;
  readonly capacity: number;
  readonly slots: (Session | null)[];
  readonly free: number[];
  readonly byLane: Map<number, Session>;
}

/** Most sessions a table can name. */
export const MAX_SLOTS = 1 << 24;

export function createTable(capacity: number, worker = 0): SessionTable {
  return { worker, capacity: Math.min(capacity, MAX_SLOTS), slots: [], free: [], byLane: new Map() };
}

/** The session named by the 8 bytes at `at`: `worker u8 | slot u24 | nonce u32`. */
export function findSession(table: SessionTable, bytes: Uint8Array, at: number): Session | null {
  const slot =
    (bytes[at + 1] as number) | ((bytes[at + 2] as number) << 8) | ((bytes[at + 3] as number) << 16);
  if (bytes[at] !== table.worker || slot >= table.slots.length) return null;
  const session = table.slots[slot] as Session | null;
  if (session === null) return null;
  const nonce =
    (bytes[at + 4] as number) |
    ((bytes[at + 5] as number) << 8) |
    ((bytes[at + 6] as number) << 16) |
    ((bytes[at + 7] as number) << 24);
  return session.nonce === nonce ? session : null;
}

/** The 8 bytes that name a session. */
export function nameOf(table: SessionTable, session: Session): Uint8Array {
  const name = new Uint8Array(SESSION_ID_LENGTH);
  const view = new DataView(name.buffer);
  view.setUint32(0, ((session.slot << 8) | table.worker) >>> 0, true);
  view.setInt32(4, session.nonce, true);
  return name;
}

/** A slot for a new session, or -1 if the table is full. It must be filled with `putSession` or given back to `free`. */
export function takeSlot(table: SessionTable): number {
  const freed = table.free.pop();
  if (freed !== undefined) return freed;
  if (table.slots.length >= table.capacity) return -1;
  return table.slots.push(null) - 1;
}

/** Holds a session. The lane's session before must have been removed. */
export function putSession(table: SessionTable, session: Session): void {
  table.slots[session.slot] = session;
  table.byLane.set(session.lane, session);
}

export function removeSession(table: SessionTable, session: Session): void {
  if (table.slots[session.slot] !== session) return;
  table.slots[session.slot] = null;
  table.free.push(session.slot);
  if (table.byLane.get(session.lane) === session) table.byLane.delete(session.lane);
}

/** Removes what has expired. `now` is Unix seconds. Returns what was removed. */
export function sweepSessions(table: SessionTable, now: number): Session[] {
  const gone: Session[] = [];
  for (const session of table.byLane.values()) if (session.expiresAt <= now) gone.push(session);
  for (const session of gone) removeSession(table, session);
  return gone;
}
