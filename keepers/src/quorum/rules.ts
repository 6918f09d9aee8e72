import { verifyEd25519Node } from "@tolldns/sdk/node";
import { hashOutcome, verifyVote } from "@tolldns/sdk/quorum";
import type { VoteRules } from "./hear.ts";

/** How the program checks votes and makes digests. */
export const VOTE_RULES: VoteRules = {
  isVote: (witness, digest, signature) => verifyVote(verifyEd25519Node, witness, digest, signature),
  digestOf: ({ number, domain }, statement) => hashOutcome(statement, domain, number),
};
