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

export function writeVote({ epoch, witness, digest, signature }: Vote): Record<string, unknown> {
  return {
    epoch: writeNumber(epoch),
    witness: toBase64Url(witness),
    digest: toBase64Url(digest),
    signature: toBase64Url(signature),
  };
}

export function writeStatement({ digest, previousRoot, root, updatesRoot, count }: Statement) {
  return {
    digest: toBase64Url(digest),
    previousRoot: toBase64Url(previousRoot),
    root: toBase64Url(root),
    updatesRoot: toBase64Url(updatesRoot),
    count,
  };
}

export function writeProposal(proposal: Proposal): unknown {
  return { ...writeVote(proposal), ...writeStatement(proposal), trace: toBase64Url(proposal.trace) };
}
