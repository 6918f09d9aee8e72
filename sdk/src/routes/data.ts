import { hasUpper, lowerName, nameLength } from "./wire.ts";

// What record data consist of. A part begins at `at` and gives where it ends, or undefined if it isn't there.
type Part = (data: Uint8Array, at: number) => number | undefined;

const fixed =
  (length: number): Part =>
  (_, at) =>
    at + length;

const rest =
  (least: number): Part =>
  (data, at) =>
    data.length - at < least ? undefined : data.length;

const name: Part = (data, at) => {
  const length = nameLength(data, at, data.length);
  return length === undefined ? undefined : at + length;
};

/** A character string (RFC 1035, section 3.3). */
const string: Part = (data, at) => (at < data.length ? at + 1 + (data[at] as number) : undefined);

/** One string or more, to the end. */
const strings: Part = (data, at) => {
  let end: number | undefined = at;
  do end = string(data, end);
  while (end !== undefined && end < data.length);
  return end;
};

/** A CAA property's tag (RFC 8659, section 4.1). */
const tag: Part = (data, at) => {
  const end = string(data, at);
  if (end === undefined || end === at + 1) return undefined;
  const letters = data.subarray(at + 1, end);
  return letters.every((byte) => /[a-z0-9]/i.test(String.fromCharCode(byte))) ? end : undefined;
};

const u16 = (data: Uint8Array, at: number): number => ((data[at] as number) << 8) | (data[at + 1] as number);

/** SvcParams (RFC 9460, section 2.2): keys rise, and what is known has its form. */
const params: Part = (data, at) => {
  const found = new Map<number, Uint8Array>();
  let last = -1;
  let next = at;
  while (next < data.length) {
    if (data.length - next < 4) return undefined;
    const key = u16(data, next);
    const end = next + 4 + u16(data, next + 2);
    if (key <= last || end > data.length) return undefined;
    found.set(key, data.subarray(next + 4, end));
    last = key;
    next = end;
  }
  for (const [key, value] of found) if (PARAMS[key]?.(value, found) === false) return undefined;
  // Without other protocols than the default there has to be a list of them (section 7.1.1).
  return found.has(2) && !found.has(1) ? undefined : next;
};

/** Forms of the parameters that RFC 9460 knows, by key. */
const PARAMS: Readonly<Record<number, (value: Uint8Array, all: ReadonlyMap<number, Uint8Array>) => boolean>> =
  {
    // mandatory: keys that are there, rising, itself not among them (section 8)
    0: (value, all) => {
      if (value.length === 0 || value.length % 2 !== 0) return false;
      for (let at = 0, last = 0; at < value.length; last = u16(value, at), at += 2)
        if (u16(value, at) <= last || !all.has(u16(value, at))) return false;
      return true;
    },
    // alpn: protocol names, none empty
    1: (value) => {
      let at = 0;
      while (at < value.length && value[at] !== 0) at += 1 + (value[at] as number);
      return value.length > 0 && at === value.length;
    },
    2: (value) => value.length === 0,
    3: (value) => value.length === 2,
    4: (value) => value.length > 0 && value.length % 4 === 0,
    6: (value) => value.length > 0 && value.length % 16 === 0,
  };

/** Types a route may hold, by number, with the parts of their data. */
const TYPES: ReadonlyMap<number, readonly Part[]> = new Map([
  [1, [fixed(4)]],
  [5, [name]],
  [12, [name]],
  [15, [fixed(2), name]],
  [16, [strings]],
  [28, [fixed(16)]],
  [33, [fixed(6), name]],
  [35, [fixed(4), string, string, string, name]],
  [44, [fixed(2), rest(1)]],
  [52, [fixed(3), rest(1)]],
  [64, [fixed(2), name, params]],
  [65, [fixed(2), name, params]],
  [256, [fixed(4), rest(1)]],
  [257, [fixed(1), tag, rest(0)]],
]);

/** A CNAME's number. */
export const CNAME = 5;

/** May a route hold this type? */
export function isRouteType(type: number): boolean {
  return TYPES.has(type);
}

/** What is wrong with data of a type that a route may hold, or undefined. */
export function problemOfData(type: number, data: Uint8Array): string | undefined {
  let at = 0;
  for (const part of TYPES.get(type) ?? []) {
    const end = part(data, at);
    if (end === undefined || end > data.length) return "a part is missing, cut or malformed";
    if (part === name && hasUpper(data, at, end)) return "a name has capital letters";
    at = end;
  }
  return at === data.length ? undefined : "something follows";
}

/** The data with their names in lower case; unchanged if they aren't of their type. */
export function lowerData(type: number, data: Uint8Array): Uint8Array {
  const out = Uint8Array.from(data);
  let at = 0;
  for (const part of TYPES.get(type) ?? []) {
    const end = part(data, at);
    if (end === undefined || end > data.length) return out;
    if (part === name) out.set(lowerName(data.subarray(at, end)), at);
    at = end;
  }
  return out;
}
