//! A code for every guard, so that a test can pin which one fired. What the other programs have too carries the same number here; what is this program's own begins at
//! 6800, what its rules refuse is 6310 to 6349. A number once used is never given to another meaning.

use anchor_lang::prelude::*;

/// Codes are 6000 plus the number. Those of `tolldns_core::Refusal` and `tolldns_common::fault::Fault` carry the same number there.
#[error_code]
#[derive(Debug, PartialEq, Eq)]
pub enum PolicyError {
    // 6000-6015: as in the escrow program, number for number
    #[msg("the program is paused: nothing is judged, states stay as they are")]
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
    // 6120: what must never happen
    #[msg("an invariant does not hold; please report this")]
    InvariantBroken = 120,
    // 6310-6314: rosters
    #[msg("the newest roster's time is not over")]
    RosterTooEarly = 310,
    #[msg("the roster's enrolment is over")]
    EnrolmentOver = 311,
    #[msg("the roster is not in force when the window begins")]
    RosterNotInForce = 312,
    #[msg("the roster is full of operators that weigh at least as much")]
    RosterFull = 313,
    #[msg("the roster is the newest, or its reports may still be challenged")]
    RosterLive = 314,
    // 6315-6321: rounds
    #[msg("the window is not over")]
    WindowRunning = 315,
    #[msg("the time of reports is over")]
    ReportsOver = 316,
    #[msg("the time of reports is not over")]
    ReportsOpen = 317,
    #[msg("the round's evidence is over: it is judged no more")]
    RoundOver = 318,
    #[msg("the round's reports may still be challenged")]
    RoundLive = 319,
    #[msg("the report has fewer probes than the least")]
    ProbesTooFew = 320,
    #[msg("a report has at most 4096 probes, and not more that succeeded than probes")]
    ProbesInvalid = 321,
    // 6322-6326: targets and challenge sets
    #[msg("the target is not HEALTHY, or was reported within thirty days")]
    TargetLive = 322,
    #[msg("kinds of target are 1 and 2")]
    TargetKindInvalid = 323,
    #[msg("a target's name has 1 to 128 bytes, all visible ASCII")]
    TargetNameInvalid = 324,
    #[msg("versions of challenge sets rise")]
    SetVersionInvalid = 325,
    #[msg("a challenge set has 1 to 256 challenges")]
    SetCountInvalid = 326,
    // 6327-6332: challenges of records
    #[msg("the record is not in the seat's report")]
    RecordProof = 327,
    #[msg("an honest verifier may have written the record")]
    RecordHolds = 328,
    #[msg("the records are not one after the other")]
    RecordsApart = 329,
    #[msg("the second record follows the first")]
    RecordsFollow = 330,
    #[msg("the entry is not the record's challenge in the published set")]
    EntryProof = 331,
    #[msg("the set says nothing else than the record expects")]
    ExpectedHolds = 332,
    // 6334: windows in order
    #[msg("the window before was not judged yet")]
    WindowWaits = 334,
    // 6335-6346: terms
    #[msg("a window lasts between a second and a day")]
    PolicyWindowInvalid = 335,
    #[msg("reports are taken for a second to a window's length")]
    ReportTimeInvalid = 336,
    #[msg("the dwell is between a window's length and seven days")]
    DwellInvalid = 337,
    #[msg("a roster lasts between ten seconds and thirty days, its enrolment a second to half of it")]
    RosterTimesInvalid = 338,
    #[msg("evidence lives between the report time and thirty days")]
    PolicyEvidenceInvalid = 339,
    #[msg("a strike lasts between a roster's time and a year")]
    StrikeInvalid = 340,
    #[msg("a quorum is 5001 to 10000 basis points")]
    QuorumShareInvalid = 341,
    #[msg("the marks are at least 1 and at most 10000 basis points, the bad one below the poor one")]
    MarksInvalid = 342,
    #[msg("a quorum needs 2 to 16 operators, regions and networks")]
    DistinctInvalid = 343,
    #[msg(
        "runs are 1 to 250 windows; none degrades later than it disables, none restores before it recovers"
    )]
    RunsInvalid = 344,
    #[msg("the least number of probes is 1 to 4096")]
    LeastProbesInvalid = 345,
    #[msg("a roster has seats for a quorum's operators, and at most 64")]
    SeatsInvalid = 346,
    // 6347-6349: states and windows
    #[msg("no state or verdict has this number")]
    StateUnknown = 347,
    #[msg("windows begin at multiples of their length")]
    WindowUnaligned = 348,
    #[msg("the window began before the terms or the target, or one after it was judged")]
    WindowPassed = 349,
    // 6800-6819: seats
    #[msg("the roster has no such seat")]
    SeatUnknown = 800,
    #[msg("the seat is another operator's or node's")]
    WrongSeat = 801,
    #[msg("the seat was struck")]
    SeatStruck = 802,
    #[msg("the node is no VERIFIER")]
    NotVerifier = 803,
    #[msg("the node has another hot key")]
    NotHotKey = 804,
    #[msg("the node is another operator's")]
    WrongOperator = 805,
    #[msg("the operator is in jail or retired")]
    OperatorBarred = 806,
    #[msg("the operator weighs nothing")]
    OperatorWeightless = 807,
    #[msg("the operator was struck and may not enrol yet")]
    OperatorStruck = 808,
    #[msg("the operator has a seat with another node")]
    AlreadyEnrolled = 809,
    #[msg("the proof does not lead to the snapshot's root")]
    SnapshotProof = 810,
    #[msg("nobody weighs anything in the stake tree")]
    SnapshotEmpty = 811,
    #[msg("the operator is not struck now")]
    NotStruck = 812,
    // 6820-6839: rounds and targets
    #[msg("this is not the round's roster, or not the newest")]
    WrongRoster = 820,
    #[msg("this is not the address of the target's id")]
    WrongTarget = 821,
    #[msg("the target is registered already")]
    TargetKnown = 822,
    #[msg("the rent goes to who paid it")]
    WrongPayer = 823,
    #[msg("the seat reported something else")]
    ReportedOtherwise = 824,
    #[msg("the seat did not report")]
    NotReported = 825,
    #[msg("the round was judged")]
    AlreadyJudged = 826,
    #[msg("the challenge's bytes are not of the form it has")]
    ChallengeForm = 827,
    #[msg("this is not the target's round of this window")]
    WrongRound = 828,
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
                $(assert_eq!(Err::<(), _>(Refusal::$name).or_refuse(), Err(PolicyError::$name.into()));)+
            };
        }
        same!(
            ClockInvalid,
            InvariantBroken,
            RosterTooEarly,
            EnrolmentOver,
            RosterNotInForce,
            RosterFull,
            RosterLive,
            WindowRunning,
            ReportsOver,
            ReportsOpen,
            RoundOver,
            RoundLive,
            ProbesTooFew,
            ProbesInvalid,
            TargetLive,
            TargetKindInvalid,
            TargetNameInvalid,
            SetVersionInvalid,
            SetCountInvalid,
            RecordProof,
            RecordHolds,
            RecordsApart,
            RecordsFollow,
            EntryProof,
            ExpectedHolds,
            WindowWaits,
            PolicyWindowInvalid,
            ReportTimeInvalid,
            DwellInvalid,
            RosterTimesInvalid,
            PolicyEvidenceInvalid,
            StrikeInvalid,
            QuorumShareInvalid,
            MarksInvalid,
            DistinctInvalid,
            RunsInvalid,
            LeastProbesInvalid,
            SeatsInvalid,
            StateUnknown,
            WindowUnaligned,
            WindowPassed,
        );
    }

    #[test]
    fn faults_of_all_programs_carry_the_shared_numbers() {
        assert_shared!(
            PolicyError: Paused, VersionUnknown, NotUpgradeAuthority, ProgramDataInvalid, NotAuthority,
            NotPendingAuthority, NotGuardian, FlagInvalid, InstructionUnknown, InstructionLength,
            AlreadyInitialized,
        );
    }
}
