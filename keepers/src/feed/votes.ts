import { bytesEqual, concatBytes, toHex, type VerifyEd25519, writeU32, writeU64 } from "@tolldns/sdk";
import { createList, decodeStep, hashStep, STEP_LENGTH, type Step, sha256 } from "@tolldns/sdk/routes";
import type { EpochState } from "./chain/types.ts";
import { fail } from "./errors.ts";
import type { Proposal, Statement, Vote } from "./store/votes.ts";
import { readBytes, readHash, readObject, readU64 } from "./submission.ts";

const text = (value: string) => new TextEncoder().encode(value);
const DIGEST_TAG = text("tolldns epoch v1\0");
const VOTE_TAG = text("tolldns vote\0");

/** `SHA-256("tolldns epoch v1\0" | domain | epoch u64 | previous root | root | updates root | count u32)`: docs/reference/quorum.md. */
export function digestOf(statement: Omit<Statement, "digest">, domain: Uint8Array): Uint8Array {
  const { epoch, previousRoot, root, updatesRoot, count } = statement;
  const numbers = new Uint8Array(12);
  writeU64(numbers, 0, epoch, "epoch");
  writeU32(numbers, 8, count, "count");
  return sha256(
    concatBytes(
      DIGEST_TAG,
      domain,
      numbers.subarray(0, 8),
      previousRoot,
      root,
      updatesRoot,
      numbers.subarray(8),
    ),
  );
}

/** What a member signs. */
export function votingBytes(digest: Uint8Array): Uint8Array {
  return concatBytes(VOTE_TAG, digest);
}

/** Steps of a trace, one after another. @throws proposal-form */
export function readTrace(trace: Uint8Array): Step[] {
  if (trace.length % STEP_LENGTH !== 0) throw fail("proposal-form", { reason: "the trace is cut" });
  return Array.from({ length: trace.length / STEP_LENGTH }, (_, i) =>
    decodeStep(trace.subarray(i * STEP_LENGTH, (i + 1) * STEP_LENGTH)),
  );
}

/** Is the vote signed by whom it names, a member of this epoch? @throws vote-epoch, vote-stranger, vote-form */
export function checkVote(vote: Vote, epoch: EpochState | null, verify: VerifyEd25519): void {
  if (epoch === null || vote.epoch !== epoch.number) throw fail("vote-epoch", { epoch: String(vote.epoch) });
  if (!epoch.members.some(({ witness }) => bytesEqual(witness, vote.witness)))
    throw fail("vote-stranger", { witness: toHex(vote.witness) });
  if (!verify(vote.witness, votingBytes(vote.digest), vote.signature))
    throw fail("vote-form", { reason: "its signature is none" });
}

/** Does the digest stand for the roots, and the updates root for the trace? @throws proposal-form */
export function checkProposal(proposal: Proposal, domain: Uint8Array): void {
  const refuse = (reason: string) => fail("proposal-form", { reason });
  if (!bytesEqual(digestOf(proposal, domain), proposal.digest)) throw refuse("its digest is another");
  const steps = readTrace(proposal.trace);
  if (!bytesEqual(createList(steps.map((step) => hashStep(step))).root, proposal.updatesRoot))
    throw refuse("its trace has another root");
}

/** @throws request-form */
export function readVote(value: unknown): Vote {
  const json = readObject(value);
  return {
    epoch: readU64(json.epoch, "epoch"),
    witness: readHash(json.witness, "witness"),
    digest: readHash(json.digest, "digest"),
    signature: readBytes(json.signature, "signature", 64),
  };
}

/** Bytes of the longest trace. */
const MAX_TRACE = 16_384 * STEP_LENGTH;

/** @throws request-form */
export function readProposal(value: unknown): Proposal {
  const json = readObject(value);
  return {
    ...readVote(json),
    previousRoot: readHash(json.previousRoot, "previousRoot"),
    root: readHash(json.root, "root"),
    updatesRoot: readHash(json.updatesRoot, "updatesRoot"),
    count: Number(readU64(json.count, "count")),
    trace: readBytes(json.trace, "trace", 0, MAX_TRACE),
  };
}
