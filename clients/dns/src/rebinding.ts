import { TYPE } from "./wire/constants.ts";
import { encodeName, isWithin } from "./wire/name.ts";
import type { WireMessage } from "./wire/records.ts";

/** Zones that are private by definition (RFC 6762, RFC 8375, RFC 6761, ICANN's `internal`). */
const ALWAYS_PRIVATE = ["local", "home.arpa", "localhost", "internal", "lan", "localdomain"];

/** Finds answers that would let a web page of a public name speak to machines at home. */
export interface RebindingGuard {
  /** True if an answer for `name` (wire form) points at a private address without being allowed to. */
  refuses(name: Uint8Array, message: WireMessage): boolean;
}

/** @param privateNames names that may, with all below them */
export function createRebindingGuard(privateNames: readonly string[] = []): RebindingGuard {
  const zones = [...ALWAYS_PRIVATE, ...privateNames].map(encodeName);
  return {
    refuses(name, message) {
      if (zones.some((zone) => isWithin(name, zone))) return false;
      return message.answers.some(
        ({ type, data }) =>
          (type === TYPE.A && data.length === 4 && isPrivateAddress(data)) ||
          (type === TYPE.AAAA && data.length === 16 && isPrivateAddress(data)) ||
          ((type === TYPE.HTTPS || type === TYPE.SVCB) && hasPrivateHint(data)),
      );
    },
  };
}

/** Is this address, of 4 or 16 bytes, one that the public network does not route (RFC 6890)? */
export function isPrivateAddress(bytes: Uint8Array): boolean {
  return bytes.length === 4 ? isPrivate4(bytes, 0) : isPrivate6(bytes, 0);
}

/** RFC 6890: this network, private, shared, loopback, link-local. */
function isPrivate4(bytes: Uint8Array, at: number): boolean {
  const a = bytes[at] as number;
  const b = bytes[at + 1] as number;
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168)
  );
}

/** Unspecified, loopback, unique local, link-local, and private IPv4 mapped, translated (64:ff9b::/96) or carried by 6to4. */
function isPrivate6(bytes: Uint8Array, at: number): boolean {
  const byte = (i: number) => bytes[at + i] as number;
  if ((byte(0) & 0xfe) === 0xfc) return true;
  if (byte(0) === 0xfe && (byte(1) & 0xc0) === 0x80) return true;
  if (byte(0) === 0x20 && byte(1) === 0x02) return isPrivate4(bytes, at + 2);
  const zeros = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (byte(i) !== 0) return false;
    return true;
  };
  if (byte(0) === 0 && byte(1) === 0x64 && byte(2) === 0xff && byte(3) === 0x9b && zeros(4, 12))
    return isPrivate4(bytes, at + 12);
  if (!zeros(0, 10)) return false;
  if (byte(10) === 0xff && byte(11) === 0xff) return isPrivate4(bytes, at + 12);
  return byte(10) === 0 && byte(11) === 0 && zeros(12, 15) && byte(15) <= 1;
}

/** ipv4hint (4) and ipv6hint (6) of a service binding (RFC 9460 section 7.3). */
function hasPrivateHint(data: Uint8Array): boolean {
  let at = 2;
  while (at < data.length && data[at] !== 0) at += (data[at] as number) + 1;
  for (at++; at + 4 <= data.length; ) {
    const key = ((data[at] as number) << 8) | (data[at + 1] as number);
    const length = ((data[at + 2] as number) << 8) | (data[at + 3] as number);
    const end = Math.min(at + 4 + length, data.length);
    for (let hint = at + 4; key === 4 && hint + 4 <= end; hint += 4) if (isPrivate4(data, hint)) return true;
    for (let hint = at + 4; key === 6 && hint + 16 <= end; hint += 16)
      if (isPrivate6(data, hint)) return true;
    at += 4 + length;
  }
  return false;
}
