import { malformed } from "./errors.ts";

/** A word of a zone file, its escapes not yet resolved. */
export interface Token {
  readonly text: string;
  /** It stood in quotes, so it is text even if it reads like a type or a number. */
  readonly quoted: boolean;
}

/** One entry: a line, or several held together by parentheses. */
export interface Entry {
  /** Where it begins, from 1. */
  readonly line: number;
  /** It begins with a blank: the owner is the one before. */
  readonly inherits: boolean;
  readonly tokens: readonly Token[];
}

/** Splits a zone file into entries (RFC 1035, section 5.1). @throws Malformed with the line in front */
export function* splitEntries(text: string): Generator<Entry> {
  let line = 1;
  let begun = 1;
  let depth = 0;
  let inherits = false;
  let tokens: Token[] = [];
  let at = 0;
  let fresh = true;
  while (at < text.length) {
    const character = text[at] as string;
    if (character === "\n") {
      at++;
      line++;
      if (depth > 0) continue;
      if (tokens.length > 0) yield { line: begun, inherits, tokens };
      tokens = [];
      begun = line;
      fresh = true;
      continue;
    }
    if (fresh && depth === 0) inherits = character === " " || character === "\t";
    fresh = false;
    if (/[ \t\r]/.test(character)) at++;
    else if (character === ";") at = endOfLine(text, at);
    else if (character === "(" || character === ")") {
      depth += character === "(" ? 1 : -1;
      if (depth < 0) malformed(`line ${line}: a parenthesis too many`);
      at++;
    } else {
      const { token, end } = readToken(text, at, line);
      tokens.push(token);
      at = end;
    }
  }
  if (depth > 0) malformed(`line ${begun}: a parenthesis is never closed`);
  if (tokens.length > 0) yield { line: begun, inherits, tokens };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Quotes may begin inside of a word too (`alpn="h2,h3"`). */
function readToken(
  text: string,
  from: number,
  line: number,
): { readonly token: Token; readonly end: number } {
  const quoted = text[from] === '"';
  let at = from;
  let within = false;
  let word = "";
  for (; at < text.length; at++) {
    const character = text[at] as string;
    if (character === "\n" || (!within && /[ \t\r;()]/.test(character))) break;
    if (character === '"') {
      within = !within;
      if (quoted && !within) {
        at++;
        break;
      }
    } else if (character === "\\") {
      const next = text[at + 1];
      if (next === undefined || next === "\n") malformed(`line ${line}: a backslash at the end of the line`);
      word += character + next;
      at++;
    } else word += character;
  }
  if (within) malformed(`line ${line}: a quotation mark is never closed`);
  return { token: { text: word, quoted }, end: at };
}

const encoder = new TextEncoder();

/** Bytes of a word: `\X` is X, `\DDD` the byte of that decimal number; other characters are UTF-8. @throws Malformed */
export function readEscapes(text: string): Uint8Array {
  return Uint8Array.from([...pieces(text)].flatMap(({ bytes }) => bytes));
}

/** Characters of a word with their bytes; `escaped` ones separate nothing. @throws Malformed */
export function* pieces(
  text: string,
): Generator<{ readonly bytes: readonly number[]; readonly escaped: boolean }> {
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "\\") {
      const character = String.fromCodePoint(text.codePointAt(at) as number);
      yield { bytes: [...encoder.encode(character)], escaped: false };
      at += character.length - 1;
      continue;
    }
    const digits = /^[0-9]{3}/.exec(text.slice(at + 1))?.[0];
    if (digits !== undefined && Number(digits) > 255) malformed(`\\${digits} is no byte`);
    yield {
      bytes: digits === undefined ? [...encoder.encode(text[at + 1] ?? "")] : [Number(digits)],
      escaped: true,
    };
    at += digits?.length ?? 1;
  }
}

/** Text with what would be read otherwise escaped; `special` lists such characters. */
export function writeEscapes(bytes: Uint8Array, special: string): string {
  return [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (byte < 0x20 || byte > 0x7e) return `\\${String(byte).padStart(3, "0")}`;
      return special.includes(character) ? `\\${character}` : character;
    })
    .join("");
}
