import { concatBytes, copyBytes, readU32, readU64 } from "../bytes.ts";
import { hash as bytes32, tail, u64 } from "../encode.ts";
import { type Sha256, sha256 } from "../routes/hash.ts";
import { fail } from "./errors.ts";
import { PROBE_TRANSPORTS, type ProbeTransport } from "./record.ts";

/** How a probe ended, as numbered from 0. */
export const PROBE_ENDS = ["answered", "silent", "transport", "refused", "mismatch"] as const;
export type ProbeEnd = (typeof PROBE_ENDS)[number];

/** What was sent and what came back, so that the verdict can be made again. */
export interface Transcript {
  readonly transport: ProbeTransport;
  /** `answered`: received is a DNS message; `refused`: it is the slug of a toll error in ASCII; else nothing came that counts. */
  readonly end: ProbeEnd;
  /** The question as a DNS message with id 0, without cookie, padding and toll, its name in lower case. */
  readonly query: Uint8Array;
  readonly received: Uint8Array;
  /** The reference resolver's answer, id 0; empty where the expectation is of another kind. */
  readonly expected: Uint8Array;
  /** What the expectation rests on: for `chain` of encodeChainTrust; else empty. */
  readonly evidence: Uint8Array;
}

/** The final root that a proof of `.dns` was held against. */
export interface ChainTrust {
  /** Of hashDomain, 32 bytes. */
  readonly domain: Uint8Array;
  readonly epoch: bigint;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

const VERSION = 1;
/** Most bytes of one part: a DNS message. */
const MAX_PART = 65_535;
const HEAD = 3;
/** Most bytes of a transcript. */
export const MAX_TRANSCRIPT = HEAD + 4 * (4 + MAX_PART);

/**
 * `1 | transport u8 | end u8 | query | received | expected | evidence`, each of the four with its length as u32 before it.
 * @throws transcript-form
 */
export function encodeTranscript(transcript: Transcript): Uint8Array {
  const { query, received, expected, evidence } = transcript;
  const head = Uint8Array.of(
    VERSION,
    PROBE_TRANSPORTS.indexOf(transcript.transport) + 1,
    PROBE_ENDS.indexOf(transcript.end),
  );
  const parts = [query, received, expected, evidence].map((part) => {
    if (part.length > MAX_PART) throw fail("transcript-form", { reason: "a part over 65535 bytes" });
    return tail(part);
  });
  return concatBytes(head, ...parts);
}

/** Reads what encodeTranscript wrote. @throws transcript-form */
export function decodeTranscript(bytes: Uint8Array): Transcript {
  const refuse = (reason: string) => fail("transcript-form", { reason });
  if (bytes[0] !== VERSION) throw refuse("another version");
  const transport = PROBE_TRANSPORTS[(bytes[1] ?? 0) - 1];
  const end = PROBE_ENDS[bytes[2] ?? 255];
  if (transport === undefined || end === undefined) throw refuse("its head");
  let at = HEAD;
  const [query, received, expected, evidence] = Array.from({ length: 4 }, () => {
    if (at + 4 > bytes.length) throw refuse("cut");
    const from = at + 4;
    const to = from + readU32(bytes, at);
    if (to - from > MAX_PART) throw refuse("a part over 65535 bytes");
    if (to > bytes.length) throw refuse("cut");
    at = to;
    return copyBytes(bytes, from, to);
  }) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  if (at !== bytes.length) throw refuse("bytes after its end");
  return { transport, end, query, received, expected, evidence };
}

/** `SHA-256(0x02 | transcript)` of an encoded one: what a record commits to. */
export function hashTranscript(encoded: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(concatBytes(Uint8Array.of(2), encoded));
}

/** `domain 32 | epoch u64 | root 32`. @throws bytes-length, integer-range */
export function encodeChainTrust({ domain, epoch, root }: ChainTrust): Uint8Array {
  return concatBytes(bytes32(domain, "domain"), u64(epoch, "epoch"), bytes32(root, "root"));
}

/** Reads what encodeChainTrust wrote. @throws transcript-form */
export function decodeChainTrust(bytes: Uint8Array): ChainTrust {
  if (bytes.length !== 72) throw fail("transcript-form", { reason: "not a root it was held against" });
  return { domain: copyBytes(bytes, 0, 32), epoch: readU64(bytes, 32), root: copyBytes(bytes, 40) };
}
