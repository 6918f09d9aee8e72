import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { bytesEqual, createSeed, type Signer } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { fail } from "./errors.ts";

/** Reads a key file as `solana-keygen` writes it: 32 bytes of seed, 32 of public key. @throws migrate-key */
export function readKey(path: string): Signer {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(JSON.parse(readFileSync(path, "utf8")) as number[]);
  } catch (error) {
    throw fail("migrate-key", { path, reason: (error as Error).message });
  }
  if (bytes.length !== 64) throw fail("migrate-key", { path, reason: `${bytes.length} bytes` });
  const signer = createSignerNode(bytes.subarray(0, 32));
  if (!bytesEqual(signer.publicKey, bytes.subarray(32))) {
    throw fail("migrate-key", { path, reason: "the public key is not that of the seed" });
  }
  return signer;
}

/** Reads a key file, or makes one of mode 0600. A kill leaves a whole file or none. @throws migrate-key */
export function readOrMakeKey(path: string): Signer {
  if (existsSync(path)) return readKey(path);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const seed = createSeed();
  const { publicKey } = createSignerNode(seed);
  writeFileSync(`${path}.tmp`, `${JSON.stringify([...seed, ...publicKey])}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.tmp`, path);
  return readKey(path);
}
