import {
  type AddressLike,
  ASSOCIATED_TOKEN_PROGRAM,
  deriveTokenAccount,
  SYSTEM_PROGRAM,
  toAddress,
} from "@tolldns/sdk";
import { proveEquivocation, type ShownVote, slashVote } from "@tolldns/sdk/quorum";
import { type Instruction, paying, readonly, writable } from "@tolldns/sdk/transaction";
import type { QuorumContext } from "./context.ts";
import type { EpochFacts } from "./facts.ts";
import type { Roster } from "./operators.ts";
import type { Step } from "./plan.ts";
import type { Parcel } from "./send.ts";
import type { QuorumView } from "./view.ts";

/** Proves that a member voted twice; the reporter's share is this keeper's. */
export function equivocationParcels(
  context: QuorumContext,
  view: QuorumView,
  roster: Roster,
  epoch: EpochFacts,
  { member, votes }: Extract<Step, { do: "equivocation" }>,
): Parcel[] {
  const about = slashedOf(context, view, roster, epoch, member, context.feePayer.publicKey);
  const shown = votes.map(({ statement, signature }): ShownVote => ({ outcome: statement, signature }));
  const [first, second] = shown;
  if (about === null || first === undefined) return [];
  const proof = proveEquivocation({
    ...about.slashed,
    votes: second === undefined ? [first] : [first, second],
  });
  return [{ kind: `equivocation ${epoch.number}/${member}`, instructions: [about.open, proof] }];
}

/** Slashes a member of a rejected epoch for its vote; the reporter's share is the challenger's. */
export function slashParcels(
  context: QuorumContext,
  view: QuorumView,
  roster: Roster,
  epoch: EpochFacts,
  member: number,
): Parcel[] {
  if (epoch.challenger === null) return [];
  const about = slashedOf(context, view, roster, epoch, member, epoch.challenger);
  if (about === null) return [];
  return [{ kind: `slash ${epoch.number}/${member}`, instructions: [about.open, slashVote(about.slashed)] }];
}

/** Null when the member's operator was not read. */
function slashedOf(
  { feePayer }: QuorumContext,
  { deployment }: QuorumView,
  { deployment: stake, at }: Roster,
  { number, members }: EpochFacts,
  member: number,
  reporter: AddressLike,
) {
  const operator = at(members[member]?.operator ?? -1);
  if (operator === undefined) return null;
  const { mint, tokenProgram } = stake;
  const reporterTokens = deriveTokenAccount(reporter, mint, tokenProgram).address;
  const slashed = {
    deployment,
    epoch: number,
    stake,
    seat: member,
    operator: operator.address,
    reporterTokens,
  };
  const accounts = [
    paying(feePayer.publicKey),
    writable(reporterTokens),
    readonly(reporter),
    readonly(mint),
    readonly(SYSTEM_PROGRAM),
    readonly(tokenProgram),
  ];
  // CreateIdempotent: does nothing where the account is there.
  const open: Instruction = {
    program: toAddress(ASSOCIATED_TOKEN_PROGRAM),
    accounts,
    data: Uint8Array.of(1),
  };
  return { slashed, open };
}
