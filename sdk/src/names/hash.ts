import { sha256 } from "@noble/hashes/sha2.js";
import { type AddressLike, toAddress } from "../address.ts";
import { checkBytes, concatBytes } from "../bytes.ts";
import { errorsOf } from "../errors.ts";
import { isLabel, LABEL_ERRORS, type LabelErrors } from "./form.ts";

const fail = /* #__PURE__ */ errorsOf<LabelErrors>(LABEL_ERRORS);
const text = (value: string) => new TextEncoder().encode(value);

/** `length | label | 3 "dns" | 0`: the canonical wire name (RFC 1035, section 3.1). Takes a normalised label. @throws label-invalid */
export function wireName(label: string): Uint8Array {
  if (!isLabel(label)) throw fail("label-invalid", { label: label.slice(0, 64), reason: "not normalised" });
  return concatBytes(
    Uint8Array.of(label.length),
    text(label),
    Uint8Array.of(3),
    text("dns"),
    Uint8Array.of(0),
  );
}

/** `SHA-256("tolldns name v1\0" | wire name)`, which names a name everywhere. @throws label-invalid */
export function hashName(label: string): Uint8Array {
  return sha256(concatBytes(text("tolldns name v1\0"), wireName(label)));
}

/** `SHA-256("tolldns commit v1\0" | name hash | owner | secret)`. Keep the 32-byte secret until `register`. @throws address-invalid, bytes-length */
export function hashCommitment(nameHash: Uint8Array, owner: AddressLike, secret: Uint8Array): Uint8Array {
  checkBytes(nameHash, 32, "nameHash");
  checkBytes(secret, 32, "secret");
  return sha256(concatBytes(text("tolldns commit v1\0"), nameHash, toAddress(owner), secret));
}

/** The least that tops `highest`, micro-IU: the increment in basis points is rounded up, and at least 1. */
export function leastBid(highest: bigint, incrementBps: number): bigint {
  const increment = (highest * BigInt(incrementBps) + 9_999n) / 10_000n;
  return highest + (increment === 0n ? 1n : increment);
}

/** What `years` terms of a label of this many bytes cost, micro-IU; `prices` are for 1, 2, 3, 4 and 5 or more bytes. */
export function priceOf(prices: readonly bigint[], labelBytes: number, years: number): bigint {
  return (prices[Math.min(labelBytes, prices.length) - 1] as bigint) * BigInt(years);
}

/** The end of an auction after a bid at `now`: never less than `extension` seconds away. */
export function endAfterBid(endsAt: bigint, extension: number, now: bigint): bigint {
  const earliest = now + BigInt(extension);
  return endsAt > earliest ? endsAt : earliest;
}
