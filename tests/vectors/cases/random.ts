import { createHash } from "node:crypto";

/** `length` bytes that look random and are the same for ever: SHA-256 in counter mode over a label. */
export function bytesOf(label: string, length = 32): Uint8Array {
  const out = new Uint8Array(Math.ceil(length / 32) * 32);
  for (let i = 0; i * 32 < length; i++)
    out.set(createHash("sha256").update(`tolldns vectors ${label} ${i}`).digest(), i * 32);
  return out.slice(0, length);
}

/** The u32 a label stands for. */
export function numberOf(label: string): number {
  const [a, b, c, d] = bytesOf(label, 4) as unknown as [number, number, number, number];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** An amount of up to 56 bits. */
export function amountOf(label: string): bigint {
  return (
    ((BigInt(numberOf(`${label} high`)) << 32n) | BigInt(numberOf(`${label} low`))) & 0xff_ffff_ffff_ffffn
  );
}
