// Made by sdk/scripts/generate.ts from programs/artifacts/stake.json. Do not edit.

/** Program id the committed program is built for. */
export const STAKE_PROGRAM_ID = "AsJ4RS145F19X7dkQdPbL6N7A3w5XcJyiyjosmqCcgNr";

/** First 8 bytes of each account. */
export const ACCOUNT_DISCRIMINATORS = {
  Exit: [25, 25, 160, 223, 53, 155, 170, 162],
  Node: [208, 53, 1, 3, 49, 122, 180, 49],
  Operator: [219, 31, 188, 145, 69, 139, 204, 117],
  Position: [170, 188, 143, 228, 122, 64, 247, 208],
  StakeConfig: [238, 151, 43, 3, 11, 151, 63, 176],
  StakeTree: [21, 1, 96, 149, 20, 18, 34, 178],
} as const;

/** First 8 bytes of each event. */
export const EVENT_DISCRIMINATORS = {
  ExitChanged: [195, 252, 54, 115, 12, 53, 68, 119],
  NodeChanged: [25, 179, 134, 51, 125, 94, 241, 232],
  OperatorChanged: [231, 79, 62, 226, 190, 139, 176, 51],
  Slashed: [98, 59, 249, 154, 233, 53, 98, 194],
  StakeConfigChanged: [82, 184, 169, 187, 160, 23, 68, 20],
  Staked: [11, 146, 45, 205, 230, 58, 213, 240],
  WeightChanged: [113, 233, 136, 131, 134, 106, 13, 161],
  Withdrawn: [20, 89, 223, 198, 194, 124, 219, 13],
} as const;

/** Name and message of each error of the program, by code. */
export const PROGRAM_ERRORS = {
  6000: ["Paused", "the program is paused: registrations, nodes and deposits wait, every way out stays open"],
  6001: ["VersionUnknown", "the account was written by another version of the program"],
  6002: ["NotUpgradeAuthority", "only the program's upgrade authority may initialise"],
  6003: ["ProgramDataInvalid", "this is not the program's ProgramData account"],
  6004: ["NotAuthority", "only the authority may do this"],
  6005: ["NotPendingAuthority", "only the proposed authority may accept"],
  6006: ["NotGuardian", "only the guardian or the authority may pause"],
  6007: ["FlagInvalid", "the flag is 0 or 1"],
  6012: ["ClockInvalid", "the clock shows a time before 1970"],
  6013: ["InstructionUnknown", "no instruction has this discriminator"],
  6014: ["InstructionLength", "the instruction data is too short or too long"],
  6015: ["AlreadyInitialized", "the program is initialised already"],
  6020: ["MintInvalid", "the mint is not an initialised mint of the token program"],
  6021: ["MintDecimals", "the mint must have 9 decimals"],
  6022: ["MintExtensions", "mints with extensions are not accepted"],
  6023: ["TokenProgramUnsupported", "only SPL Token and Token-2022 are accepted"],
  6024: ["TokenProgramMismatch", "the token program is not the one of the configuration"],
  6025: ["TokenAccountInvalid", "this is not an initialised token account"],
  6026: ["TokenAccountProgram", "the token account belongs to another program"],
  6027: ["TokenAccountMint", "the token account is of another mint"],
  6028: ["TokenAccountFrozen", "the token account is frozen"],
  6029: ["TokenAccountOwner", "the token account belongs to another wallet"],
  6030: ["TokenAccountDelegate", "the treasury's token account may not have a delegate"],
  6031: ["TokenAccountCloseAuthority", "the treasury's token account may not have a close authority"],
  6032: ["WrongVault", "this is not the vault"],
  6033: ["TokenAccountReserved", "this token account already has another part in the program"],
  6035: ["WrongTreasury", "this is not the treasury account"],
  6040: ["AmountZero", "the amount may not be zero"],
  6042: ["AmountOverflow", "the sum exceeds 64 bits"],
  6120: ["InvariantBroken", "an invariant does not hold; please report this"],
  6270: ["ExitDelayInvalid", "the exit delay is between 8 and 90 days"],
  6271: ["LeastStakeInvalid", "the least self-stake is at least one unit"],
  6272: [
    "TiersInvalid",
    "locks and weights rise from tier to tier: at most 4 years, and 10000 to 40000 basis points",
  ],
  6273: [
    "SlashInvalid",
    "a slash takes 1 to 10000 basis points, an omission at most 5000; the reporter gets at most 2000 of it, at most 10000 of the rest are burned",
  ],
  6274: ["CommissionTooHigh", "a commission is at most 5000 basis points"],
  6275: [
    "CommissionTooFast",
    "a commission rises by at most 500 basis points, and only a day after it rose last",
  ],
  6276: ["TierUnknown", "tiers are 0 to 3"],
  6277: ["TierLower", "stake may go to a higher tier, not to a lower"],
  6278: ["PoolDead", "the pool was slashed to nothing; nobody can stake there until everybody has left"],
  6279: ["SharesInsufficient", "there are not so many shares"],
  6280: ["StakeLocked", "the stake is locked"],
  6281: ["ExitNotReady", "the exit is not ready"],
  6282: ["OffenceUnknown", "offences are 1 to 3"],
  6283: ["RoleInvalid", "roles are 1 to 7"],
  6284: ["EndpointInvalid", "an endpoint has at most 128 bytes, all visible ASCII"],
  6285: ["TreeFull", "the tree has no place left"],
  6286: [
    "TreeProof",
    "the proof does not lead to the tree's root; the tree may have changed since it was made",
  ],
  6287: ["WeightOverflow", "the weights' sum exceeds 64 bits"],
  6288: ["JailNotOver", "the time in jail is not over"],
  6289: ["SelfStakeTooLow", "the owner's own stake is below the least"],
  6400: ["MintFreezable", "nobody may be able to freeze the native token"],
  6401: ["NotSlasher", "only the slasher may slash"],
  6402: ["Retired", "the operator is retired"],
  6403: ["NotJailed", "the operator is not in jail"],
  6404: ["WitnessExists", "the operator has a witness node; remove it or rotate its key"],
  6405: ["HotKeyInvalid", "a hot key is not all zeroes"],
  6406: ["Weightless", "an operator that never weighed anything has no place in the tree"],
  6407: ["TreeStale", "the tree still holds more weight for the operator than it has: sync first"],
  6408: ["PositionNotEmpty", "the position still has shares or exits"],
} as const;
