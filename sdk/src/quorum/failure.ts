import { COMMON_HINTS, failureDecoderOf, programErrorsOf } from "../failure.ts";
import { PROGRAM_ERRORS } from "../generated/quorum.ts";

/** Name of an error of the quorum program. */
export type QuorumErrorName = (typeof PROGRAM_ERRORS)[keyof typeof PROGRAM_ERRORS][0];

/** What to do about each error of the program. */
const HINTS: Readonly<Record<QuorumErrorName, string>> = {
  ...COMMON_HINTS,
  Paused: "Wait until the authority resumes; the running epoch goes on.",
  NotAuthority: "Sign with the authority QuorumConfig names.",
  TokenAccountInvalid: "Pass an initialised token account of the challenger.",
  TokenAccountProgram: "Pass a token account of the native token.",
  TokenAccountMint: "Pass a token account of the native token.",
  TokenAccountFrozen: "Have the account thawed, or use another.",
  EpochLengthInvalid: "Set a length of a second to a day.",
  WindowInvalid: "Set a window of a second to a day.",
  EvidenceInvalid: "Set an evidence lifetime of a second to five days.",
  SeedDelayInvalid: "Set a delay of 1 to 256 slots.",
  CommitteeInvalid: "Set 1 to 100 seats.",
  EpochStatus: "Read the epoch again; it has moved on, or isn't there yet.",
  EpochRunning: "Finalize the running epoch first.",
  FreezeTooEarly: "Wait until QuorumConfig's next freeze.",
  DeadlinePassed: "Finalize the epoch; it has stalled.",
  DeadlineAhead: "Wait for the epoch's deadline, or tally its votes.",
  WindowOver: "Nothing can be challenged any more; watch the next epoch.",
  WindowOpen: "Wait until the challenge window is over.",
  EvidenceLive: "Wait until the evidence lifetime is over.",
  NothingLeft: "Nothing is left to do; the committee is complete.",
  TooManyUpdates: "Leave updates for the next epoch.",
  EmptyTraceMoves: "Vote for the previous root and an empty trace, or name the updates.",
  RootZero: "Make the root with traceUpdates.",
  SlotHashesInvalid: "Pass the SlotHashes sysvar.",
  SeedAhead: "Wait until the seed slot is over.",
  SnapshotProof: "Make the proof from the tree as it was at the freeze.",
  NotDrawn: "Draw with drawCommittee and show the leaf of the next seat.",
  WrongEpoch: "Pass the epoch QuorumConfig names.",
  WrongPayer: "Pass the payer the Epoch names.",
  MemberUnknown: "Pass a seat of the committee.",
  NotMember: "Sign with the seat's witness key.",
  VotedOtherwise: "Do nothing: another vote of this witness stands, and a second one would be slashed.",
  MemberStruck: "Nothing is left to do in this epoch.",
  RowsRagged: "Pass at least one row of seat and signature.",
  QuorumMissing: "Bring more votes for this outcome.",
  EvidenceRagged: "Pass one signed vote, or two.",
  SameVote: "Show votes for two different outcomes.",
  VoteSignature: "Show votes that the member signed.",
  NotVoted: "Show two signed votes, or relay one first.",
  VotedRight: "Slash members that voted for the attested digest.",
  AlreadySlashed: "Nothing is left to do.",
  WrongOperator: "Pass the Operator whose index in the stake tree the seat names.",
  WrongReporter: "Pass a token account of who proved it.",
  WrongStakeProgram: "Pass the stake program QuorumConfig names.",
  ChallengeForm: "Build the challenge with this package.",
  NotInTrace: "Make the list proof from the attested trace.",
  NotStepsAuth: "Pass signer and signature of the step's update.",
  NotStepsUpdate: "Pass the step's update.",
  SignatureHolds: "Nothing is wrong with this signature.",
  WrongName: "Pass the Name of the update's name hash.",
  WrongDelegate: "Pass the Delegate address of the name and the signer.",
  AuthorityHolds: "Nothing proves that the signer was not entitled.",
  MapProof: "Make the proof from the map at this root.",
  StepHolds: "Nothing is wrong with this step.",
  OrderHolds: "Nothing is wrong with the trace there.",
  NothingOmitted: "Nothing proves that the root had to have this update.",
};

/** The quorum program's error of this number (6000 and up), or undefined if it has none. */
export const quorumError = /* #__PURE__ */ programErrorsOf(PROGRAM_ERRORS, HINTS);

/** As decodeFailure of `@tolldns/sdk/escrow`, for a transaction of the quorum program at `quorum`. */
export const decodeQuorumFailure = /* #__PURE__ */ failureDecoderOf(quorumError);
