import { COMMON_HINTS, failureDecoderOf, programErrorsOf } from "../failure.ts";
import { PROGRAM_ERRORS } from "../generated/stake.ts";

/** Name of an error of the stake program. */
export type StakeErrorName = (typeof PROGRAM_ERRORS)[keyof typeof PROGRAM_ERRORS][0];

/** What to do about each error of the program. */
const HINTS: Readonly<Record<StakeErrorName, string>> = {
  ...COMMON_HINTS,
  Paused: "Wait until the authority resumes; exits and withdrawals go on.",
  ProgramDataInvalid: "Pass the program's ProgramData account.",
  NotAuthority: "Sign with the authority that StakeConfig names.",
  NotPendingAuthority: "Sign with the key that was proposed.",
  ClockInvalid: "Check the cluster's clock.",
  MintInvalid: "Pass the native token's mint and its token program.",
  MintDecimals: "Use a mint with 9 decimals.",
  MintExtensions: "Use a plain mint.",
  TokenProgramUnsupported: "Pass SPL Token or Token-2022.",
  TokenProgramMismatch: "Pass the token program that StakeConfig names.",
  TokenAccountInvalid: "Create the token account first.",
  TokenAccountProgram: "Pass a token account of the native token.",
  TokenAccountMint: "Pass a token account of the native token.",
  TokenAccountFrozen: "Pass a token account that is not frozen.",
  TokenAccountOwner: "Pass a token account of the signer's.",
  TokenAccountDelegate: "Revoke the account's delegate.",
  TokenAccountCloseAuthority: "Take the account's close authority away.",
  WrongVault: "Pass the vault that StakeConfig names.",
  TokenAccountReserved: "Pass an account that is not the vault.",
  WrongTreasury: "Read StakeConfig again; the treasury is another now.",
  AmountZero: "Name at least one unit.",
  AmountOverflow: "Name a smaller amount.",
  InvariantBroken: "Report this with the transaction.",
  ExitDelayInvalid: "Use 8 to 90 days.",
  LeastStakeInvalid: "Use at least one unit.",
  TiersInvalid: "Let locks and weights rise; at most 4 years, 10000 to 40000 basis points.",
  SlashInvalid: "Keep to 10000, 10000 and 5000 basis points; 2000 for the reporter.",
  CommissionTooHigh: "Use at most 5000 basis points.",
  CommissionTooFast: "Raise it by at most 500 basis points, a day after the last rise.",
  TierUnknown: "Use a tier of 0 to 3.",
  TierLower: "Use the position's tier or a higher one.",
  PoolDead: "Stake with another operator.",
  SharesInsufficient: "Read the position again and name at most its shares.",
  StakeLocked: "Wait until the position's lock is over.",
  ExitNotReady: "Wait until the Exit is ready.",
  OffenceUnknown: "Use an offence of 1 to 3.",
  RoleInvalid: "Use a role of 1 to 7.",
  EndpointInvalid: "Use up to 128 bytes of visible ASCII.",
  TreeFull: "No more operators can be listed.",
  TreeProof: "Read all operators again, make the proof again and send at once.",
  WeightOverflow: "Report this; there can't be so many tokens.",
  JailNotOver: "Wait an exit delay from the last slash on.",
  SelfStakeTooLow: "Stake more with your own operator first.",
  MintFreezable: "Use a mint without a freeze authority.",
  NotSlasher: "Slash through the quorum program.",
  Retired: "Register another operator with another key.",
  NotJailed: "Nothing is left to do.",
  WitnessExists: "Rotate the witness node's key, or remove the node.",
  HotKeyInvalid: "Name a key.",
  Weightless: "Stake and add a witness node first.",
  TreeStale: "Put a sync of this operator before it in the same transaction.",
  PositionNotEmpty: "Withdraw everything first.",
};

/** The stake program's error of this number (6000 and up), or undefined if it has none. */
export const stakeError = /* #__PURE__ */ programErrorsOf(PROGRAM_ERRORS, HINTS);

/** As decodeFailure of `@tolldns/sdk/escrow`, for a transaction of the stake program at `stake`. */
export const decodeStakeFailure = /* #__PURE__ */ failureDecoderOf(stakeError);
