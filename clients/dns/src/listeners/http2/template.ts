import { integer, readString } from "./hpack.ts";
import type { RequestHead } from "./request.ts";

/**
 * The shape of a client's requests. Clients send the same header block again and again but for the path, the toll and the
 * length of a body. A block already decoded and checked in full becomes a template: if the next one has the same bytes
 * around those values, only the values are read.
 */
export interface Template {
  readonly method: string;
  /** The body is said to be a DNS message. */
  readonly isMessage: boolean;
  readonly bytes: Uint8Array;
  /** Ends of the runs of fixed bytes; a value lies after each but the last. */
  readonly ends: readonly number[];
  /** Which value comes after each run. */
  readonly slots: readonly Slot[];
}

type Slot = "path" | "local" | "length";

/** Values of the block matched last; one for all connections, read at once. */
export const matched = {
  path: new Uint8Array(16_384),
  pathLength: 0,
  local: new Uint8Array(4096),
  /** -1 without the header. */
  localLength: -1,
  contentLength: -1,
};

const digits = new Uint8Array(10);

/** Makes a template of a block that carries no state. Undefined if its values can't be told apart from the rest. */
export function makeTemplate(
  head: RequestHead,
  block: Uint8Array,
  at: number,
  end: number,
  localHeader: string,
): Template | undefined {
  const ends: number[] = [];
  const slots: Slot[] = [];
  const parts: Uint8Array[] = [];
  let from = at;
  let size = 0;
  for (const { name, valueAt, valueEnd } of head.fields) {
    const slot: Slot | undefined =
      name === ":path"
        ? "path"
        : name === localHeader
          ? "local"
          : name === "content-length"
            ? "length"
            : undefined;
    if (slot === undefined) continue;
    if (valueAt < 0) {
      // From the static table: `/` or `/index.html`, which are no queries.
      if (slot === "path") return undefined;
      continue;
    }
    if (slots.includes(slot)) return undefined;
    parts.push(block.slice(from, valueAt));
    size += valueAt - from;
    ends.push(size);
    slots.push(slot);
    from = valueEnd;
  }
  parts.push(block.slice(from, end));
  ends.push(size + end - from);
  if (!slots.includes("path")) return undefined;
  const types = head.fields.filter((field) => field.name === "content-type");
  const isMessage = types.length === 1 && types[0]?.value === "application/dns-message";
  return { method: head.method, isMessage, bytes: Buffer.concat(parts), ends, slots };
}

/** Whether a block has the template's shape; its values are then in {@link matched}. */
export function matchTemplate(template: Template, block: Uint8Array, at: number, end: number): boolean {
  const { bytes, ends, slots } = template;
  matched.localLength = -1;
  matched.contentLength = -1;
  let fixed = 0;
  for (let run = 0; run < ends.length; run++) {
    const stop = ends[run] as number;
    if (end - at < stop - fixed) return false;
    while (fixed < stop) if (block[at++] !== bytes[fixed++]) return false;
    if (run === slots.length) break;
    const slot = slots[run] as Slot;
    if (slot === "path") {
      const length = readString(block, at, end, matched.path);
      if (length < 1 || matched.path[0] !== 0x2f) return false;
      matched.pathLength = length;
    } else if (slot === "local") {
      const length = readString(block, at, end, matched.local);
      if (length < 0) return false;
      matched.localLength = length;
    } else {
      const length = readString(block, at, end, digits);
      if (length < 1) return false;
      let value = 0;
      for (let i = 0; i < length; i++) {
        const digit = (digits[i] as number) - 0x30;
        if (digit < 0 || digit > 9) return false;
        value = value * 10 + digit;
      }
      matched.contentLength = value;
    }
    at = integer.next;
  }
  return at === end;
}
