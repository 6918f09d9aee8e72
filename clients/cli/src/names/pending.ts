import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatAddress, fromHex, toHex } from "@tolldns/sdk";

/** A registration that was begun: what its promise hides. Who learns the secret first could register the name. */
export interface Pending {
  readonly label: string;
  readonly owner: string;
  /** 32 bytes, hex. */
  readonly secret: string;
}

const folderOf = (data: string): string => join(data, "names", "registering");
const fileOf = (data: string, label: string, owner: Uint8Array): string =>
  join(folderOf(data), `${label}-${formatAddress(owner).slice(0, 8)}.json`);

/** The secret of a registration that was begun, or undefined. */
export function readSecret(data: string, label: string, owner: Uint8Array): Uint8Array | undefined {
  try {
    const pending = JSON.parse(readFileSync(fileOf(data, label, owner), "utf8")) as Pending;
    return pending.owner === formatAddress(owner) ? fromHex(pending.secret) : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a secret and keeps it, mode 0600, on disk before it is used: a promise without its secret is lost. */
export function makeSecret(data: string, label: string, owner: Uint8Array): Uint8Array {
  const secret = new Uint8Array(randomBytes(32));
  const pending: Pending = { label, owner: formatAddress(owner), secret: toHex(secret) };
  mkdirSync(folderOf(data), { recursive: true, mode: 0o700 });
  writeFileSync(fileOf(data, label, owner), `${JSON.stringify(pending)}\n`, { mode: 0o600, flush: true });
  return secret;
}

export function forgetSecret(data: string, label: string, owner: Uint8Array) {
  rmSync(fileOf(data, label, owner), { force: true });
}
