import { concatBytes } from "../bytes.ts";
import { hash as bytes32, u8, u16, u64 } from "../encode.ts";
import { hashTagged, type Sha256, sha256 } from "../routes/hash.ts";

/** What everything signed about health contains: `SHA-256("tolldns policy v1\0" | genesis hash | PolicyConfig address)`. @throws bytes-length */
export function hashPolicyDomain(
  genesisHash: Uint8Array,
  configAddress: Uint8Array,
  hash: Sha256 = sha256,
): Uint8Array {
  return hashTagged(
    hash,
    "tolldns policy v1\0",
    bytes32(genesisHash, "genesisHash"),
    bytes32(configAddress, "configAddress"),
  );
}

/** A report as a round's evidence root has it. */
export interface EvidenceReport {
  readonly seat: number;
  readonly total: number;
  readonly ok: number;
  /** 32 bytes. */
  readonly probesRoot: Uint8Array;
}

/**
 * The evidence root of a round: `SHA-256("tolldns evidence v1\0" | domain | id | begin u64 | roster u64)`, and after each report, in their order,
 * `SHA-256(root before | seat u8 | total u16 | ok u16 | probes root)`.
 * @throws bytes-length, integer-range
 *
 * @example
 * hashEvidence({ ...round, domain: config.domain }, round.reports); // equals round.evidenceRoot
 */
export function hashEvidence(
  round: {
    readonly domain: Uint8Array;
    readonly id: Uint8Array;
    readonly begin: bigint;
    readonly roster: bigint;
  },
  reports: readonly EvidenceReport[],
  hash: Sha256 = sha256,
): Uint8Array {
  const begin = hashTagged(
    hash,
    "tolldns evidence v1\0",
    bytes32(round.domain, "domain"),
    bytes32(round.id, "id"),
    u64(round.begin, "begin"),
    u64(round.roster, "roster"),
  );
  return reports.reduce(
    (root, { seat, total, ok, probesRoot }) =>
      hash(
        concatBytes(
          root,
          u8(seat, "seat"),
          u16(total, "total"),
          u16(ok, "ok"),
          bytes32(probesRoot, "probesRoot"),
        ),
      ),
    begin,
  );
}
