import { randomBytes } from "node:crypto";

const SEED = randomBytes(4).readInt32LE(0);

function mix(hash: number, value: number): number {
  hash = Math.imul(hash ^ value, 0x5bd1e995);
  return hash ^ (hash >>> 15);
}

/**
 * 32-bit hash of the network a client is counted by: /24 of IPv4, /56 of IPv6. Seeded per process, so that nobody outside can
 * choose networks that share a bucket, and an address can't be read back from it.
 */
export function hashNetwork(address: string): number {
  if (address.startsWith("::ffff:") && address.includes(".")) return hashNetwork(address.slice(7));
  if (address.includes(":")) return hashNetwork6(address);
  let hash = SEED;
  const end = address.lastIndexOf(".");
  for (let i = 0; i < end; i++) hash = mix(hash, address.charCodeAt(i));
  return mix(hash, end) >>> 0;
}

/** Seven bytes: the first three groups and the upper half of the fourth. */
function hashNetwork6(address: string): number {
  const gap = address.indexOf("::");
  const head = (gap < 0 ? address : address.slice(0, gap)).split(":").filter((group) => group !== "");
  const tail = gap < 0 ? [] : address.slice(gap + 2).split(":");
  const groups = [
    ...head,
    ...new Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0"),
    ...tail,
  ];
  let hash = SEED ^ 6;
  for (let i = 0; i < 4; i++) {
    const value = Number.parseInt(groups[i] ?? "0", 16) & 0xffff;
    hash = mix(hash, i === 3 ? value >>> 8 : value);
  }
  return hash >>> 0;
}

/** Another bucket for another purpose, from the same network. */
export function hashWith(hash: number, value: number): number {
  return mix(mix(hash, value), value >>> 16) >>> 0;
}
