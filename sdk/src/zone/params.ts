import { concatBytes } from "../bytes.ts";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "./address.ts";
import { malformed } from "./errors.ts";
import { readEscapes, type Token, writeEscapes } from "./tokens.ts";

/** Names of the parameters by number (RFC 9460, section 14.3.2, and RFC 9461). */
const KEYS = [
  "mandatory",
  "alpn",
  "no-default-alpn",
  "port",
  "ipv4hint",
  "ech",
  "ipv6hint",
  "dohpath",
] as const;

/** Wire form of SvcParams: ascending by key, each once (RFC 9460, section 2.2). @throws Malformed */
export function parseParams(tokens: readonly Token[]): Uint8Array {
  const found = new Map<number, Uint8Array>();
  for (const { text } of tokens) {
    const at = text.indexOf("=");
    const name = at < 0 ? text : text.slice(0, at);
    const key = keyOf(name);
    if (found.has(key)) malformed(`${name} stands twice`);
    found.set(key, parseValue(key, name, at < 0 ? undefined : text.slice(at + 1)));
  }
  const parts = [...found]
    .sort(([a], [b]) => a - b)
    .map(([key, value]) => concatBytes(pair(key), pair(value.length), value));
  return concatBytes(...parts);
}

function keyOf(name: string): number {
  const known = KEYS.indexOf(name.toLowerCase() as (typeof KEYS)[number]);
  if (known >= 0) return known;
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(name)?.[1];
  if (digits === undefined || Number(digits) > 65_534)
    malformed(`${name} is no parameter; others are written key123="…"`);
  return Number(digits);
}

function parseValue(key: number, name: string, value: string | undefined): Uint8Array {
  const kind = KEYS[key];
  if (kind === "no-default-alpn")
    return value === undefined ? new Uint8Array() : malformed(`${name} takes no value`);
  if (value === undefined) return kind === undefined ? new Uint8Array() : malformed(`${name} needs a value`);
  switch (kind) {
    case "mandatory":
      return concatBytes(
        ...value
          .split(",")
          .map(keyOf)
          .sort((a, b) => a - b)
          .map(pair),
      );
    case "alpn":
      return concatBytes(...splitList(readEscapes(value)).map(counted));
    case "port":
      if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) malformed(`${value} is no port`);
      return pair(Number(value));
    case "ipv4hint":
      return concatBytes(...value.split(",").map(parseIpv4));
    case "ipv6hint":
      return concatBytes(...value.split(",").map(parseIpv6));
    case "ech":
      return fromBase64(value);
    default:
      return readEscapes(value);
  }
}

/** Items of a list: commas part them, `\,` and `\\` are of the item (RFC 9460, appendix A.1). */
function splitList(bytes: Uint8Array): number[][] {
  const items: number[][] = [[]];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0x2c) items.push([]);
    else {
      if (bytes[at] === 0x5c) at++;
      items.at(-1)?.push(bytes[at] ?? malformed("a backslash at the end of a list"));
    }
  }
  return items;
}

function counted(item: readonly number[]): Uint8Array {
  if (item.length === 0 || item.length > 255) malformed("a protocol has 1 to 255 bytes");
  return Uint8Array.from([item.length, ...item]);
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return malformed("ech is base64");
  }
}

/** Text of the parameters that begin at `at`; undefined where the bytes don't fit. */
export function formatParams(
  data: Uint8Array,
  at: number,
): { readonly text: string; readonly end: number } | undefined {
  const words: string[] = [];
  let end = at;
  while (end < data.length) {
    if (end + 4 > data.length) return undefined;
    const [key, length] = [readPair(data, end), readPair(data, end + 2)];
    const value = data.subarray(end + 4, end + 4 + length);
    end += 4 + length;
    if (end > data.length) return undefined;
    words.push(formatParam(key, value));
  }
  return { text: words.join(" "), end };
}

function formatParam(key: number, value: Uint8Array): string {
  const kind = KEYS[key];
  const shown = formatValue(kind, value);
  // What isn't of its kind is written as any unknown parameter.
  if (shown === undefined) return `key${key}="${writeEscapes(value, '"\\')}"`;
  return shown === "" ? (kind as string) : `${kind}=${shown}`;
}

function formatValue(kind: (typeof KEYS)[number] | undefined, value: Uint8Array): string | undefined {
  const cut = (size: number) =>
    value.length === 0 || value.length % size !== 0
      ? undefined
      : Array.from({ length: value.length / size }, (_, i) => value.subarray(i * size, (i + 1) * size));
  switch (kind) {
    case "no-default-alpn":
      return value.length === 0 ? "" : undefined;
    case "mandatory":
      return cut(2)
        ?.map((key) => KEYS[readPair(key, 0)] ?? `key${readPair(key, 0)}`)
        .join(",");
    case "alpn":
      return formatList(value);
    case "port":
      return value.length === 2 ? String(readPair(value, 0)) : undefined;
    case "ipv4hint":
      return cut(4)?.map(formatIpv4).join(",");
    case "ipv6hint":
      return cut(16)?.map(formatIpv6).join(",");
    case "ech":
      return value.length === 0 ? undefined : btoa(String.fromCharCode(...value));
    case "dohpath":
      return value.length === 0 ? undefined : `"${writeEscapes(value, '"\\')}"`;
    default:
      return undefined;
  }
}

function formatList(value: Uint8Array): string | undefined {
  const items: string[] = [];
  for (let at = 0; at < value.length; at += (value[at] as number) + 1) {
    const item = value.subarray(at + 1, at + 1 + (value[at] as number));
    if (item.length === 0 || item.length !== value[at]) return undefined;
    const inList = [...item].flatMap((byte) => (byte === 0x2c || byte === 0x5c ? [0x5c, byte] : [byte]));
    items.push(writeEscapes(Uint8Array.from(inList), '"\\'));
  }
  return items.length === 0 ? undefined : `"${items.join(",")}"`;
}

const pair = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 255);
const readPair = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
