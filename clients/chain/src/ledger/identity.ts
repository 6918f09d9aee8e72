import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TimelineShape } from "./timeline.ts";

/** What a chain is born with and never changes. */
export interface Birth {
  genesisHash: Uint8Array;
  /** Address of the one validator. */
  identity: Uint8Array;
  faucet: Signer;
  shape: TimelineShape;
}

export interface Signer {
  address: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** An Ed25519 key pair of a 32-byte seed. */
export function signerOf(seed: Uint8Array): Signer {
  // RFC 8410: the fixed head of a PKCS #8 Ed25519 key, then the seed.
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const address = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  return { address: new Uint8Array(address), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

interface BirthFile {
  version: 1;
  secret: string;
  shape: TimelineShape;
}

/** Reads `birth.json` of a folder, or makes it (mode 0600: it holds the faucet's secret). No folder: made up anew. */
export function loadBirth(folder: string | undefined, seed: string | undefined, shape: TimelineShape): Birth {
  if (folder === undefined) return birthOf({ version: 1, secret: newSecret(seed), shape });
  const path = join(folder, "birth.json");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (existsSync(path)) return birthOf(JSON.parse(readFileSync(path, "utf8")) as BirthFile);
  const file: BirthFile = { version: 1, secret: newSecret(seed), shape };
  writeFileSync(`${path}.tmp`, `${JSON.stringify(file)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.tmp`, path);
  return birthOf(file);
}

function newSecret(seed: string | undefined): string {
  return (seed === undefined ? randomBytes(32) : hash("seed", Buffer.from(seed))).toString("hex");
}

function birthOf({ secret, shape }: BirthFile): Birth {
  const root = Buffer.from(secret, "hex");
  const faucet = signerOf(hash("faucet", root));
  return {
    genesisHash: hash("genesis", Buffer.concat([faucet.address, hash("public", root)])),
    identity: signerOf(hash("identity", root)).address,
    faucet,
    shape,
  };
}

function hash(use: string, bytes: Uint8Array): Buffer {
  return createHash("sha256").update(`tolldns chain ${use}`).update(bytes).digest();
}
