import { answerTo } from "../../verifier/support/window.ts";

/** 64 KiB of records, each of whose owners is one name of 255 bytes by a pointer, with another of them in its data. */
export function unfolding(query: Uint8Array): Uint8Array {
  const head = answerTo(query, 0);
  const name = [...Array.from({ length: 3 }, () => [63, ...new Array(63).fill(97)]).flat(), 61];
  const long = [...name, ...new Array(61).fill(98), 0];
  const owner = head.length;
  const first = [...long, 0, 5, 0, 1, 0, 0, 0, 1, 0, 2, 0xc0 | (owner >> 8), owner & 0xff];
  const pointer = [0xc0 | (owner >> 8), owner & 0xff];
  const bytes = [...head, ...first];
  let count = 1;
  for (; bytes.length + 14 <= 65_535; count++) {
    // Of a class of its own each, so that no two records are the same.
    bytes.push(...pointer, 0, 5, count >> 8, count & 0xff, 0, 0, 0, 1, 0, 2, ...pointer);
  }
  const message = Uint8Array.from(bytes);
  new DataView(message.buffer).setUint16(6, count);
  return message;
}
