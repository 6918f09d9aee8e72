import { bytesEqual } from "@tolldns/sdk";
import { normalizeLabel, wireName } from "@tolldns/sdk/names";
import { formatRecord, parseZone, RECORD_TYPES, typeNumber, type ZoneRecord } from "@tolldns/sdk/zone";
import { CliError } from "../errors.ts";

/** A name at or below a registered one, as people write it: `www.example.dns`. */
export interface Owner {
  /** The registered label, normalised. */
  readonly label: string;
  /** Relative to the registered name, as zone files have it: `@`, `www`, `*.cdn`. */
  readonly relative: string;
}

/** Takes a full name apart. @throws CliError usage; TollError label-invalid */
export function parseOwner(text: string): Owner {
  const labels = text
    .replace(/\.$/, "")
    .replace(/\.dns$/i, "")
    .split(".");
  const label = normalizeLabel(labels.at(-1) ?? "");
  const below = labels
    .slice(0, -1)
    .map((one) => (/^(\*|_[a-z0-9-]+)$/i.test(one) ? one.toLowerCase() : normalizeLabel(one)));
  return { label, relative: below.length === 0 ? "@" : below.join(".") };
}

/** One record in the words of a command line. @throws CliError records-invalid */
export function parseOne(owner: Owner, type: string, data: readonly string[], ttl: number): ZoneRecord {
  if (typeNumber(type) === undefined)
    throw new CliError(
      "records-invalid",
      `a route can't hold type ${type}`,
      `It may hold ${RECORD_TYPES.join(", ")}.`,
    );
  // A shell has taken the quotation marks off; a text with blanks gets them back.
  const words = data.map((word) => (/[\s;()]/.test(word) && !word.includes('"') ? `"${word}"` : word));
  const [record] = parseRecords(
    `${owner.relative} ${ttl} IN ${type} ${words.join(" ")}`,
    owner.label,
  ).records;
  if (record === undefined)
    throw new CliError("records-invalid", "that is no record", "Write type and data, such as A 192.0.2.1.");
  return record;
}

/** Records of a zone file of the name. @throws CliError records-invalid */
export function parseRecords(text: string, label: string): ReturnType<typeof parseZone> {
  try {
    return parseZone(text, wireName(label));
  } catch (cause) {
    const { context, hint } = cause as { context?: { line: number; problem: string }; hint?: string };
    if (context?.problem === undefined) throw cause;
    const where = text.includes("\n") ? `line ${context.line}: ` : "";
    throw new CliError("records-invalid", `${where}${context.problem}`, hint ?? "Correct it.", { cause });
  }
}

const CNAME = 5;

const isOf = (record: ZoneRecord, owner: Uint8Array, type?: number): boolean =>
  bytesEqual(record.owner, owner) && (type === undefined || record.type === type);

/** The records with `added` in place of all of their owners and types, and of what can't stand beside them: a CNAME is alone at its owner. */
export function replaceRecords(records: readonly ZoneRecord[], added: readonly ZoneRecord[]): ZoneRecord[] {
  const gives = (one: ZoneRecord) =>
    added.some(
      ({ owner, type }) =>
        bytesEqual(one.owner, owner) && (one.type === type || one.type === CNAME || type === CNAME),
    );
  return [...records.filter((one) => !gives(one)), ...added];
}

/** The records and `added`, whose TTL then holds for all of its owner and type, as it must (RFC 2181, section 5.2). */
export function addRecord(records: readonly ZoneRecord[], added: ZoneRecord): ZoneRecord[] {
  const same = (one: ZoneRecord) => isOf(one, added.owner, added.type);
  const rest = records
    .filter((one) => !(same(one) && bytesEqual(one.data, added.data)))
    .map((one) => (same(one) ? { ...one, ttl: added.ttl } : one));
  return [...rest, added];
}

/** The records without those of the owner, or of owner and type, or that one. @throws CliError records-invalid when nothing fits */
export function removeRecords(
  records: readonly ZoneRecord[],
  owner: Uint8Array,
  type?: number,
  data?: Uint8Array,
): ZoneRecord[] {
  const rest = records.filter(
    (one) => !(isOf(one, owner, type) && (data === undefined || bytesEqual(one.data, data))),
  );
  if (rest.length < records.length) return rest;
  const there = records.map((one) => formatRecord(one)).join("; ");
  throw new CliError(
    "records-invalid",
    "there is no such record",
    there === "" ? "The name has none." : `There are: ${there}`,
  );
}
