import { concatBytes, readU16, readU64, toHex, writeU16, writeU64 } from "@tolldns/sdk";
import type { Store } from "@tolldns/store";

/** The last session a lane opened, kept on disk so that a recorded opening can't be played again to another process or after a restart. */
export interface LastOpening {
  readonly generation: number;
  /** Unix seconds, as the payer said. */
  readonly openedAt: bigint;
  /** 32 bytes. */
  readonly anchor: Uint8Array;
}

/** One value a lane of the ledger: bounded by the ledger's rows. */
function keyOf(ledger: Uint8Array, lane: number): string {
  return `gateway/opening/${toHex(ledger)}/${lane}`;
}

/** @throws StoreError of the medium */
export async function readOpening(
  store: Store,
  ledger: Uint8Array,
  lane: number,
): Promise<LastOpening | null> {
  const value = await store.readValue(keyOf(ledger, lane));
  if (value === null || value.length !== 42) return null;
  return { generation: readU16(value, 0), openedAt: readU64(value, 2), anchor: value.slice(10) };
}

/** @throws StoreError of the medium */
export async function writeOpening(
  store: Store,
  ledger: Uint8Array,
  lane: number,
  last: LastOpening,
): Promise<void> {
  const head = new Uint8Array(10);
  writeU16(head, 0, last.generation, "generation");
  writeU64(head, 2, last.openedAt, "openedAt");
  await store.writeValue(keyOf(ledger, lane), concatBytes(head, last.anchor));
}

/** Was this opening, or a later one, seen before? */
export function isPlayedAgain(last: LastOpening | null, given: LastOpening): boolean {
  if (last === null || last.generation !== given.generation) return false;
  return given.openedAt <= last.openedAt;
}
