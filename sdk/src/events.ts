import { type AddressLike, formatAddress } from "./address.ts";
import { copyBytes, readU16, readU32, readU64, toHex } from "./bytes.ts";

/** Kinds of field an event has, with their length in bytes. `key` is an address or a hash. */
const FIELDS = {
  u8: [1, (b: Uint8Array, at: number) => b[at] as number],
  u16: [2, readU16],
  u32: [4, readU32],
  u64: [8, readU64],
  flag: [1, (b: Uint8Array, at: number) => b[at] !== 0],
  key: [32, (b: Uint8Array, at: number) => copyBytes(b, at, at + 32)],
} as const;

/** Fields of an event, in the order they are written. */
export type EventLayout = Readonly<Record<string, keyof typeof FIELDS>>;
type Values<Layout extends EventLayout> = {
  readonly [Field in keyof Layout]: ReturnType<(typeof FIELDS)[Layout[Field]][1]>;
};

/** The events of these layouts, told apart by `name`. */
export type EventOf<Layouts extends Readonly<Record<string, EventLayout>>> = {
  [Name in keyof Layouts & string]: { readonly name: Uncapitalize<Name> } & Values<Layouts[Name]>;
}[keyof Layouts & string];

/** Reads one event (discriminator and fields), or undefined if it has no layout or another length. */
export function readEvent<const Layouts extends Readonly<Record<string, EventLayout>>>(
  discriminators: Readonly<Record<keyof Layouts & string, readonly number[]>>,
  layouts: Layouts,
  bytes: Uint8Array,
): EventOf<Layouts> | undefined {
  const wanted = toHex(bytes.subarray(0, 8));
  const known = Object.entries(discriminators) as [keyof Layouts & string, readonly number[]][];
  const name = known.find(([, bytes]) => toHex(Uint8Array.from(bytes)) === wanted)?.[0];
  if (name === undefined) return undefined;
  const fields = Object.entries(layouts[name] as EventLayout);
  const length = fields.reduce((sum, [, kind]) => sum + FIELDS[kind][0], 8);
  if (bytes.length !== length) return undefined;
  let at = 8;
  const values: Record<string, unknown> = { name: `${name.charAt(0).toLowerCase()}${name.slice(1)}` };
  for (const [field, kind] of fields) {
    values[field] = FIELDS[kind][1](bytes, at);
    at += FIELDS[kind][0];
  }
  return values as EventOf<Layouts>;
}

/**
 * A program's events in a transaction's log, in order. Only what the program itself logged counts: another program of the same transaction can write
 * the same bytes.
 */
export function eventsInLog<Event>(
  logs: readonly string[],
  program: AddressLike,
  decode: (bytes: Uint8Array) => Event | undefined,
): Event[] {
  const wanted = formatAddress(program);
  const stack: string[] = [];
  const events: Event[] = [];
  for (const line of logs) {
    const frame = /^Program (\S+) (invoke \[\d+\]|success|failed: .*)$/.exec(line);
    if (frame !== null) {
      if ((frame[2] as string).startsWith("invoke")) stack.push(frame[1] as string);
      else stack.pop();
    } else if (line.startsWith("Program data: ") && stack.at(-1) === wanted) {
      const event = decode(fromBase64(line.slice("Program data: ".length)));
      if (event !== undefined) events.push(event);
    }
  }
  return events;
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}
