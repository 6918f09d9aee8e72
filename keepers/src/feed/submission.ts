import { fromBase64Url, toBase64Url } from "@tolldns/sdk";
import { hashName, isLabel } from "@tolldns/sdk/names";
import { hashRecords, MAX_RECORDS_LENGTH, type UpdateBody } from "@tolldns/sdk/routes";
import { fail } from "./errors.ts";

/** A signed update as it comes over the wire, well formed and unchecked. */
export interface Submission extends UpdateBody {
  readonly label: string;
}

/** Reads the JSON of `POST /v1/updates`. Numbers beyond 2^53 are decimal strings. @throws request-form, update-name */
export function readSubmission(value: unknown): Submission {
  const json = readObject(value);
  const { name } = json;
  if (typeof name !== "string" || name.length > 255) throw fail("request-form", { reason: "name" });
  const label = readLabel(name);
  const generation = Number(readU64(json.generation, "generation"));
  if (generation > 0xffff_ffff) throw fail("request-form", { reason: "generation" });
  const version = readU64(json.version, "version");
  if (version === 0n) throw fail("request-form", { reason: "version" });
  const expiresAt = readU64(json.expiresAt, "expiresAt");
  const records = readBytes(json.records, "records", 0, MAX_RECORDS_LENGTH);
  const signer = readBytes(json.signer, "signer", 32);
  const signature = readBytes(json.signature, "signature", 64);
  const nameHash = hashName(label);
  const update = { nameHash, generation, version, expiresAt, recordsHash: hashRecords(records) };
  return { label, update, signer, signature, records };
}

/** A normalised label of `label` or `label.dns`. @throws update-name */
export function readLabel(name: string): string {
  const label = name.endsWith(".dns") ? name.slice(0, -4) : name;
  if (!isLabel(label)) throw fail("update-name", { name: name.slice(0, 80) });
  return label;
}

export function readObject(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw fail("request-form", { reason: "not an object" });
  return value as Record<string, unknown>;
}

/** @throws request-form */
export function readU64(value: unknown, field: string): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value === "string" && /^\d{1,20}$/.test(value) && BigInt(value) < 2n ** 64n)
    return BigInt(value);
  throw fail("request-form", { reason: field });
}

/** Base64url of `least` to `most` bytes. @throws request-form */
export function readBytes(value: unknown, field: string, least: number, most: number = least): Uint8Array {
  if (typeof value === "string" && value.length <= Math.ceil((most * 4) / 3)) {
    try {
      const bytes = fromBase64Url(value);
      if (bytes.length >= least && bytes.length <= most) return bytes;
    } catch {
      // Said below.
    }
  }
  throw fail("request-form", { reason: field });
}

/** 32 bytes of base64url. @throws request-form */
export function readHash(value: unknown, field: string): Uint8Array {
  return readBytes(value, field, 32);
}

/** What `readSubmission` reads. */
export function writeSubmission({ label, update, signer, signature, records }: Submission): unknown {
  const { generation, version, expiresAt } = update;
  return {
    name: `${label}.dns`,
    generation,
    version: writeNumber(version),
    expiresAt: writeNumber(expiresAt),
    records: toBase64Url(records),
    signer: toBase64Url(signer),
    signature: toBase64Url(signature),
  };
}

/** A number where JSON has it exactly, else a decimal string. */
export function writeNumber(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}
