//! A code for every guard, so that a test can pin which one fired. Ranges by area; a number once used is never given to another meaning.

use anchor_lang::prelude::*;

/// Codes are 6000 plus the number. Those of `tolldns_core::Refusal` and `tolldns_common::fault::Fault` carry the same number there.
#[error_code]
#[derive(Debug, PartialEq, Eq)]
pub enum EscrowError {
    // 6000-6019: configuration and instruction data
    #[msg("the protocol is paused: deposits and new lanes wait, exits go on")]
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
    #[msg("the split must sum to 10000 basis points")]
    SplitInvalid = 8,
    #[msg("the settlement interval may not be zero")]
    IntervalInvalid = 9,
    #[msg("the grace period must exceed twice the settlement interval")]
    GraceTooShort = 10,
    #[msg("the grace period may not exceed 90 days")]
    GraceTooLong = 11,
    #[msg("the clock shows a time before 1970")]
    ClockInvalid = 12,
    #[msg("no instruction has this discriminator")]
    InstructionUnknown = 13,
    #[msg("the instruction data is too short or too long")]
    InstructionLength = 14,
    #[msg("the protocol is initialised already")]
    AlreadyInitialized = 15,
    // 6020-6039: tokens
    #[msg("the mint is not an initialised mint of the token program")]
    MintInvalid = 20,
    #[msg("the mint must have 6 decimals")]
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
    #[msg("a token account of the protocol or an operator may not have a delegate")]
    TokenAccountDelegate = 30,
    #[msg("a token account of the protocol or an operator may not have a close authority")]
    TokenAccountCloseAuthority = 31,
    #[msg("this is not the vault")]
    WrongVault = 32,
    #[msg("this token account already has another part in the protocol")]
    TokenAccountReserved = 33,
    #[msg("this is not the ledger's payout account")]
    WrongPayout = 34,
    #[msg("this is not the treasury account")]
    WrongTreasury = 35,
    #[msg("this is not the names-pool account")]
    WrongNamesPool = 36,
    // 6040-6059: balances and amounts
    #[msg("the amount may not be zero")]
    AmountZero = 40,
    #[msg("the amount exceeds 2^56 - 1")]
    AmountTooLarge = 41,
    #[msg("the sum exceeds 64 bits")]
    AmountOverflow = 42,
    #[msg("there is not that much")]
    BalanceInsufficient = 43,
    #[msg("the balance is of another owner")]
    BalanceOwner = 44,
    #[msg("withdraw the free balance first")]
    BalanceNotEmpty = 45,
    #[msg("close the lanes first")]
    BalanceHasLanes = 46,
    // 6060-6079: ledgers
    #[msg("only the ledger's operator may do this")]
    NotOperator = 60,
    #[msg("a ledger grows by 1 to 106 rows an instruction")]
    RowsInvalid = 61,
    #[msg("a ledger has at most 65535 rows")]
    LedgerFull = 62,
    #[msg("close the lanes first")]
    LedgerHasLanes = 63,
    #[msg("distribute first")]
    LedgerUndistributed = 64,
    #[msg("a ledger of this index was opened before; take another index")]
    LedgerIndexUsed = 65,
    #[msg("there is nothing to distribute")]
    NothingToDistribute = 66,
    // 6080-6099: lanes
    #[msg("the ledger has no such row")]
    LaneUnknown = 80,
    #[msg("the row is taken")]
    LaneTaken = 81,
    #[msg("the row was used as often as it can be")]
    LaneRetired = 82,
    #[msg("the lane is not open")]
    LaneNotOpen = 83,
    #[msg("the row is of another generation")]
    LaneGeneration = 84,
    #[msg("the lane is of another owner")]
    LaneOwner = 85,
    #[msg("the operator asks for a larger reserve")]
    ReserveBelowMinimum = 86,
    #[msg("the row is free")]
    LaneFree = 87,
    #[msg("the lane is closing already")]
    LaneClosing = 88,
    #[msg("the operator has to sign, because vouchers of the old key would be worthless")]
    OperatorSignatureMissing = 89,
    #[msg("the lane's owner has not asked to close it")]
    LaneNotClosing = 90,
    #[msg("the grace period is not over")]
    LaneNotDue = 91,
    // 6100-6119: vouchers
    #[msg("the batch has no records")]
    BatchEmpty = 100,
    #[msg("the batch is not whole records of 74 bytes")]
    BatchRagged = 101,
    #[msg("a record names a row the ledger does not have")]
    VoucherLaneUnknown = 102,
    #[msg("a record names a free row")]
    VoucherLaneFree = 103,
    #[msg("a voucher exceeds the lane's reserve")]
    VoucherOverReserve = 104,
    #[msg("a voucher has expired")]
    VoucherExpired = 105,
    #[msg("the lane's deadline has passed")]
    VoucherTooLate = 106,
    #[msg("a signature does not hold")]
    VoucherSignature = 107,
    // 6120: what must never happen
    #[msg("an invariant does not hold; please report this")]
    InvariantBroken = 120,
}

#[cfg(test)]
mod tests {
    use super::*;
    use tolldns_common::{assert_shared, fault::OrRefuse};
    use tolldns_core::Refusal;

    #[test]
    fn a_refusal_and_its_error_carry_the_same_number() {
        let pairs = [
            (Refusal::SplitInvalid, EscrowError::SplitInvalid),
            (Refusal::IntervalInvalid, EscrowError::IntervalInvalid),
            (Refusal::GraceTooShort, EscrowError::GraceTooShort),
            (Refusal::GraceTooLong, EscrowError::GraceTooLong),
            (Refusal::ClockInvalid, EscrowError::ClockInvalid),
            (Refusal::AmountZero, EscrowError::AmountZero),
            (Refusal::AmountTooLarge, EscrowError::AmountTooLarge),
            (Refusal::AmountOverflow, EscrowError::AmountOverflow),
            (Refusal::BalanceInsufficient, EscrowError::BalanceInsufficient),
            (Refusal::LaneTaken, EscrowError::LaneTaken),
            (Refusal::LaneRetired, EscrowError::LaneRetired),
            (Refusal::LaneNotOpen, EscrowError::LaneNotOpen),
            (Refusal::ReserveBelowMinimum, EscrowError::ReserveBelowMinimum),
            (Refusal::LaneFree, EscrowError::LaneFree),
            (Refusal::LaneClosing, EscrowError::LaneClosing),
            (Refusal::OperatorSignatureMissing, EscrowError::OperatorSignatureMissing),
            (Refusal::LaneNotClosing, EscrowError::LaneNotClosing),
            (Refusal::LaneNotDue, EscrowError::LaneNotDue),
            (Refusal::BatchEmpty, EscrowError::BatchEmpty),
            (Refusal::BatchRagged, EscrowError::BatchRagged),
            (Refusal::VoucherLaneFree, EscrowError::VoucherLaneFree),
            (Refusal::VoucherOverReserve, EscrowError::VoucherOverReserve),
            (Refusal::VoucherExpired, EscrowError::VoucherExpired),
            (Refusal::VoucherTooLate, EscrowError::VoucherTooLate),
            (Refusal::InvariantBroken, EscrowError::InvariantBroken),
        ];
        for (refusal, error) in pairs {
            assert_eq!(Err::<(), _>(refusal).or_refuse(), Err(error.into()));
        }
    }

    #[test]
    fn faults_of_all_programs_carry_the_shared_numbers() {
        assert_shared!(
            EscrowError:
            Paused,
            VersionUnknown,
            NotUpgradeAuthority,
            ProgramDataInvalid,
            NotAuthority,
            NotPendingAuthority,
            NotGuardian,
            FlagInvalid,
            InstructionUnknown,
            InstructionLength,
            AlreadyInitialized,
            MintInvalid,
            MintDecimals,
            MintExtensions,
            TokenProgramUnsupported,
            TokenProgramMismatch,
            TokenAccountInvalid,
            TokenAccountProgram,
            TokenAccountMint,
            TokenAccountFrozen,
            TokenAccountOwner,
            TokenAccountDelegate,
            TokenAccountCloseAuthority,
            WrongVault,
            TokenAccountReserved,
        );
    }
}
