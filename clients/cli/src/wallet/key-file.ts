import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createSeed, fromBase58, type Signer } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { CliError } from "../errors.ts";

/**
 * A keypair file in Solana's form: a JSON array of 64 bytes, seed then public key.
 * @throws CliError wallet-missing, wallet-file
 */
export function readKeyFile(
  path: string,
  hint = "Make one with `tolldns wallet create`, or name one with --key.",
): Signer & { readonly secret: Uint8Array } {
  let text: string;
  try {
    if ((statSync(path).mode & 0o077) !== 0)
      throw new CliError(
        "wallet-file",
        `${path} can be read by others on this machine`,
        `Run \`chmod 600 ${path}\`; if it was shared, move the money to a new wallet.`,
      );
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === "ENOENT")
      throw new CliError("wallet-missing", `there is no keypair file at ${path}`, hint, { cause });
    throw cause;
  }
  const secret = parseSecret(text);
  const signer = secret === undefined ? undefined : createSignerNode(secret.subarray(0, 32));
  if (
    secret === undefined ||
    signer === undefined ||
    !Buffer.from(signer.publicKey).equals(secret.subarray(32))
  )
    throw new CliError(
      "wallet-file",
      `${path} is no keypair`,
      "It holds a JSON array of 64 bytes, or 64 bytes in base58, as Solana's tools write.",
    );
  return { ...signer, secret };
}

/** A keypair as Solana's tools write it (array) or wallets export it (base58); undefined if it is neither. */
export function parseSecret(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  try {
    const bytes = trimmed.startsWith("[")
      ? Uint8Array.from(checkBytes(JSON.parse(trimmed)))
      : fromBase58(trimmed);
    return bytes.length === 64 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function checkBytes(value: unknown): number[] {
  if (Array.isArray(value) && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256))
    return value;
  throw new Error("not bytes");
}

/** Writes a new keypair, mode 0600. Never replaces a file. @throws CliError file-exists */
export function createKeyFile(path: string, seed: Uint8Array = createSeed()): Signer {
  const signer = createSignerNode(seed);
  writeSecret(path, Buffer.concat([seed, signer.publicKey]));
  return signer;
}

/** @throws CliError file-exists */
export function writeSecret(path: string, secret: Uint8Array) {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${JSON.stringify([...secret])}\n`, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new CliError(
      "file-exists",
      `${path} is there already`,
      "A wallet is never overwritten: name another file with --key, or move that one away.",
      { cause },
    );
  }
}

/** The keypair of `path`, made if there is none. */
export function ensureKeyFile(path: string): Signer & { readonly secret: Uint8Array } {
  try {
    return readKeyFile(path);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== "wallet-missing") throw error;
  }
  createKeyFile(path);
  return readKeyFile(path);
}
