/**
 * What the lab's zones say, as a function: the zones are written from it and answers are held against it, so that nothing an answer
 * says is ever taken from what is under test. Only names and addresses kept for examples (RFC 2606, RFC 5737, RFC 3849).
 */

/** Zone whose answers are signed, and one below an insecure delegation. */
export const SIGNED = "signed.test";
export const PLAIN = "plain.test";
/** Names of each kind in each zone. */
const NAMES = 6_000;
/** Names asked again and again, so that caches hold them. */
const POPULAR = 40;
/** Seconds an answer may be kept: short, so that caches hide little. */
export const TTL = 5;

/** A question with its one right answer. */
export interface Known {
  readonly name: string;
  readonly type: "A" | "AAAA" | "TXT";
  readonly rcode: "NOERROR" | "NXDOMAIN";
  /** `TYPE data` of each record of the answer, sorted. */
  readonly answer: readonly string[];
  /** `fresh` is in no cache; `popular` is asked often. */
  readonly kind: "fresh" | "popular";
  readonly signed: boolean;
}

const hex = (i: number) => i.toString(16);
const a = (i: number) => `203.0.113.${(i % 250) + 1}`;
const aaaa = (i: number) => `2001:db8:1::${hex(i + 1)}`;

/** The `i`-th question of a steady load: six of ten never asked within a cache's memory, from both zones; every tenth popular. */
export function questionOf(i: number): Known {
  const n = i % NAMES;
  const signed = i % 3 !== 0;
  const zone = signed ? SIGNED : PLAIN;
  const base = { kind: "fresh", signed, rcode: "NOERROR" } as const;
  switch (i % 10) {
    case 0: {
      const p = Math.floor(i / 10) % POPULAR;
      return { ...base, kind: "popular", name: `p${p}.${zone}`, type: "A", answer: [`A ${a(p)}`] };
    }
    case 1:
      return { ...base, name: `missing${i}.${zone}`, type: "A", rcode: "NXDOMAIN", answer: [] };
    case 2:
      return { ...base, name: `h${n}.${zone}`, type: "TXT", answer: [] };
    case 3:
      return {
        ...base,
        name: `c${n % 500}.${zone}`,
        type: "A",
        answer: [`A ${a(n % 500)}`, `CNAME h${n % 500}.${zone}`],
      };
    default:
      return n % 2 === 0
        ? { ...base, name: `h${n}.${zone}`, type: "A", answer: [`A ${a(n)}`] }
        : { ...base, name: `h${n}.${zone}`, type: "AAAA", answer: [`AAAA ${aaaa(n)}`] };
  }
}

/** The records of a zone, in zone-file form relative to it. */
export function recordsOf(zone: typeof SIGNED | typeof PLAIN): string[] {
  const records: string[] = [];
  for (let i = 0; i < NAMES; i++) records.push(i % 2 === 0 ? `h${i} A ${a(i)}` : `h${i} AAAA ${aaaa(i)}`);
  // An alias is asked for A, so each target has one.
  for (let i = 0; i < 500; i++) {
    records.push(`c${i} CNAME h${i}.${zone}.`);
    if (i % 2 === 1) records.push(`h${i} A ${a(i)}`);
  }
  for (let p = 0; p < POPULAR; p++) records.push(`p${p} A ${a(p)}`);
  return records;
}
