import { type Address, type AddressLike, deriveProgramData, SYSTEM_PROGRAM, toAddress } from "../address.ts";
import { checkBytes, concatBytes } from "../bytes.ts";
import { hash, tail, u8, u32, u64 } from "../encode.ts";
import { type AccountMeta, type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { deriveEpoch, deriveQuorumConfig, deriveSlasher, type QuorumDeployment } from "./address.ts";
import { encode, encodeTerms, type QuorumTerms } from "./data.ts";
import type { EpochOutcome } from "./vote.ts";

/** The sysvar that lists the hashes of the last 512 blocks. */
export const SLOT_HASHES_SYSVAR = "SysvarS1otHashes111111111111111111111111111";

export interface Deployed {
  readonly deployment: QuorumDeployment;
}
export interface OfEpoch extends Deployed {
  /** Number of the epoch. */
  readonly epoch: bigint;
}

export const make = (
  deployment: QuorumDeployment,
  accounts: AccountMeta[],
  data: Uint8Array,
): Instruction => ({
  program: deployment.quorum,
  accounts,
  data,
});
export const config = ({ quorum }: QuorumDeployment): Address => deriveQuorumConfig(quorum).address;
export const epochOf = ({ deployment, epoch }: OfEpoch): Address =>
  deriveEpoch(deployment.quorum, epoch).address;

/** Creates QuorumConfig, once; by the program's upgrade authority. `genesisHash`: the cluster's, 32 bytes. @throws bytes-length, integer-range, address-invalid */
export function initialize(
  input: Deployed & {
    readonly authority: AddressLike;
    readonly terms: QuorumTerms;
    readonly genesisHash: Uint8Array;
    readonly guardian: AddressLike;
  },
): Instruction {
  const { deployment, authority, terms, genesisHash, guardian } = input;
  return make(
    deployment,
    [
      paying(authority),
      writable(config(deployment)),
      readonly(deriveSlasher(deployment.quorum).address),
      readonly(deriveProgramData(deployment.quorum).address),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("initialize", encodeTerms(terms), hash(genesisHash, "genesisHash"), toAddress(guardian)),
  );
}

const administer = (deployment: QuorumDeployment, authority: AddressLike, data: Uint8Array): Instruction =>
  make(deployment, [writable(config(deployment)), signing(authority)], data);

/** Proposes the next authority; it must accept. @throws address-invalid */
export function proposeAuthority(
  input: Deployed & { readonly authority: AddressLike; readonly newAuthority: AddressLike },
): Instruction {
  const { deployment, authority, newAuthority } = input;
  return administer(deployment, authority, encode("proposeAuthority", toAddress(newAuthority)));
}

/** The proposed authority takes over. @throws address-invalid */
export function acceptAuthority(input: Deployed & { readonly pendingAuthority: AddressLike }): Instruction {
  return administer(input.deployment, input.pendingAuthority, encode("acceptAuthority"));
}

/** Names who may pause. @throws address-invalid */
export function setGuardian(
  input: Deployed & { readonly authority: AddressLike; readonly guardian: AddressLike },
): Instruction {
  return administer(input.deployment, input.authority, encode("setGuardian", toAddress(input.guardian)));
}

/** Stops new epochs, or lets them begin again. @throws address-invalid */
export function setPaused(
  input: Deployed & { readonly signer: AddressLike; readonly paused: boolean },
): Instruction {
  return administer(input.deployment, input.signer, encode("setPaused", u8(input.paused ? 1 : 0, "paused")));
}

/** Sets times and seats, from the next freeze on. @throws integer-range, address-invalid */
export function setTerms(
  input: Deployed & { readonly authority: AddressLike; readonly terms: QuorumTerms },
): Instruction {
  return administer(input.deployment, input.authority, encode("setTerms", encodeTerms(input.terms)));
}

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
