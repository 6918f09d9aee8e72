import { bytesEqual, concatBytes } from "../bytes.ts";
import { malformed } from "./errors.ts";
import { pieces, writeEscapes } from "./tokens.ts";

const ROOT = Uint8Array.of(0);

/**
 * Wire form of a name as people write it, in lower case: absolute with a dot at its end, else below `origin`; `@` is the origin.
 * Characters beyond ASCII are refused: a zone file has A-labels.
 * @throws Malformed
 */
export function parseName(text: string, origin: Uint8Array): Uint8Array {
  if (text === "@") return origin;
  if (text === ".") return ROOT;
  const labels: number[][] = [[]];
  for (const { bytes, escaped } of pieces(text)) {
    if (bytes.length > 1) malformed(`${text}: write the A-label (xn--…) of a name with other letters`);
    if (bytes[0] === 0x2e && !escaped) labels.push([]);
    else labels.at(-1)?.push(toLower(bytes[0] as number));
  }
  const isAbsolute = labels.length > 1 && labels.at(-1)?.length === 0;
  const own = isAbsolute ? labels.slice(0, -1) : labels;
  for (const label of own)
    if (label.length === 0 || label.length > 63) malformed(`${text}: a label has 1 to 63 bytes`);
  const parts = own.map((label) => Uint8Array.from([label.length, ...label]));
  const name = concatBytes(...parts, isAbsolute ? ROOT : origin);
  if (name.length > 255) malformed(`${text}: a name has at most 255 bytes`);
  return name;
}

/** A wire name as people write it: `@` or relative where it is at or below `origin`, else absolute with the last dot. */
export function formatName(wire: Uint8Array, origin?: Uint8Array): string {
  const labels: string[] = [];
  for (let at = 0; at < wire.length && wire[at] !== 0; at += (wire[at] as number) + 1) {
    if (origin !== undefined && bytesEqual(wire.subarray(at), origin))
      return labels.length === 0 ? "@" : labels.join(".");
    labels.push(writeEscapes(wire.subarray(at + 1, at + 1 + (wire[at] as number)), '.\\"();@$ '));
  }
  return `${labels.join(".")}.`;
}

/** Bytes of the wire name that begins at `at`, or undefined where none does. Compression is none. */
export function nameLength(bytes: Uint8Array, at: number): number | undefined {
  for (let end = at; end < bytes.length; end += (bytes[end] as number) + 1) {
    if ((bytes[end] as number) > 63) return undefined;
    if (bytes[end] === 0) return end - at + 1 > 255 ? undefined : end - at + 1;
  }
  return undefined;
}

const toLower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
