import { CLASS, encodeName, type Query, TYPE, writeError, writeTruncated } from "@tolldns/dns";
import { TOLL_NAME } from "@tolldns/sdk";

const NAME = encodeName(TOLL_NAME);
const TTL_SECONDS = 60;

/** Is this `toll.tolldns. CH TXT`? */
export function isTollName(query: Query): boolean {
  if (query.class !== CLASS.CH || query.type !== TYPE.TXT || query.keyLength !== NAME.length + 5)
    return false;
  for (let i = 0; i < NAME.length; i++) if (query.key[i] !== NAME[i]) return false;
  return true;
}

/** Answers with one TXT record that holds `text` in strings of at most 255 bytes; truncated where it doesn't fit. Returns bytes written. */
export function writeText(query: Query, text: Uint8Array, out: Uint8Array, at: number): number {
  const strings = Math.ceil(text.length / 255);
  const record = 12 + text.length + strings;
  const bare = writeError(query, out, at, 0);
  if (bare + record > query.limit) return writeTruncated(query, out, at);
  // The record goes before what follows the question: the OPT record, if there is one.
  const place = at + 12 + (query.questionEnd - query.start - 12);
  out.copyWithin(place + record, place, at + bare);
  out[at + 7] = 1;
  const view = new DataView(out.buffer, out.byteOffset);
  view.setUint16(place, 0xc00c);
  view.setUint16(place + 2, TYPE.TXT);
  view.setUint16(place + 4, CLASS.CH);
  view.setUint32(place + 6, TTL_SECONDS);
  view.setUint16(place + 10, text.length + strings);
  let to = place + 12;
  for (let from = 0; from < text.length; from += 255) {
    const part = text.subarray(from, from + 255);
    out[to++] = part.length;
    out.set(part, to);
    to += part.length;
  }
  return bare + record;
}
