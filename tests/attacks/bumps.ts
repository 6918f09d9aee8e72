import { createHash } from "node:crypto";
import { deriveAddress, isOnCurve } from "@tolldns/sdk";

/** An address that a lower bump than the canonical one derives. */
export function lowerBump(program: Uint8Array, seeds: readonly Uint8Array[]): Uint8Array {
  const tag = new TextEncoder().encode("ProgramDerivedAddress");
  for (let bump = deriveAddress(program, seeds).bump - 1; bump >= 0; bump--) {
    const parts = Buffer.concat([...seeds, Uint8Array.of(bump), program, tag]);
    const address = new Uint8Array(createHash("sha256").update(parts).digest());
    if (!isOnCurve(address)) return address;
  }
  throw new Error("no lower bump");
}
