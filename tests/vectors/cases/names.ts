import { fromHex, toHex } from "@tolldns/sdk";
import {
  authorityAt,
  endAfterBid,
  hashCommitment,
  hashName,
  leastBid,
  normalizeLabel,
  priceOf,
  wireName,
} from "@tolldns/sdk/names";

const LONGEST = "a".repeat(63);
const LABELS = [
  "a",
  "abc",
  "example",
  "xn--mnchen-3ya",
  "a-b-c",
  "0",
  LONGEST,
  "abc--d",
  "xn--fiqs8s",
] as const;
/** Labels that are not normal, with the core's name of why. */
const BAD: readonly [label: string, refusal: string][] = [
  ["", "LabelLength"],
  [`${LONGEST}a`, "LabelLength"],
  ["A", "LabelCharacter"],
  ["a_b", "LabelCharacter"],
  ["a.b", "LabelCharacter"],
  ["ü", "LabelCharacter"],
  ["-a", "LabelHyphen"],
  ["a-", "LabelHyphen"],
  ["ab--c", "LabelHyphen"],
  ["xn--", "LabelHyphen"],
];
const TYPED = [
  "Example",
  "EXAMPLE.dns",
  "München",
  "faß",
  "中国",
  "例え.dns",
  "ＡＢＣＤＥ",
  "شركة",
  "l·l",
  "κόσμος",
];
/** What a person may type and no client maps to a label. */
const UNMAPPED = [
  "a b",
  "a.b",
  "-a",
  "☃",
  "😀",
  "a·b",
  "xn--a",
  "ab--cd",
  "",
  "\u0301a",
  "\u0661\u06f1",
  "a\u200db",
  "xn--i-7iq",
];
const BIDS: readonly [highest: bigint, incrementBps: number][] = [
  [0n, 500],
  [1n, 1],
  [1_000n, 500],
  [1_001n, 500],
  [(1n << 56n) - 1n, 10_000],
  [999_999_999n, 33],
  [40_000_000n, 9_999],
];
const ENDS: readonly [endsAt: bigint, extension: number, now: bigint][] = [
  [1_000n, 100, 900n],
  [1_000n, 100, 901n],
  [1_000n, 100, 999n],
];
const TERM_PRICES = [50_000_000n, 40_000_000n, 30_000_000n, 20_000_000n, 5_000_000n];
const PRICES: readonly [labelBytes: number, years: number][] = [
  [1, 1],
  [2, 1],
  [3, 10],
  [4, 1],
  [5, 2],
  [63, 10],
];
const keyOf = (byte: number) => byte.toString(16).padStart(2, "0").repeat(32);
const NOBODY = keyOf(0);
/** Recorded authority and slot, the one before and its slot. */
const RECORDS: readonly [current: string, since: bigint, previous: string, previousSince: bigint][] = [
  [NOBODY, 0n, NOBODY, 0n],
  [keyOf(1), 10n, NOBODY, 0n],
  [keyOf(2), 20n, keyOf(1), 10n],
  [keyOf(3), 1n << 60n, keyOf(2), 20n],
];

/** Contents of names.json. What is refused is written down here; the rest is what the SDK makes of what stands here. */
export function namesVectors(): Record<string, unknown> {
  return {
    about: "labels, hashes, bids, prices and who signs, of the names program",
    labels: LABELS.map((label) => ({ label, wire: toHex(wireName(label)), hash: toHex(hashName(label)) })),
    bad: BAD.map(([label, refusal]) => ({ label, refusal })),
    typed: TYPED.map((typed) => ({ typed, label: normalizeLabel(typed) })),
    unmapped: UNMAPPED,
    commitments: (
      [
        [1, 2, 3],
        [0, 0, 0],
        [255, 254, 253],
      ] as const
    ).map((bytes) => {
      const [name, owner, secret] = bytes.map((byte) => keyOf(byte)) as [string, string, string];
      const hash = toHex(hashCommitment(fromHex(name), fromHex(owner), fromHex(secret)));
      return { name_hash: name, owner, secret, hash };
    }),
    bids: BIDS.map(([highest, incrementBps]) => ({
      highest: String(highest),
      increment_bps: incrementBps,
      least: String(leastBid(highest, incrementBps)),
    })),
    ends: ENDS.map(([endsAt, extension, now]) => ({
      ends_at: String(endsAt),
      extension,
      now: String(now),
      end: String(endAfterBid(endsAt, extension, now)),
    })),
    prices: PRICES.map(([labelBytes, years]) => ({
      label_bytes: labelBytes,
      years,
      price: String(priceOf(TERM_PRICES, labelBytes, years)),
    })),
    authorities: RECORDS.flatMap(([current, since, previous, previousSince]) =>
      [0n, 9n, 10n, 19n, 20n, (1n << 60n) - 1n, 1n << 60n].map((slot) => {
        const known = (key: string) => (key === NOBODY ? undefined : fromHex(key));
        const at = authorityAt(
          {
            authority: known(current),
            authoritySlot: since,
            previousAuthority: known(previous),
            previousSlot: previousSince,
          },
          slot,
        );
        return {
          authority: current,
          authority_slot: String(since),
          previous,
          previous_slot: String(previousSince),
          slot: String(slot),
          signs: at === undefined ? null : toHex(at),
        };
      }),
    ),
  };
}
