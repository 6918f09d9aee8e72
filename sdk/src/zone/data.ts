import { toHex } from "../bytes.ts";
import { malformed } from "./errors.ts";
import {
  type Field,
  hex,
  ipv4,
  ipv6,
  name,
  params,
  readHex,
  string,
  strings,
  tag,
  text,
  u8,
  u16,
} from "./fields.ts";
import type { Token } from "./tokens.ts";

/** Types a route may hold, by number, with the parts of their data. */
const TYPES: ReadonlyMap<number, readonly [name: string, ...fields: Field[]]> = new Map([
  [1, ["A", ipv4]],
  [5, ["CNAME", name]],
  [12, ["PTR", name]],
  [15, ["MX", u16("the preference"), name]],
  [16, ["TXT", strings]],
  [28, ["AAAA", ipv6]],
  [33, ["SRV", u16("the priority"), u16("the weight"), u16("the port"), name]],
  [35, ["NAPTR", u16("the order"), u16("the preference"), string, string, string, name]],
  [44, ["SSHFP", u8("the algorithm"), u8("the kind of digest"), hex]],
  [52, ["TLSA", u8("the usage"), u8("the selector"), u8("the matching type"), hex]],
  [64, ["SVCB", u16("the priority"), name, params]],
  [65, ["HTTPS", u16("the priority"), name, params]],
  [256, ["URI", u16("the priority"), u16("the weight"), text]],
  [257, ["CAA", u8("the flags"), tag, text]],
]);

const NUMBERS: ReadonlyMap<string, number> = new Map([...TYPES].map(([number, [name]]) => [name, number]));

/** Names of the types a route may hold, in order of their numbers. */
export const RECORD_TYPES: readonly string[] = [...NUMBERS.keys()];

/** Number of a type a route may hold (`AAAA`, `TYPE28`), or undefined. */
export function typeNumber(word: string): number | undefined {
  const upper = word.toUpperCase();
  const generic = /^TYPE(\d{1,5})$/.exec(upper)?.[1];
  if (generic === undefined) return NUMBERS.get(upper);
  return TYPES.has(Number(generic)) ? Number(generic) : undefined;
}

/** `AAAA` of 28; `TYPE999` of what has no name here (RFC 3597, section 5). */
export function typeName(type: number): string {
  return TYPES.get(type)?.[0] ?? `TYPE${type}`;
}

/** Data of a record from its words; `\# 4 c0000201` gives the bytes themselves (RFC 3597, section 5). @throws Malformed */
export function parseData(type: number, words: readonly Token[], origin: Uint8Array): Uint8Array {
  const tokens = [...words];
  if (tokens[0]?.text === "\\#" && !tokens[0].quoted) return parseGeneric(tokens.slice(1));
  const [label, ...fields] = TYPES.get(type) ?? malformed(`type ${type} has no text form here`);
  const parts = fields.map((field) => field.parse(tokens, origin));
  if (tokens.length > 0) malformed(`${label} has more data than it takes: ${tokens[0]?.text}`);
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function parseGeneric(tokens: Token[]): Uint8Array {
  const length = Number(tokens.shift()?.text);
  const bytes = length === 0 && tokens.length === 0 ? new Uint8Array() : readHex(tokens);
  if (bytes.length !== length) malformed(`\\# ${length} is followed by ${bytes.length} bytes`);
  return bytes;
}

/** Data of a record as people write it; bytes that aren't of their type, in the generic form. Names are absolute. */
export function formatData(type: number, data: Uint8Array): string {
  const [, ...fields] = TYPES.get(type) ?? [""];
  const texts: string[] = [];
  let at = 0;
  for (const field of fields) {
    const one = field.format(data, at);
    if (one === undefined) return formatGeneric(data);
    if (one.text !== "") texts.push(one.text);
    at = one.end;
  }
  return at === data.length && fields.length > 0 ? texts.join(" ") : formatGeneric(data);
}

const formatGeneric = (data: Uint8Array): string =>
  `\\# ${data.length}${data.length === 0 ? "" : ` ${toHex(data)}`}`;
