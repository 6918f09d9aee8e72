import { toBase64Url } from "@tolldns/sdk";
import type { EpochState } from "./chain/types.ts";
import type { EpochRecord } from "./store/epochs.ts";
import type { Proposal, Statement, Vote } from "./store/votes.ts";
import { writeNumber } from "./submission.ts";

// JSON forms of what feeds tell, as docs/reference/routes.md lists them: bytes in base64url, whole numbers as numbers up to 2^53.

export function writeRecord(record: EpochRecord): unknown {
  const { epoch, status, previousRoot, root, updatesRoot, count, digest, frozenAt, finalAt } = record;
  return {
    epoch: writeNumber(epoch),
    status,
    previousRoot: toBase64Url(previousRoot),
    root: toBase64Url(root),
    updatesRoot: toBase64Url(updatesRoot),
    count,
    digest: toBase64Url(digest),
    frozenAt: writeNumber(frozenAt),
    finalAt: writeNumber(finalAt),
  };
}

/** An epoch that has no final root, or not yet. */
export function writeEpoch({
  number,
  status,
  previousRoot,
  attested,
  frozenAt,
  endedAt,
}: EpochState): unknown {
  return {
    epoch: writeNumber(number),
    status,
    previousRoot: toBase64Url(previousRoot),
    root: attested === null ? null : toBase64Url(attested.root),
    updatesRoot: attested === null ? null : toBase64Url(attested.updatesRoot),
    count: attested?.count ?? null,
    digest: attested === null ? null : toBase64Url(attested.digest),
    frozenAt: writeNumber(frozenAt),
    finalAt: endedAt === 0n ? null : writeNumber(endedAt),
  };
}

/** What a digest stands for, as `GET /v1/votes` lists it. */
export function writeStatement({ digest, previousRoot, root, updatesRoot, count }: Statement) {
  return {
    digest: toBase64Url(digest),
    previousRoot: toBase64Url(previousRoot),
    root: toBase64Url(root),
    updatesRoot: toBase64Url(updatesRoot),
    count,
  };
}

export function writeVote(vote: Vote): Record<string, unknown> {
  return {
    epoch: writeNumber(vote.epoch),
    witness: toBase64Url(vote.witness),
    signature: toBase64Url(vote.signature),
    ...writeStatement(vote),
  };
}

export function writeProposal(proposal: Proposal): unknown {
  return { ...writeVote(proposal), trace: toBase64Url(proposal.trace) };
}
