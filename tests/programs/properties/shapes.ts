import type { Address } from "@tolldns/sdk";
import type { Instruction } from "../world/sdk.ts";

const shapes = new Map<string, Instruction>();

/** An instruction with other data than when its accounts were derived; deriving takes longer than running the transaction. */
export function shaped(
  name: string,
  of: readonly Address[],
  build: () => Instruction,
  data: Uint8Array,
): Instruction {
  const id = `${name} ${of.map(key).join(" ")}`;
  const shape = shapes.get(id) ?? build();
  shapes.set(id, shape);
  return { ...shape, data };
}

/** A key as text, to compare by. */
export function key(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

/** Names one opening of one row. */
export function signedKey(ledger: Address, lane: number, generation: number): string {
  return `${key(ledger)} ${lane} ${generation}`;
}
