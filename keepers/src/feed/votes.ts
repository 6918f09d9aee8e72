import { bytesEqual, toHex, type VerifyEd25519 } from "@tolldns/sdk";
import { hashOutcome, verifyVote } from "@tolldns/sdk/quorum";
import { createList, decodeStep, hashStep, STEP_LENGTH, type Step } from "@tolldns/sdk/routes";
import type { EpochState } from "./chain/types.ts";
import { fail } from "./errors.ts";
import type { Proposal, Statement, Vote } from "./store/votes.ts";
import { readBytes, readHash, readObject, readU64 } from "./submission.ts";

/** The digest of a statement, by docs/reference/quorum.md. */
export function digestOf(statement: Omit<Statement, "digest">, domain: Uint8Array): Uint8Array {
  return hashOutcome(statement, domain, statement.epoch);
}

/** Steps of a trace, one after another. @throws proposal-form */
export function readTrace(trace: Uint8Array): Step[] {
  if (trace.length % STEP_LENGTH !== 0) throw fail("proposal-form", { reason: "the trace is cut" });
  return Array.from({ length: trace.length / STEP_LENGTH }, (_, i) =>
    decodeStep(trace.subarray(i * STEP_LENGTH, (i + 1) * STEP_LENGTH)),
  );
}

/** Is the vote signed by whom it names, a member of this epoch, for what it says? @throws vote-epoch, vote-stranger, vote-form */
export function checkVote(
  vote: Vote,
  epoch: EpochState | null,
  domain: Uint8Array,
  verify: VerifyEd25519,
): void {
  if (epoch === null || vote.epoch !== epoch.number) throw fail("vote-epoch", { epoch: String(vote.epoch) });
  if (!epoch.members.some(({ witness }) => bytesEqual(witness, vote.witness)))
    throw fail("vote-stranger", { witness: toHex(vote.witness) });
  if (!bytesEqual(digestOf(vote, domain), vote.digest))
    throw fail("vote-form", { reason: "its digest is another" });
  if (!verifyVote(verify, vote.witness, vote.digest, vote.signature))
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
    previousRoot: readHash(json.previousRoot, "previousRoot"),
    root: readHash(json.root, "root"),
    updatesRoot: readHash(json.updatesRoot, "updatesRoot"),
    count: readCount(json.count),
  };
}

function readCount(value: unknown): number {
  const count = readU64(value, "count");
  if (count > 0xffff_ffffn) throw fail("request-form", { reason: "count" });
  return Number(count);
}

/** Bytes of the longest trace. */
const MAX_TRACE = 16_384 * STEP_LENGTH;

/** @throws request-form */
export function readProposal(value: unknown): Proposal {
  const json = readObject(value);
  return {
    ...readVote(json),
    trace: readBytes(json.trace, "trace", 0, MAX_TRACE),
  };
}
