import { type AddressLike, SYSTEM_PROGRAM, toAddress } from "../address.ts";
import { checkBytes, concatBytes } from "../bytes.ts";
import { hash, tail, u8, u32, u64 } from "../encode.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { encode } from "./data.ts";
import { config, epochOf, make, type OfEpoch } from "./parts.ts";
import type { EpochOutcome } from "./vote.ts";

/** The sysvar that lists the hashes of the last 512 blocks. */
export const SLOT_HASHES_SYSVAR = "SysvarS1otHashes111111111111111111111111111";

/** Begins epoch `epoch`, which is QuorumConfig's epoch plus one. `tree`: the stake program's tree, `["tree"]`. @throws address-invalid, integer-range */
export function freeze(
  input: OfEpoch & { readonly payer: AddressLike; readonly tree: AddressLike },
): Instruction {
  const { deployment, payer, tree } = input;
  return make(
    deployment,
    [
      paying(payer),
      writable(config(deployment)),
      writable(epochOf(input)),
      readonly(tree),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("freeze"),
  );
}

/** Seeds the draw from the seed slot's block hash. @throws integer-range */
export function seed(input: OfEpoch): Instruction {
  return make(input.deployment, [writable(epochOf(input)), readonly(SLOT_HASHES_SYSVAR)], encode("seed"));
}

/** Fills the next seat with the leaf that was drawn; `proof`: of the snapshot, from the leaf upwards. @throws address-invalid, integer-range */
export function draw(
  input: OfEpoch & {
    readonly leaf: {
      readonly index: number;
      readonly operator: AddressLike;
      readonly witness: AddressLike;
      readonly weight: bigint;
    };
    readonly proof: Uint8Array;
  },
): Instruction {
  const { deployment, leaf, proof } = input;
  return make(
    deployment,
    [writable(epochOf(input))],
    encode(
      "draw",
      u32(leaf.index, "index"),
      toAddress(leaf.operator),
      toAddress(leaf.witness),
      u64(leaf.weight, "weight"),
      tail(proof),
    ),
  );
}

/** A member's own vote. @throws address-invalid, bytes-length, integer-range */
export function attest(
  input: OfEpoch & { readonly witness: AddressLike; readonly seat: number; readonly digest: Uint8Array },
): Instruction {
  const { deployment, witness, seat, digest } = input;
  return make(
    deployment,
    [signing(witness), writable(epochOf(input))],
    encode("attest", u8(seat, "seat"), hash(digest, "digest")),
  );
}

/** What a transaction says of an outcome: the previous root is the epoch's own. */
export type Claimed = Omit<EpochOutcome, "previousRoot">;

const claimed = ({ root, updatesRoot, count }: Claimed): Uint8Array =>
  concatBytes(hash(root, "root"), hash(updatesRoot, "updatesRoot"), u32(count, "count"));

/** A member's signed vote. */
export interface SignedVote {
  readonly seat: number;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** Brings votes that members signed, at most `MAX_RELAY_ROWS` a packet. @throws bytes-length, integer-range */
export function relay(
  input: OfEpoch & { readonly outcome: Claimed; readonly votes: readonly SignedVote[] },
): Instruction {
  const { deployment, outcome, votes } = input;
  const rows = votes.map(({ seat, signature }) =>
    concatBytes(u8(seat, "seat"), checkBytes(signature, 64, "signature")),
  );
  return make(
    deployment,
    [writable(epochOf(input))],
    encode("relay", claimed(outcome), tail(concatBytes(...rows))),
  );
}

/** Counts the votes for an outcome. @throws bytes-length, integer-range */
export function tally(input: OfEpoch & { readonly outcome: Claimed }): Instruction {
  return make(input.deployment, [writable(epochOf(input))], encode("tally", claimed(input.outcome)));
}

/** Ends the epoch: final after its window, stalled after its deadline. @throws integer-range */
export function finalize(input: OfEpoch): Instruction {
  const { deployment } = input;
  return make(deployment, [writable(config(deployment)), writable(epochOf(input))], encode("finalize"));
}

/** Closes an epoch whose evidence is over; `payer` is who froze it. @throws address-invalid, integer-range */
export function close(input: OfEpoch & { readonly payer: AddressLike }): Instruction {
  return make(input.deployment, [writable(input.payer), writable(epochOf(input))], encode("close"));
}
