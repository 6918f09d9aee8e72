import type { AddressLike } from "../address.ts";
import { TollError } from "../errors.ts";
import { decodeFailureOf, type ProgramErrorContext, programErrorCode } from "../escrow/failure.ts";
import { PROGRAM_ERRORS } from "../generated/names.ts";

/** Name of an error of the names program. */
export type NamesErrorName = (typeof PROGRAM_ERRORS)[keyof typeof PROGRAM_ERRORS][0];

/** What to do about each error of the program. */
const HINTS: Readonly<Record<NamesErrorName, string>> = {
  Paused: "Wait until the authority resumes; renewals, transfers and refunds go on.",
  VersionUnknown: "Update this package; the program has moved on.",
  NotUpgradeAuthority: "Sign with the program's upgrade authority.",
  ProgramDataInvalid: "Pass the address deriveProgramData gives.",
  NotAuthority: "Sign with the authority NamesConfig names.",
  NotPendingAuthority: "Sign with the proposed authority.",
  NotGuardian: "Sign with the guardian or the authority.",
  FlagInvalid: "Pass 0 or 1.",
  ClockInvalid: "Report this; the cluster's clock is wrong.",
  InstructionUnknown: "Build the instruction with this package.",
  InstructionLength: "Build the instruction with this package.",
  AlreadyInitialized: "Nothing is left to do.",
  MintInvalid: "Pass the Index Unit's mint.",
  MintDecimals: "Use a mint of 6 decimals.",
  MintExtensions: "Use a mint without extensions.",
  TokenProgramUnsupported: "Use SPL Token or Token-2022.",
  TokenProgramMismatch: "Pass the token program NamesConfig names.",
  TokenAccountInvalid: "Pass an initialised token account.",
  TokenAccountProgram: "Pass a token account of the Index Unit's token program.",
  TokenAccountMint: "Pass a token account of the Index Unit.",
  TokenAccountFrozen: "Have the account thawed, or use another.",
  TokenAccountOwner: "Pass a token account of the wallet that signs.",
  TokenAccountDelegate: "Revoke the account's delegate.",
  TokenAccountCloseAuthority: "Remove the account's close authority.",
  WrongVault: "Pass the address deriveAuctionVault gives.",
  TokenAccountReserved: "Use another token account.",
  WrongTreasury: "Read NamesConfig again; the treasury has changed.",
  AmountZero: "Name an amount of at least 1 micro-IU.",
  AmountTooLarge: "Name a smaller amount.",
  AmountOverflow: "Name smaller amounts.",
  InvariantBroken: "Report this; nothing was changed.",
  PriceInvalid: "Set prices within the bounds.",
  TermInvalid: "Set a term of a day to ten years.",
  NameGraceInvalid: "Set a grace of a day to a year.",
  CommitAgesInvalid: "Set ages within the bounds.",
  AuctionTimesInvalid: "Set auction times within the bounds.",
  IncrementInvalid: "Set an increment of 1 to 10000 basis points.",
  LabelLength: "Normalise the label with normalizeLabel.",
  LabelCharacter: "Normalise the label with normalizeLabel.",
  LabelHyphen: "Normalise the label with normalizeLabel.",
  NameHashMismatch: "Hash the label with hashName.",
  LabelPremium: "Open an auction or bid in one.",
  LabelNotPremium: "Commit to the name and register it.",
  CommitmentTooYoung: "Wait until the commitment has ripened, then send the same again.",
  CommitmentTooOld: "Cancel the commitment and make another.",
  CommitmentLive: "Wait until the commitment is too old to reveal.",
  NameTaken: "Choose another name, or wait until it is released.",
  NameExpired: "Renew the name first.",
  NameFree: "Register the name, or open its auction.",
  YearsInvalid: "Pay for at least one term.",
  TooFarAhead: "Pay for fewer terms.",
  RenewalTooShort: "Pay for more terms.",
  CommitmentMismatch: "Use the owner, label and secret of the commitment.",
  BidTooLow: "Bid at least what leastBid gives.",
  AuctionOver: "Settle the auction.",
  AuctionOpen: "Wait for the auction's end.",
  AuctionExists: "Bid in the auction there is.",
  AuctionSettled: "Read the name; it has an owner.",
  HighestBidder: "Wait until somebody bids more.",
  BidAuction: "Pass the Bid of this auction.",
  BidNotWinners: "Read the auction again and name its highest bidder.",
  AuctionName: "Pass the auction of this name's next generation.",
  NotHolder: "Sign with the wallet that holds the name's token.",
  WrongNft: "Read the name again; its token is another now.",
  NotOffered: "Ask the holder for an offer.",
  OfferInvalid: "Name a wallet.",
  DelegateExpired: "Ask the holder to appoint you for longer.",
  DelegateName: "Pass the delegate's record of this name.",
  DelegateStale: "Ask the present holder to appoint you.",
  DelegateTaken: "Dismiss the delegate, then appoint it.",
  RoleUnknown: "Use role 1, routes.",
  NotAppointer: "Sign with the holder or with who appointed the delegate.",
  VersionNotHigher: "Use a version above the one posted last.",
  VersionTooHigh: "Use at most the milliseconds since 1970; the last version and 1 will do.",
  UpdateOutlivesName: "Let the update expire no later than the name, or renew the name first.",
  DelegateEnded: "Appoint the delegate again, or sign as the holder.",
  DelegatePayer: "Pass the payer that the delegate's record names.",
  DelegateKept: "Wait until eight days after the end; the record is evidence until then.",
  DelegateWallet: "Sign with the delegate the record names.",
  HintKind: "Use a kind of 0 to 3.",
  HintLength: "Use 1 to 160 bytes, or kind none without any.",
  PassportExists: "Nothing is left to do; set its hint.",
  WrongToken2022: "Pass the Token-2022 program.",
  WrongAssociated: "Pass the associated token program.",
  WrongMintAddress: "Read the name again; its next generation is another now.",
};

/** The names program's error of this number (6000 and up), or undefined if it has none. */
export function namesError(
  code: number,
  instruction = -1,
): TollError<string, ProgramErrorContext> | undefined {
  const entry = (PROGRAM_ERRORS as Readonly<Record<number, readonly [NamesErrorName, string]>>)[code];
  if (entry === undefined) return undefined;
  const [name, message] = entry;
  const info = { number: code, message, hint: HINTS[name] };
  return new TollError(programErrorCode(name), info, { name, instruction });
}

/** As decodeFailure of `@tolldns/sdk/escrow`, for a transaction of the names program at `names`. */
export function decodeNamesFailure(err: unknown, names: AddressLike, logs?: readonly string[]): TollError {
  return decodeFailureOf(namesError, err, names, logs);
}
