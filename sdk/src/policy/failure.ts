import { COMMON_HINTS, failureDecoderOf, programErrorsOf } from "../failure.ts";
import { PROGRAM_ERRORS } from "../generated/policy.ts";

/** Name of an error of the policy program. */
export type PolicyErrorName = (typeof PROGRAM_ERRORS)[keyof typeof PROGRAM_ERRORS][0];

/** What to do about each error of the program. */
const HINTS: Readonly<Record<PolicyErrorName, string>> = {
  ...COMMON_HINTS,
  Paused: "Wait until the authority resumes; reports are taken meanwhile.",
  NotAuthority: "Sign with the authority PolicyConfig names.",
  RosterTooEarly: "Wait until PolicyConfig's roster end less the enrolment.",
  EnrolmentOver: "Wait for the next roster.",
  RosterNotInForce: "Pass the roster in force when the window began.",
  RosterFull: "Stake more, or wait for the next roster.",
  RosterLive: "Wait until the roster's evidence is over.",
  WindowRunning: "Report once the window is over.",
  ReportsOver: "Nothing is left to do; report the next window.",
  ReportsOpen: "Judge once the time of reports is over.",
  RoundOver: "Nothing is left to do; close the round.",
  RoundLive: "Wait until the round's evidence is over.",
  ProbesTooFew: "Probe at least as often as the terms ask.",
  ProbesInvalid: "Pass the counts of the window's records.",
  TargetLive: "Leave it: it is probed, or not HEALTHY.",
  TargetKindInvalid: "Pass 1 for a backend, 2 for a gateway.",
  TargetNameInvalid: "Pass the name that formatTarget gives.",
  SetVersionInvalid: "Give the set a higher version.",
  SetCountInvalid: "Publish a set of 1 to 256 challenges.",
  RecordProof: "Make the way from the records whose root the seat reported.",
  RecordHolds: "Nothing proves that the record is not honest.",
  RecordsApart: "Pass a record and the one after it.",
  RecordsFollow: "Nothing is wrong between these records.",
  EntryProof: "Make the proof from the set the Round names.",
  ExpectedHolds: "Only a challenge with a fixed digest proves that another was expected.",
  WindowWaits: "Judge the window before first.",
  PolicyWindowInvalid: "Set a window of a second to a day.",
  ReportTimeInvalid: "Set a report time of a second to the window.",
  DwellInvalid: "Set a dwell of the window to seven days.",
  RosterTimesInvalid: "Set a roster of ten seconds to thirty days, and its enrolment to at most half of it.",
  PolicyEvidenceInvalid: "Set an evidence lifetime of the report time to thirty days.",
  StrikeInvalid: "Set a strike of the roster to a year.",
  QuorumShareInvalid: "Set a quorum of 5001 to 10000 basis points.",
  MarksInvalid: "Set marks from 1 to 10000 basis points, the bad one below the poor one.",
  DistinctInvalid: "Ask for 2 to 16 operators, regions and networks.",
  RunsInvalid: "Set runs of 1 to 250 windows, in their order.",
  LeastProbesInvalid: "Ask for 1 to 4096 probes.",
  SeatsInvalid: "Set seats from the number of operators to 64.",
  StateUnknown: "Update this package; the program has moved on.",
  WindowUnaligned: "Pass a begin that is a multiple of the window.",
  WindowPassed: "Go on with the windows after it.",
  SeatUnknown: "Pass a seat of the roster.",
  WrongSeat: "Pass the operator and node that the seat has.",
  SeatStruck: "Nothing is left to do with this seat.",
  NotVerifier: "Pass a node of role VERIFIER.",
  NotHotKey: "Sign with the node's hot key.",
  WrongOperator: "Pass the node's operator.",
  OperatorBarred: "Take the operator out of jail first; a retired one is over.",
  OperatorWeightless: "Stake at least the least self-stake, with a witness node.",
  OperatorStruck: "Wait until the time in its Verifier account is over.",
  AlreadyEnrolled: "Nothing is left to do: the operator has its seat in this roster.",
  SnapshotProof: "Make the proof from the stake tree as it was when the roster was opened.",
  SnapshotEmpty: "Wait until operators have staked.",
  NotStruck: "Nothing is left to do: the strike is over.",
  WrongRoster: "Pass the roster that the Round, or PolicyConfig, names.",
  WrongTarget: "Pass the address deriveTarget gives.",
  TargetKnown: "Nothing is left to do.",
  WrongPayer: "Pass the payer the account names.",
  ReportedOtherwise: "Do nothing: the seat's first report stands.",
  NotReported: "Pass a seat that reported this window.",
  AlreadyJudged: "Nothing is left to do.",
  ChallengeForm: "Build the challenge with this package.",
  WrongRound: "Pass the address deriveRound gives for the target and the window.",
};

/** The policy program's error of this number (6000 and up), or undefined if it has none. */
export const policyError = /* #__PURE__ */ programErrorsOf(PROGRAM_ERRORS, HINTS);

/** As decodeFailure of `@tolldns/sdk/escrow`, for a transaction of the policy program at `policy`. */
export const decodePolicyFailure = /* #__PURE__ */ failureDecoderOf(policyError);
