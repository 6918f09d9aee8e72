import { type AddressLike, SYSTEM_PROGRAM } from "../address.ts";
import { checkBytes, checkInteger, concatBytes, copyBytes } from "../bytes.ts";
import { hash, tail, u8, u64 } from "../encode.ts";
import { type Instruction, paying, readonly, writable } from "../instruction.ts";
import { ENTRY_BYTES } from "./challenge-set.ts";
import { encode, type PolicyInstruction } from "./data.ts";
import { type Deployed, make, type OfRound, rosterOf, roundOf, verifierOf } from "./parts.ts";
import { RECORD_BYTES } from "./record.ts";

/** A seat's report of a round, and who shows that no honest verifier made it. */
export interface SeatChallenge extends OfRound {
  /** Signs, and pays for the operator's Verifier if it was never struck before. */
  readonly challenger: AddressLike;
  /** Number of the round's roster. */
  readonly roster: bigint;
  readonly seat: number;
  /** The seat's. */
  readonly operator: AddressLike;
}

/** A record's way up to the probes root. Bit `i` of `sides` tells that sibling `i` is on the left. */
export interface RecordWay {
  readonly sides: bigint;
  /** 32 bytes each, from the leaf upwards. */
  readonly siblings: readonly Uint8Array[];
}

/**
 * The way of a record at `index` of `count`, from its list proof, `length u8 | siblings` (RFC 9162, section 2.1.3.2). @throws integer-range, bytes-length
 *
 * @example
 * const list = listProbes(records);
 * challengeRecord({ ...seat, record: encodeProbeRecord(records[7]), way: recordWay(list.prove(7), 7, list.size) });
 */
export function recordWay(proof: Uint8Array, index: number, count: number): RecordWay {
  checkInteger(index, count - 1, "index");
  const siblings = Array.from({ length: proof[0] ?? 0 }, (_, i) => copyBytes(proof, 1 + 32 * i, 33 + 32 * i));
  checkBytes(proof, 1 + 32 * siblings.length, "proof");
  let sides = 0n;
  for (let place = index, last = count - 1, bit = 0n; last > 0; place >>= 1, last >>= 1) {
    if ((place & 1) === 1) sides |= 1n << bit++;
    else if (place !== last) bit++;
  }
  return { sides, siblings };
}

const record = (bytes: Uint8Array): Uint8Array => checkBytes(bytes, RECORD_BYTES, "record");

function challenged(
  name: PolicyInstruction,
  input: SeatChallenge,
  ...shown: readonly Uint8Array[]
): Instruction {
  const { deployment, challenger, roster, seat, operator } = input;
  return make(
    deployment,
    [
      paying(challenger),
      readonly(roundOf(input)),
      writable(rosterOf(deployment, roster)),
      writable(verifierOf(deployment, operator)),
      readonly(SYSTEM_PROGRAM),
    ],
    encode(name, u8(seat, "seat"), tail(concatBytes(...shown))),
  );
}

/** Strikes a seat for one record that no honest verifier writes: 118 bytes, and its way. @throws bytes-length, integer-range, address-invalid */
export function challengeRecord(
  input: SeatChallenge & { readonly record: Uint8Array; readonly way: RecordWay },
): Instruction {
  const { sides, siblings } = input.way;
  const way = siblings.map((sibling) => hash(sibling, "sibling"));
  return challenged("challengeRecord", input, record(input.record), u64(sides, "sides"), ...way);
}

/**
 * Strikes a seat for two records in a row, the second of which does not follow the first. Proofs: of the list, `length u8 | siblings`. Of more than 1 024 records it
 * may need a v1 transaction. @throws bytes-length, integer-range, address-invalid
 */
export function challengeOrder(
  input: SeatChallenge & {
    readonly record: Uint8Array;
    readonly proof: Uint8Array;
    readonly next: Uint8Array;
    readonly nextProof: Uint8Array;
  },
): Instruction {
  const { proof, nextProof } = input;
  return challenged("challengeOrder", input, record(input.record), record(input.next), proof, nextProof);
}

/** Strikes a seat for a record that expects something else than the published set: its entry, 70 bytes, and that one's list proof. @throws bytes-length, integer-range, address-invalid */
export function challengeExpected(
  input: SeatChallenge & {
    readonly record: Uint8Array;
    readonly proof: Uint8Array;
    readonly entry: Uint8Array;
    readonly entryProof: Uint8Array;
  },
): Instruction {
  const { proof, entryProof } = input;
  const entry = checkBytes(input.entry, ENTRY_BYTES, "entry");
  return challenged("challengeExpected", input, record(input.record), entry, proof, entryProof);
}

/** Strikes a seat that a struck operator has in another roster than the one it was struck in. @throws integer-range, address-invalid */
export function strikeSeat(
  input: Deployed & { readonly roster: bigint; readonly seat: number; readonly operator: AddressLike },
): Instruction {
  const { deployment, roster, seat, operator } = input;
  return make(
    deployment,
    [writable(rosterOf(deployment, roster)), readonly(verifierOf(deployment, operator))],
    encode("strikeSeat", u8(seat, "seat")),
  );
}
