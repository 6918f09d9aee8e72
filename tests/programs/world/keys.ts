import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Address, Signer } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";

/** A key named by what it is for, the same in every run. */
export function keyOf(name: string): Signer {
  return createSignerNode(createHash("sha256").update(`tolldns test key ${name}`).digest());
}

/** An address nobody has a key for. */
export function addressOf(name: string): Address {
  return new Uint8Array(createHash("sha256").update(`tolldns test address ${name}`).digest());
}

const artifacts = new URL("../../../programs/artifacts/", import.meta.url);

/** The committed program. */
export const PROGRAM_BYTES: Uint8Array = new Uint8Array(readFileSync(new URL("escrow.so", artifacts)));
/** Its development key, public by intent. */
export const PROGRAM_KEY: Signer = createSignerNode(
  Uint8Array.from(
    JSON.parse(readFileSync(new URL("escrow-dev-keypair.json", artifacts), "utf8")) as number[],
  ).subarray(0, 32),
);
