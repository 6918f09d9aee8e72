import { bytesEqual } from "../bytes.ts";
import { formatData, parseData, RECORD_TYPES, typeName, typeNumber } from "./data.ts";
import { fail, Malformed, malformed } from "./errors.ts";
import { formatName, parseName } from "./name.ts";
import { type Entry, splitEntries, type Token } from "./tokens.ts";

/** One record of a zone. */
export interface ZoneRecord {
  /** Wire name, lower case, uncompressed. */
  readonly owner: Uint8Array;
  readonly type: number;
  /** Seconds. */
  readonly ttl: number;
  /** Wire data, its names lower case and uncompressed. */
  readonly data: Uint8Array;
}

/** A zone file as read. */
export interface Zone {
  readonly records: readonly ZoneRecord[];
  /** What a zone file has and a route has no place for: the zone's SOA, its own NS, signatures. */
  readonly skipped: readonly { readonly line: number; readonly type: string }[];
}

/** Seconds for a record that names none, where `$TTL` is missing too. */
export const DEFAULT_TTL = 300;

/** Types that belong to a zone's delegation or signing, not to its contents. */
const OF_THE_ZONE = /^(SOA|NS|DS|DNSKEY|RRSIG|NSEC|NSEC3|NSEC3PARAM|CDS|CDNSKEY|ZONEMD)$/;

/**
 * Reads a zone file (RFC 1035, section 5; `$TTL` of RFC 2308; RFC 3597's generic data). `$INCLUDE` and `$GENERATE` are refused,
 * so are types a route can't hold.
 * @param origin wire name that relative names end in until `$ORIGIN` names another
 * @throws zone-syntax
 * @example parseZone("@ 300 IN A 192.0.2.1\nwww CNAME @", wireName("example")).records.length // 2
 */
export function parseZone(text: string, origin: Uint8Array): Zone {
  const apex = origin;
  const records: ZoneRecord[] = [];
  const skipped: { line: number; type: string }[] = [];
  let state: State = { origin, ttl: undefined, owner: undefined };
  let line = 0;
  try {
    for (const entry of splitEntries(text)) {
      line = entry.line;
      const directive = entry.inherits || entry.tokens[0]?.quoted ? undefined : entry.tokens[0]?.text;
      if (directive?.startsWith("$") === true) {
        state = obey(directive.toUpperCase(), entry.tokens.slice(1), state);
        continue;
      }
      const { owner, ttl, type, data } = readEntry(entry, state);
      state = { ...state, owner };
      if (OF_THE_ZONE.test(type)) {
        if (type === "NS" && !bytesEqual(owner, apex))
          malformed("a route can't delegate a sub-name: NS below the name");
        skipped.push({ line, type });
        continue;
      }
      const number =
        typeNumber(type) ??
        malformed(`a route can't hold type ${type}; it may hold ${RECORD_TYPES.join(", ")}`);
      records.push({
        owner,
        type: number,
        ttl: ttl ?? state.ttl ?? DEFAULT_TTL,
        data: parseData(number, data, state.origin),
      });
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const [, told, problem] = /^line (\d+): (.*)$/s.exec(error.message) ?? ["", String(line), error.message];
    throw fail("zone-syntax", { line: Number(told), problem: problem as string }, error);
  }
  return { records, skipped };
}

interface State {
  readonly origin: Uint8Array;
  readonly ttl: number | undefined;
  readonly owner: Uint8Array | undefined;
}

function obey(directive: string, tokens: readonly Token[], state: State): State {
  const value = tokens[0]?.text ?? malformed(`${directive} needs a value`);
  if (directive === "$ORIGIN") return { ...state, origin: parseName(value, state.origin) };
  if (directive === "$TTL") return { ...state, ttl: parseTtl(value) ?? malformed(`${value} is no TTL`) };
  return malformed(`${directive} is not taken; write its records out`);
}

function readEntry({ inherits, tokens: words }: Entry, state: State) {
  const tokens = [...words];
  const owner = inherits
    ? (state.owner ?? malformed("the first record names no owner"))
    : parseName(tokens.shift()?.text ?? "", state.origin);
  let ttl: number | undefined;
  let hasClass = false;
  for (;;) {
    const word = tokens[0]?.text ?? malformed("the type is missing");
    const seconds = parseTtl(word);
    if (ttl === undefined && seconds !== undefined) ttl = seconds;
    else if (!hasClass && /^(IN|CH|HS|CS)$/i.test(word)) {
      if (word.toUpperCase() !== "IN") malformed(`class ${word}: only IN is taken`);
      hasClass = true;
    } else break;
    tokens.shift();
  }
  const type = (tokens.shift() as Token).text.toUpperCase();
  return { owner, ttl, type, data: tokens };
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Seconds of `300`, `1h` or `1h30m`; undefined if it is neither. */
function parseTtl(text: string): number | undefined {
  if (!/^(\d{1,10}|(\d{1,6}[smhdw])+)$/i.test(text)) return undefined;
  const parts = [...text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)];
  return parts.reduce((sum, [, digits, unit]) => sum + Number(digits) * (UNITS[unit || "s"] ?? 1), 0);
}

/** One record as a line of a zone file; its owner relative to `origin` where one is given. */
export function formatRecord({ owner, type, ttl, data }: ZoneRecord, origin?: Uint8Array): string {
  return `${formatName(owner, origin)} ${ttl} IN ${typeName(type)} ${formatData(type, data)}`;
}

/** A zone file of these records, in their order, which parseZone reads back to the same. */
export function formatZone(records: readonly ZoneRecord[], origin: Uint8Array): string {
  const rows = records.map(({ owner, type, ttl, data }) => [
    formatName(owner, origin),
    String(ttl),
    "IN",
    typeName(type),
    formatData(type, data),
  ]);
  const width = (column: number) => Math.max(0, ...rows.map((row) => (row[column] as string).length));
  const widths = [width(0), width(1), 2, width(3), 0];
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] as number)).join(" "));
  return `${[`$ORIGIN ${formatName(origin)}`, ...lines].join("\n")}\n`;
}
