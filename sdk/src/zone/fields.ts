import { fromHex, toHex } from "../bytes.ts";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "./address.ts";
import { malformed } from "./errors.ts";
import { formatName, nameLength, parseName } from "./name.ts";
import { formatParams, parseParams } from "./params.ts";
import { readEscapes, type Token, writeEscapes } from "./tokens.ts";

/** One part of a record's data, from text to wire and back. */
export interface Field {
  /** Takes words from the front of `tokens`. @throws Malformed */
  parse(tokens: Token[], origin: Uint8Array): Uint8Array;
  /** Text of the part that begins at `at`, and where it ends; undefined where the bytes don't fit. */
  format(data: Uint8Array, at: number): { readonly text: string; readonly end: number } | undefined;
}

function take(tokens: Token[], what: string): Token {
  return tokens.shift() ?? malformed(`${what} is missing`);
}

function fixed(
  length: number,
  what: string,
  parse: (text: string) => Uint8Array,
  format: (bytes: Uint8Array) => string,
): Field {
  return {
    parse: (tokens) => parse(take(tokens, what).text),
    format: (data, at) =>
      at + length > data.length
        ? undefined
        : { text: format(data.subarray(at, at + length)), end: at + length },
  };
}

function number(bytes: 1 | 2, what: string): Field {
  const max = bytes === 1 ? 255 : 65_535;
  return fixed(
    bytes,
    what,
    (text) => {
      if (!/^\d{1,5}$/.test(text) || Number(text) > max)
        malformed(`${what} is a number up to ${max}, not ${text}`);
      const out = new Uint8Array(bytes);
      if (bytes === 1) out[0] = Number(text);
      else writeNumber(out, Number(text));
      return out;
    },
    (data) => String(bytes === 1 ? data[0] : ((data[0] as number) << 8) | (data[1] as number)),
  );
}

/** Network order; the SDK's own integers are little endian. */
function writeNumber(out: Uint8Array, value: number) {
  out[0] = value >> 8;
  out[1] = value & 255;
}

export const u8 = (what: string): Field => number(1, what);
export const u16 = (what: string): Field => number(2, what);
export const ipv4: Field = fixed(4, "an IPv4 address", parseIpv4, formatIpv4);
export const ipv6: Field = fixed(16, "an IPv6 address", parseIpv6, formatIpv6);

export const name: Field = {
  parse: (tokens, origin) => parseName(take(tokens, "a name").text, origin),
  format(data, at) {
    const length = nameLength(data, at);
    if (length === undefined) return undefined;
    return { text: formatName(data.subarray(at, at + length)), end: at + length };
  },
};

/** `<character-string>`: up to 255 bytes with their number in front. */
export const string: Field = {
  parse: (tokens) => counted(readEscapes(take(tokens, "a text").text)),
  format(data, at) {
    const end = at + 1 + (data[at] ?? 256);
    return end > data.length ? undefined : { text: quote(data.subarray(at + 1, end)), end };
  },
};

/** One or more of them, to the end of the data. */
export const strings: Field = {
  parse(tokens) {
    const parts = [counted(readEscapes(take(tokens, "a text").text))];
    while (tokens.length > 0) parts.push(string.parse(tokens, new Uint8Array()));
    return Uint8Array.from(parts.flatMap((part) => [...part]));
  },
  format(data, at) {
    const texts: string[] = [];
    let end = at;
    while (end < data.length) {
      const one = string.format(data, end);
      if (one === undefined) return undefined;
      texts.push(one.text);
      end = one.end;
    }
    return texts.length === 0 ? undefined : { text: texts.join(" "), end };
  },
};

/** The property of a CAA record (RFC 8659, section 4.1): letters and digits, with their number in front. */
export const tag: Field = {
  parse(tokens) {
    const { text } = take(tokens, "a property");
    if (!/^[a-zA-Z0-9]{1,255}$/.test(text)) malformed(`${text} is no property of CAA`);
    return counted(readEscapes(text.toLowerCase()));
  },
  format(data, at) {
    const end = at + 1 + (data[at] ?? 256);
    const text = new TextDecoder().decode(data.subarray(at + 1, end));
    return end > data.length || !/^[a-zA-Z0-9]+$/.test(text) ? undefined : { text, end };
  },
};

/** Text to the end of the data, without a number in front. */
export const text: Field = {
  parse: (tokens) => readEscapes(take(tokens, "a text").text),
  format: (data, at) => ({ text: quote(data.subarray(at)), end: data.length }),
};

/** Hexadecimal to the end; blanks may stand within. */
export const hex: Field = {
  parse: (tokens) => readHex(tokens),
  format: (data, at) =>
    at === data.length ? undefined : { text: toHex(data.subarray(at)), end: data.length },
};

/** Parameters of SVCB and HTTPS to the end. */
export const params: Field = {
  parse: (tokens) => parseParams(tokens.splice(0)),
  format: (data, at) => formatParams(data, at),
};

/** All remaining words as hexadecimal, at least one byte. @throws Malformed */
export function readHex(tokens: Token[]): Uint8Array {
  const digits = tokens
    .splice(0)
    .map((token) => token.text)
    .join("");
  if (!/^([0-9a-fA-F]{2})+$/.test(digits)) malformed("hexadecimal digits are missing or odd");
  return fromHex(digits.toLowerCase());
}

function counted(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 255) malformed("a text has at most 255 bytes; write several, each in quotes");
  return Uint8Array.from([bytes.length, ...bytes]);
}

const quote = (bytes: Uint8Array): string => `"${writeEscapes(bytes, '"\\')}"`;
