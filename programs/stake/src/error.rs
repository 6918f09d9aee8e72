//! A code for every guard, so that a test can pin which one fired. What the other programs have too carries the same number here; what is this
//! program's own begins at 6400, what its rules refuse is 6270 to 6289. A number once used is never given to another meaning.

use anchor_lang::prelude::*;

/// Codes are 6000 plus the number. Those of `tolldns_core::Refusal` and `tolldns_common::fault::Fault` carry the same number there.
#[error_code]
#[derive(Debug, PartialEq, Eq)]
pub enum StakeError {
    // 6000-6042: as in the other programs, number for number
    #[msg("the program is paused: registrations, nodes and deposits wait, every way out stays open")]
    Paused = 0,
    #[msg("the account was written by another version of the program")]
    VersionUnknown = 1,
    #[msg("only the program's upgrade authority may initialise")]
    NotUpgradeAuthority = 2,
    #[msg("this is not the program's ProgramData account")]
    ProgramDataInvalid = 3,
    #[msg("only the authority may do this")]
    NotAuthority = 4,
    #[msg("only the proposed authority may accept")]
    NotPendingAuthority = 5,
    #[msg("only the guardian or the authority may pause")]
    NotGuardian = 6,
    #[msg("the flag is 0 or 1")]
    FlagInvalid = 7,
    #[msg("the clock shows a time before 1970")]
    ClockInvalid = 12,
    #[msg("no instruction has this discriminator")]
    InstructionUnknown = 13,
    #[msg("the instruction data is too short or too long")]
    InstructionLength = 14,
    #[msg("the program is initialised already")]
    AlreadyInitialized = 15,
    #[msg("the mint is not an initialised mint of the token program")]
    MintInvalid = 20,
    #[msg("the mint must have 9 decimals")]
    MintDecimals = 21,
    #[msg("mints with extensions are not accepted")]
    MintExtensions = 22,
    #[msg("only SPL Token and Token-2022 are accepted")]
    TokenProgramUnsupported = 23,
    #[msg("the token program is not the one of the configuration")]
    TokenProgramMismatch = 24,
    #[msg("this is not an initialised token account")]
    TokenAccountInvalid = 25,
    #[msg("the token account belongs to another program")]
    TokenAccountProgram = 26,
    #[msg("the token account is of another mint")]
    TokenAccountMint = 27,
    #[msg("the token account is frozen")]
    TokenAccountFrozen = 28,
    #[msg("the token account belongs to another wallet")]
    TokenAccountOwner = 29,
    #[msg("the treasury's token account may not have a delegate")]
    TokenAccountDelegate = 30,
    #[msg("the treasury's token account may not have a close authority")]
    TokenAccountCloseAuthority = 31,
    #[msg("this is not the vault")]
    WrongVault = 32,
    #[msg("this token account already has another part in the program")]
    TokenAccountReserved = 33,
    #[msg("this is not the treasury account")]
    WrongTreasury = 35,
    #[msg("the amount may not be zero")]
    AmountZero = 40,
    #[msg("the sum exceeds 64 bits")]
    AmountOverflow = 42,
    // 6120: what must never happen
    #[msg("an invariant does not hold; please report this")]
    InvariantBroken = 120,
    // 6270-6289: the rules
    #[msg("the exit delay is between 8 and 90 days")]
    ExitDelayInvalid = 270,
    #[msg("the least self-stake is at least one unit")]
    LeastStakeInvalid = 271,
    #[msg("locks and weights rise from tier to tier: at most 4 years, and 10000 to 40000 basis points")]
    TiersInvalid = 272,
    #[msg("a slash takes 1 to 10000 basis points, an omission at most 5000; the reporter gets at most 2000 of it, at most 10000 of the rest are burned")]
    SlashInvalid = 273,
    #[msg("a commission is at most 5000 basis points")]
    CommissionTooHigh = 274,
    #[msg("a commission rises by at most 500 basis points, and only a day after it rose last")]
    CommissionTooFast = 275,
    #[msg("tiers are 0 to 3")]
    TierUnknown = 276,
    #[msg("stake may go to a higher tier, not to a lower")]
    TierLower = 277,
    #[msg("the pool was slashed to nothing; nobody can stake there until everybody has left")]
    PoolDead = 278,
    #[msg("there are not so many shares")]
    SharesInsufficient = 279,
    #[msg("the stake is locked")]
    StakeLocked = 280,
    #[msg("the exit is not ready")]
    ExitNotReady = 281,
    #[msg("offences are 1 to 3")]
    OffenceUnknown = 282,
    #[msg("roles are 1 to 7")]
    RoleInvalid = 283,
    #[msg("an endpoint has at most 128 bytes, all visible ASCII")]
    EndpointInvalid = 284,
    #[msg("the tree has no place left")]
    TreeFull = 285,
    #[msg("the proof does not lead to the tree's root; the tree may have changed since it was made")]
    TreeProof = 286,
    #[msg("the weights' sum exceeds 64 bits")]
    WeightOverflow = 287,
    #[msg("the time in jail is not over")]
    JailNotOver = 288,
    #[msg("the owner's own stake is below the least")]
    SelfStakeTooLow = 289,
    // 6400-: this program's own
    #[msg("nobody may be able to freeze the native token")]
    MintFreezable = 400,
    #[msg("only the slasher may slash")]
    NotSlasher = 401,
    #[msg("the operator is retired")]
    Retired = 402,
    #[msg("the operator is not in jail")]
    NotJailed = 403,
    #[msg("the operator has a witness node; remove it or rotate its key")]
    WitnessExists = 404,
    #[msg("a hot key is not all zeroes")]
    HotKeyInvalid = 405,
    #[msg("an operator that never weighed anything has no place in the tree")]
    Weightless = 406,
    #[msg("the tree still holds more weight for the operator than it has: sync first")]
    TreeStale = 407,
    #[msg("the position still has shares or exits")]
    PositionNotEmpty = 408,
}

#[cfg(test)]
mod tests {
    use super::*;
    use tolldns_common::{assert_shared, fault::OrRefuse};
    use tolldns_core::Refusal;

    #[test]
    fn a_refusal_and_its_error_carry_the_same_number() {
        macro_rules! same {
            ($($name:ident),+ $(,)?) => {
                $(assert_eq!(Err::<(), _>(Refusal::$name).or_refuse(), Err(StakeError::$name.into()));)+
            };
        }
        same!(
            ClockInvalid,
            AmountZero,
            AmountOverflow,
            InvariantBroken,
            ExitDelayInvalid,
            LeastStakeInvalid,
            TiersInvalid,
            SlashInvalid,
            CommissionTooHigh,
            CommissionTooFast,
            TierUnknown,
            TierLower,
            PoolDead,
            SharesInsufficient,
            StakeLocked,
            ExitNotReady,
            OffenceUnknown,
            RoleInvalid,
            EndpointInvalid,
            TreeFull,
            TreeProof,
            WeightOverflow,
            JailNotOver,
            SelfStakeTooLow,
        );
    }

    #[test]
    fn faults_of_all_programs_carry_the_shared_numbers() {
        assert_shared!(
            StakeError: Paused, VersionUnknown, NotUpgradeAuthority, ProgramDataInvalid, NotAuthority,
            NotPendingAuthority, NotGuardian, FlagInvalid, InstructionUnknown, InstructionLength,
            AlreadyInitialized, MintInvalid, MintDecimals, MintExtensions, TokenProgramUnsupported,
            TokenProgramMismatch, TokenAccountInvalid, TokenAccountProgram, TokenAccountMint, TokenAccountFrozen,
            TokenAccountOwner, TokenAccountDelegate, TokenAccountCloseAuthority, WrongVault, TokenAccountReserved,
        );
    }
}
