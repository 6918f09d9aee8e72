//! A code for every guard, so that a test can pin which one fired. What the escrow program has too carries the same number here; what is this
//! program's own begins at 6600. A number once used is never given to another meaning.

use anchor_lang::prelude::*;

/// Codes are 6000 plus the number. Those of `tolldns_core::Refusal` and `tolldns_common::fault::Fault` carry the same number there.
#[error_code]
#[derive(Debug, PartialEq, Eq)]
pub enum QuorumError {
    // 6000-6015: as in the escrow program, number for number
    #[msg("the program is paused: no epoch begins, the running one goes on")]
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
    // 6025-6028: token accounts, as in the escrow program
    #[msg("this is not an initialised token account")]
    TokenAccountInvalid = 25,
    #[msg("the token account belongs to another program")]
    TokenAccountProgram = 26,
    #[msg("the token account is of another mint")]
    TokenAccountMint = 27,
    #[msg("the token account is frozen")]
    TokenAccountFrozen = 28,
    // 6120: what must never happen
    #[msg("an invariant does not hold; please report this")]
    InvariantBroken = 120,
    // 6290-6294: terms
    #[msg("an epoch lasts between a second and a day")]
    EpochLengthInvalid = 290,
    #[msg("the challenge window is between a second and a day")]
    WindowInvalid = 291,
    #[msg("evidence lives between a second and five days")]
    EvidenceInvalid = 292,
    #[msg("the seed comes between 1 and 256 slots after the freeze")]
    SeedDelayInvalid = 293,
    #[msg("a committee has 1 to 100 members")]
    CommitteeInvalid = 294,
    // 6295-6309: an epoch's life
    #[msg("the epoch is not in a status for this")]
    EpochStatus = 295,
    #[msg("the last epoch has not ended")]
    EpochRunning = 296,
    #[msg("the last epoch's length is not over")]
    FreezeTooEarly = 297,
    #[msg("the epoch's deadline is over")]
    DeadlinePassed = 298,
    #[msg("the epoch's deadline is not over")]
    DeadlineAhead = 299,
    #[msg("the challenge window is over")]
    WindowOver = 300,
    #[msg("the challenge window is not over")]
    WindowOpen = 301,
    #[msg("the epoch's votes may still be evidence")]
    EvidenceLive = 302,
    #[msg("no weight is left to draw from")]
    NothingLeft = 303,
    #[msg("an epoch has at most 16384 updates")]
    TooManyUpdates = 304,
    #[msg("an epoch without updates keeps the root and has an empty trace")]
    EmptyTraceMoves = 305,
    #[msg("an epoch with updates has neither root nor trace of zero")]
    RootZero = 306,
    // 6600-6619: epoch and draw
    #[msg("this is not the SlotHashes sysvar")]
    SlotHashesInvalid = 600,
    #[msg("the seed slot is not over yet")]
    SeedAhead = 601,
    #[msg("the proof does not lead to the snapshot's root")]
    SnapshotProof = 602,
    #[msg("the seat was not drawn for this leaf")]
    NotDrawn = 603,
    #[msg("this is not the epoch that runs")]
    WrongEpoch = 604,
    #[msg("the rent goes to who paid it")]
    WrongPayer = 605,
    // 6620-6639: votes
    #[msg("the committee has no such seat")]
    MemberUnknown = 620,
    #[msg("the seat is another witness's")]
    NotMember = 621,
    #[msg("the member voted for another digest")]
    VotedOtherwise = 622,
    #[msg("the member was struck for voting twice")]
    MemberStruck = 623,
    #[msg("rows are 65 bytes each, and at least one")]
    RowsRagged = 624,
    #[msg("the votes for this do not weigh two thirds of the committee")]
    QuorumMissing = 625,
    #[msg("the evidence is one signed vote or two, 164 bytes each")]
    EvidenceRagged = 626,
    #[msg("both votes are for the same")]
    SameVote = 627,
    #[msg("the signature is not the member's vote for this")]
    VoteSignature = 628,
    #[msg("the member has not voted on chain")]
    NotVoted = 629,
    #[msg("the member did not vote for what was proven wrong")]
    VotedRight = 630,
    #[msg("the member was slashed for this vote")]
    AlreadySlashed = 631,
    #[msg("this is not the member's operator")]
    WrongOperator = 632,
    #[msg("the reporter's share goes to who proved it")]
    WrongReporter = 633,
    #[msg("this is not the stake program")]
    WrongStakeProgram = 634,
    // 6640-6669: challenges
    #[msg("the challenge's bytes are not of the form it has")]
    ChallengeForm = 640,
    #[msg("the step is not in the trace that was attested")]
    NotInTrace = 641,
    #[msg("signer and signature are not the step's")]
    NotStepsAuth = 642,
    #[msg("the update is not the step's")]
    NotStepsUpdate = 643,
    #[msg("the signature holds")]
    SignatureHolds = 644,
    #[msg("this is not the update's name")]
    WrongName = 645,
    #[msg("this is not the place of the signer's appointment")]
    WrongDelegate = 646,
    #[msg("the signer might have been entitled at the freeze")]
    AuthorityHolds = 647,
    #[msg("the map proof does not lead to this root")]
    MapProof = 648,
    #[msg("the step holds")]
    StepHolds = 649,
    #[msg("the trace is in order there")]
    OrderHolds = 650,
    #[msg("the name's owner posted nothing that had to be in the root")]
    NothingOmitted = 651,
}

#[cfg(test)]
mod tests {
    use super::*;
    use tolldns_common::{assert_shared, fault::OrRefuse};
    use tolldns_core::Refusal;

    #[test]
    fn a_refusal_and_its_error_carry_the_same_number() {
        let pairs = [
            (Refusal::ClockInvalid, QuorumError::ClockInvalid),
            (Refusal::InvariantBroken, QuorumError::InvariantBroken),
            (Refusal::EpochLengthInvalid, QuorumError::EpochLengthInvalid),
            (Refusal::WindowInvalid, QuorumError::WindowInvalid),
            (Refusal::EvidenceInvalid, QuorumError::EvidenceInvalid),
            (Refusal::SeedDelayInvalid, QuorumError::SeedDelayInvalid),
            (Refusal::CommitteeInvalid, QuorumError::CommitteeInvalid),
            (Refusal::EpochStatus, QuorumError::EpochStatus),
            (Refusal::EpochRunning, QuorumError::EpochRunning),
            (Refusal::FreezeTooEarly, QuorumError::FreezeTooEarly),
            (Refusal::DeadlinePassed, QuorumError::DeadlinePassed),
            (Refusal::DeadlineAhead, QuorumError::DeadlineAhead),
            (Refusal::WindowOver, QuorumError::WindowOver),
            (Refusal::WindowOpen, QuorumError::WindowOpen),
            (Refusal::EvidenceLive, QuorumError::EvidenceLive),
            (Refusal::NothingLeft, QuorumError::NothingLeft),
            (Refusal::TooManyUpdates, QuorumError::TooManyUpdates),
            (Refusal::EmptyTraceMoves, QuorumError::EmptyTraceMoves),
            (Refusal::RootZero, QuorumError::RootZero),
        ];
        for (refusal, error) in pairs {
            assert_eq!(Err::<(), _>(refusal).or_refuse(), Err(error.into()));
        }
    }

    #[test]
    fn faults_of_all_programs_carry_the_shared_numbers() {
        assert_shared!(
            QuorumError:
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
            TokenAccountInvalid,
            TokenAccountProgram,
            TokenAccountMint,
            TokenAccountFrozen,
        );
    }
}
