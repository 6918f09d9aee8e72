import { createHash } from "node:crypto";

/** The seed behind `keyOf` of the same name, for processes that read keys from files. */
export function keySeedOf(name: string): Uint8Array {
  return createHash("sha256").update(`tolldns test key ${name}`).digest();
}
