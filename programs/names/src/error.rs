//! A code for every guard, so that a test can pin which one fired. What the escrow program has too carries the same number here; what is this
//! program's own begins at 6200. A number once used is never given to another meaning.

use anchor_lang::prelude::*;

/// Codes are 6000 plus the number. Those of `tolldns_core::Refusal` and `tolldns_common::fault::Fault` carry the same number there.
#[error_code]
#[derive(Debug, PartialEq, Eq)]
pub enum NamesError {
    // 6000-6036: as in the escrow program, number for number
    #[msg("the program is paused: commitments, registrations and bids wait, everything else goes on")]
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
    #[msg("the treasury's token account may not have a delegate")]
    TokenAccountDelegate = 30,
    #[msg("the treasury's token account may not have a close authority")]
    TokenAccountCloseAuthority = 31,
    #[msg("this is not the auction vault")]
    WrongVault = 32,
    #[msg("this token account already has another part in the program")]
    TokenAccountReserved = 33,
    #[msg("this is not the treasury account")]
    WrongTreasury = 35,
    // 6040-6042: amounts, as in the escrow program
    #[msg("the amount may not be zero")]
    AmountZero = 40,
    #[msg("the amount exceeds 2^56 - 1")]
    AmountTooLarge = 41,
    #[msg("the sum exceeds 64 bits")]
    AmountOverflow = 42,
    // 6120: what must never happen
    #[msg("an invariant does not hold; please report this")]
    InvariantBroken = 120,
    // 6200-6219: terms
    #[msg("a price is between 1 and a hundredth of 2^56 - 1 micro-IU")]
    PriceInvalid = 200,
    #[msg("a term is between a day and ten years")]
    TermInvalid = 201,
    #[msg("the grace is between a day and a year")]
    NameGraceInvalid = 202,
    #[msg("a commitment ripens in 1 to 3600 seconds and lives longer than that, for at most 7 days")]
    CommitAgesInvalid = 203,
    #[msg("an auction takes 60 seconds to 30 days, and its extension is no longer than that")]
    AuctionTimesInvalid = 204,
    #[msg("the increment is between 1 and 10000 basis points")]
    IncrementInvalid = 205,
    // 6220-6239: labels
    #[msg("a label has 1 to 63 bytes")]
    LabelLength = 220,
    #[msg("a label has no characters but a-z, 0-9 and the hyphen")]
    LabelCharacter = 221,
    #[msg("a hyphen stands at an end, or in third and fourth place of what is no A-label")]
    LabelHyphen = 222,
    #[msg("the hash is not the label's")]
    NameHashMismatch = 223,
    #[msg("labels of up to four bytes are sold by auction")]
    LabelPremium = 224,
    #[msg("labels of five bytes and more are registered, not sold by auction")]
    LabelNotPremium = 225,
    // 6240-6259: commitments and tenure
    #[msg("the commitment is not old enough yet")]
    CommitmentTooYoung = 240,
    #[msg("the commitment is too old")]
    CommitmentTooOld = 241,
    #[msg("the commitment may still be revealed")]
    CommitmentLive = 242,
    #[msg("somebody has the name, or may still renew it")]
    NameTaken = 243,
    #[msg("the name's time is over")]
    NameExpired = 244,
    #[msg("nobody has the name")]
    NameFree = 245,
    #[msg("at least one term")]
    YearsInvalid = 246,
    #[msg("a name is held for at most ten years from now")]
    TooFarAhead = 247,
    #[msg("the name would still be expired; renew for more terms")]
    RenewalTooShort = 248,
    #[msg("the commitment is to something else")]
    CommitmentMismatch = 249,
    // 6260-6279: auctions
    #[msg("the bid does not top the highest by the increment")]
    BidTooLow = 260,
    #[msg("the auction is over")]
    AuctionOver = 261,
    #[msg("the auction is not over yet")]
    AuctionOpen = 262,
    #[msg("an auction for this name is on")]
    AuctionExists = 263,
    #[msg("the auction is settled")]
    AuctionSettled = 264,
    #[msg("the highest bidder can't withdraw")]
    HighestBidder = 265,
    #[msg("the bid is of another auction")]
    BidAuction = 266,
    #[msg("this is not the winner's bid")]
    BidNotWinners = 267,
    #[msg("the auction is of another name")]
    AuctionName = 268,
    #[msg("the record stays for eight days after the appointment is over")]
    DelegateKept = 269,
    // 6280-6299: control
    #[msg("only who holds the name's token may do this")]
    NotHolder = 280,
    #[msg("this is not the token of the name's present generation")]
    WrongNft = 281,
    #[msg("control is not offered to this wallet")]
    NotOffered = 282,
    #[msg("control can't be offered to nobody")]
    OfferInvalid = 283,
    #[msg("the delegate's time is over")]
    DelegateExpired = 284,
    #[msg("the delegate is of another name")]
    DelegateName = 285,
    #[msg("the delegate was appointed by a former holder or for an earlier registration")]
    DelegateStale = 286,
    #[msg("the delegate was appointed by somebody else; end it first")]
    DelegateTaken = 287,
    #[msg("no such role")]
    RoleUnknown = 288,
    #[msg("only the holder or who appointed the delegate may dismiss it")]
    NotAppointer = 289,
    #[msg("the update's version must rise")]
    VersionNotHigher = 290,
    #[msg("the delegate is another wallet")]
    DelegateWallet = 291,
    #[msg("the update may not outlive the name")]
    UpdateOutlivesName = 292,
    #[msg("the appointment was ended")]
    DelegateEnded = 293,
    #[msg("this is not who paid the record's rent")]
    DelegatePayer = 294,
    #[msg("the update's version is above the milliseconds since 1970")]
    VersionTooHigh = 295,
    // 6300-6319: passports and tokens minted here
    #[msg("no such kind of hint")]
    HintKind = 300,
    #[msg("a hint has 1 to 160 bytes, and kind 0 none")]
    HintLength = 301,
    #[msg("the wallet has a passport")]
    PassportExists = 302,
    #[msg("this is not the Token-2022 program")]
    WrongToken2022 = 303,
    #[msg("this is not the associated token program")]
    WrongAssociated = 304,
    #[msg("this is not the address of the token's mint")]
    WrongMintAddress = 305,
}

#[cfg(test)]
mod tests {
    use super::*;
    use tolldns_common::{assert_shared, fault::OrRefuse};
    use tolldns_core::Refusal;

    #[test]
    fn a_refusal_and_its_error_carry_the_same_number() {
        let pairs = [
            (Refusal::ClockInvalid, NamesError::ClockInvalid),
            (Refusal::AmountZero, NamesError::AmountZero),
            (Refusal::AmountTooLarge, NamesError::AmountTooLarge),
            (Refusal::AmountOverflow, NamesError::AmountOverflow),
            (Refusal::InvariantBroken, NamesError::InvariantBroken),
            (Refusal::PriceInvalid, NamesError::PriceInvalid),
            (Refusal::TermInvalid, NamesError::TermInvalid),
            (Refusal::NameGraceInvalid, NamesError::NameGraceInvalid),
            (Refusal::CommitAgesInvalid, NamesError::CommitAgesInvalid),
            (Refusal::AuctionTimesInvalid, NamesError::AuctionTimesInvalid),
            (Refusal::IncrementInvalid, NamesError::IncrementInvalid),
            (Refusal::LabelLength, NamesError::LabelLength),
            (Refusal::LabelCharacter, NamesError::LabelCharacter),
            (Refusal::LabelHyphen, NamesError::LabelHyphen),
            (Refusal::CommitmentTooYoung, NamesError::CommitmentTooYoung),
            (Refusal::CommitmentTooOld, NamesError::CommitmentTooOld),
            (Refusal::CommitmentLive, NamesError::CommitmentLive),
            (Refusal::NameTaken, NamesError::NameTaken),
            (Refusal::NameExpired, NamesError::NameExpired),
            (Refusal::NameFree, NamesError::NameFree),
            (Refusal::YearsInvalid, NamesError::YearsInvalid),
            (Refusal::TooFarAhead, NamesError::TooFarAhead),
            (Refusal::RenewalTooShort, NamesError::RenewalTooShort),
            (Refusal::BidTooLow, NamesError::BidTooLow),
            (Refusal::AuctionOver, NamesError::AuctionOver),
            (Refusal::AuctionOpen, NamesError::AuctionOpen),
            (Refusal::DelegateKept, NamesError::DelegateKept),
        ];
        for (refusal, error) in pairs {
            assert_eq!(Err::<(), _>(refusal).or_refuse(), Err(error.into()));
        }
    }

    #[test]
    fn faults_of_all_programs_carry_the_shared_numbers() {
        assert_shared!(
            NamesError:
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
