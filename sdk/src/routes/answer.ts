import { CNAME } from "./data.ts";
import type { RouteRecord } from "./records.ts";
import { isAtOrBelow, labelsOf, lowerName } from "./wire.ts";

/** What a record set answers to a question. */
export interface RouteAnswer {
  /**
   * `answer`: there is data, or a CNAME leads out of the set (then `target`); `nodata`: the name exists without that type; `nxdomain`: it doesn't; `loop`: CNAMEs go round;
   * `outside`: the question is not about this name. Of the end of a chain of CNAMEs, which stand in `records` in any case (RFC 6604, section 3).
   */
  readonly outcome: "answer" | "nodata" | "nxdomain" | "loop" | "outside";
  /** For the answer section, CNAMEs first, owners as asked for. */
  readonly records: readonly RouteRecord[];
  /** Wire name outside of the set where the chain goes on. */
  readonly target?: Uint8Array;
}

/** Answers a question: a wire name, of either case, and a type's number; 255 asks for all there is. */
export type AnswerQuestion = (name: Uint8Array, type: number) => RouteAnswer;

const ANY = 255;
const key = (name: Uint8Array): string => String.fromCharCode(...name);

/**
 * Answers from a record set as an authoritative server would: exact name, wildcard (RFC 4592), CNAME within the set, NODATA, NXDOMAIN; empty non-terminals exist (RFC 8020).
 * @param records of parseRecords
 * @param zone the registered name's canonical wire name
 * @example createAnswerer(parseRecords(bytes, zone), zone)(zone, 1).outcome // "answer"
 */
export function createAnswerer(records: readonly RouteRecord[], zone: Uint8Array): AnswerQuestion {
  const byOwner = Map.groupBy(records, ({ owner }) => key(owner));
  const existing = new Set<string>();
  for (const { owner } of records)
    for (const at of labelsOf(owner))
      if (owner.length - at >= zone.length) existing.add(key(owner.subarray(at)));
  const find = (name: Uint8Array): readonly RouteRecord[] | undefined => {
    if (existing.has(key(name))) return byOwner.get(key(name)) ?? [];
    const source = wildcardFor(name, existing);
    if (source === undefined || !existing.has(source)) return undefined;
    return (byOwner.get(source) ?? []).map((record) => ({ ...record, owner: name }));
  };
  return (question, type) => chase(find, zone, lowerName(question), type);
}

/** `*` below the closest name that exists above this one (RFC 4592, section 3.3.1). */
function wildcardFor(name: Uint8Array, existing: ReadonlySet<string>): string | undefined {
  for (const at of labelsOf(name).slice(1)) {
    const encloser = key(name.subarray(at));
    if (existing.has(encloser)) return `\x01*${encloser}`;
  }
  return undefined;
}

function chase(
  find: (name: Uint8Array) => readonly RouteRecord[] | undefined,
  zone: Uint8Array,
  question: Uint8Array,
  type: number,
): RouteAnswer {
  const records: RouteRecord[] = [];
  const seen = new Set<string>();
  for (let name = question; ; ) {
    if (!isAtOrBelow(name, zone))
      return records.length === 0
        ? { outcome: "outside", records }
        : { outcome: "answer", records, target: name };
    if (seen.has(key(name))) return { outcome: "loop", records };
    seen.add(key(name));
    const here = find(name);
    if (here === undefined) return { outcome: "nxdomain", records };
    const matching = here.filter((record) => type === ANY || record.type === type);
    if (matching.length > 0) return { outcome: "answer", records: [...records, ...matching] };
    const alias = here.find((record) => record.type === CNAME);
    if (alias === undefined) return { outcome: "nodata", records };
    records.push(alias);
    name = alias.data;
  }
}
