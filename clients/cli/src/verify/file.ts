import { readFileSync, writeFileSync } from "node:fs";
import { fromBase64Url, fromHex, toBase64Url } from "@tolldns/sdk";
import { CliError } from "../errors.ts";

/** Evidence in a file: as `--save` writes it, or the bare bytes that a feed sends. */
export interface EvidenceFile {
  readonly evidence: Uint8Array;
  /** Null in a file of bare bytes. */
  readonly domain: Uint8Array | null;
}

export function saveEvidence(
  path: string,
  saved: {
    readonly name: string;
    readonly evidence: Uint8Array;
    readonly domain: Uint8Array;
    readonly epoch: bigint | null;
    readonly root: Uint8Array | null;
  },
): void {
  const text = JSON.stringify(
    {
      name: saved.name,
      epoch: saved.epoch === null ? null : String(saved.epoch),
      root: saved.root === null ? null : toBase64Url(saved.root),
      domain: toBase64Url(saved.domain),
      evidence: toBase64Url(saved.evidence),
    },
    null,
    2,
  );
  writeFileSync(path, `${text}\n`);
}

/** Reads either form. @throws CliError option-invalid */
export function readEvidence(path: string): EvidenceFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path === "-" ? 0 : path);
  } catch (cause) {
    throw new CliError(
      "option-invalid",
      `${path} can't be read`,
      "Name a file of evidence, or - for standard input.",
      { cause },
    );
  }
  if (bytes[0] !== 0x7b) return { evidence: Uint8Array.from(bytes), domain: null };
  try {
    const { evidence, domain } = JSON.parse(bytes.toString("utf8")) as Record<string, string>;
    return {
      evidence: fromBase64Url(evidence ?? ""),
      domain: domain === undefined ? null : fromBase64Url(domain),
    };
  } catch (cause) {
    throw new CliError(
      "option-invalid",
      `${path} holds no evidence`,
      "It is JSON with `evidence` in base64url, as `tolldns verify --save` writes it, or the bytes a feed sends.",
      { cause },
    );
  }
}

/** 32 bytes in a flag, hex or base64url. @throws CliError option-invalid */
export function readHash(flag: string, text: unknown): Uint8Array {
  const given = String(text);
  try {
    const bytes = /^[0-9a-f]{64}$/i.test(given) ? fromHex(given.toLowerCase()) : fromBase64Url(given);
    if (bytes.length === 32) return bytes;
  } catch {
    // Told below.
  }
  throw new CliError(
    "option-invalid",
    `--${flag} is no hash`,
    "Give 32 bytes as 64 hex digits or in base64url.",
  );
}
