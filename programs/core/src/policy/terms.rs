//! What the authority may set, and within which bounds; and the windows that follow from it.

use crate::{ensure, split::WHOLE_BPS, stake::terms::MIN_EXIT_DELAY, time::SECONDS_A_DAY, Refusal, Result};

const DAY: u32 = SECONDS_A_DAY as u32;
/// Longest window, seconds.
pub const MAX_WINDOW: u32 = DAY;
/// Longest dwell, seconds.
pub const MAX_DWELL: u32 = 7 * DAY;
/// Shortest and longest time between two rosters, seconds.
pub const MIN_ROSTER: u32 = 10;
pub const MAX_ROSTER: u32 = 6 * DAY;
// A roster's time begins with its snapshot and holds its enrolment. Its last window and that one's time of reports, which is no longer, follow: no stake that the
// snapshot counts is gone by then.
const _: () = assert!(MAX_ROSTER + 2 * MAX_WINDOW <= MIN_EXIT_DELAY);
/// Longest time for which a round may be challenged, seconds.
pub const MAX_EVIDENCE: u32 = 30 * DAY;
/// Longest time for which a struck operator may not enrol, seconds.
pub const MAX_STRIKE: u32 = 365 * DAY;
/// With more than half of the weight for one verdict there is none left for another.
pub const MIN_QUORUM_BPS: u16 = 5_001;
/// One operator, region or network is never a quorum.
pub const MIN_DISTINCT: u8 = 2;
pub const MAX_DISTINCT: u8 = 16;
/// Windows in a row; a run is counted in a byte and must not end before what is asked of it.
pub const MAX_RUN: u8 = 250;
/// Probes of a report, at most: as many as a record's index has.
pub const MAX_PROBES: u16 = 4_096;
/// Seats of a roster, at most: one bit each of a round's masks.
pub const MAX_SEATS: u8 = 64;

/// Durations in seconds, shares in basis points, `_after` in windows in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyTerms {
    pub window: u32,
    pub report: u32,
    pub dwell: u32,
    pub roster: u32,
    pub enrol: u32,
    pub evidence: u32,
    pub strike: u32,
    pub quorum_bps: u16,
    pub poor_bps: u16,
    pub bad_bps: u16,
    pub operators: u8,
    pub regions: u8,
    pub networks: u8,
    pub degrade_after: u8,
    pub disable_after: u8,
    pub recover_after: u8,
    pub restore_after: u8,
    pub least_probes: u16,
    pub seats: u8,
}

impl PolicyTerms {
    /// What a new cluster begins with.
    pub const DEFAULT: Self = Self {
        window: 300,
        report: 300,
        dwell: 600,
        roster: DAY,
        enrol: 3_600,
        evidence: 5 * DAY,
        strike: 30 * DAY,
        quorum_bps: 6_700,
        poor_bps: 9_500,
        bad_bps: 7_500,
        operators: 3,
        regions: 3,
        networks: 3,
        degrade_after: 2,
        disable_after: 5,
        recover_after: 3,
        restore_after: 10,
        least_probes: 20,
        seats: MAX_SEATS,
    };

    /// Terms in the order in which instructions bring them and the configuration holds them: those in seconds, then shares and the least probes, then counts.
    pub const fn of(times: [u32; 7], shares: [u16; 4], counts: [u8; 8]) -> Self {
        let [window, report, dwell, roster, enrol, evidence, strike] = times;
        let [quorum_bps, poor_bps, bad_bps, least_probes] = shares;
        let [operators, regions, networks, degrade_after, disable_after, recover_after, restore_after, seats] =
            counts;
        Self {
            window,
            report,
            dwell,
            roster,
            enrol,
            evidence,
            strike,
            quorum_bps,
            poor_bps,
            bad_bps,
            operators,
            regions,
            networks,
            degrade_after,
            disable_after,
            recover_after,
            restore_after,
            least_probes,
            seats,
        }
    }

    /// What [`PolicyTerms::of`] made them of.
    pub const fn parts(&self) -> ([u32; 7], [u16; 4], [u8; 8]) {
        let Self { degrade_after: degrade, disable_after: disable, .. } = *self;
        let Self { recover_after: recover, restore_after: restore, .. } = *self;
        (
            [self.window, self.report, self.dwell, self.roster, self.enrol, self.evidence, self.strike],
            [self.quorum_bps, self.poor_bps, self.bad_bps, self.least_probes],
            [self.operators, self.regions, self.networks, degrade, disable, recover, restore, self.seats],
        )
    }

    /// Refuses terms out of bounds.
    pub fn check(&self) -> Result<()> {
        let Self { window, report, dwell, roster, enrol, evidence, strike, .. } = *self;
        let Self { quorum_bps, poor_bps, bad_bps, least_probes, .. } = *self;
        let Self { operators, regions, networks, seats, .. } = *self;
        let Self { degrade_after, disable_after, recover_after, restore_after, .. } = *self;
        ensure((1..=MAX_WINDOW).contains(&window), Refusal::PolicyWindowInvalid)?;
        ensure((1..=window).contains(&report), Refusal::ReportTimeInvalid)?;
        ensure((window..=MAX_DWELL).contains(&dwell), Refusal::DwellInvalid)?;
        ensure((MIN_ROSTER..=MAX_ROSTER).contains(&roster), Refusal::RosterTimesInvalid)?;
        ensure((1..=roster / 2).contains(&enrol), Refusal::RosterTimesInvalid)?;
        ensure((report..=MAX_EVIDENCE).contains(&evidence), Refusal::PolicyEvidenceInvalid)?;
        ensure((roster..=MAX_STRIKE).contains(&strike), Refusal::StrikeInvalid)?;
        ensure((MIN_QUORUM_BPS..=WHOLE_BPS as u16).contains(&quorum_bps), Refusal::QuorumShareInvalid)?;
        ensure(bad_bps != 0 && bad_bps < poor_bps && poor_bps as u64 <= WHOLE_BPS, Refusal::MarksInvalid)?;
        for distinct in [operators, regions, networks] {
            ensure((MIN_DISTINCT..=MAX_DISTINCT).contains(&distinct), Refusal::DistinctInvalid)?;
        }
        for run in [degrade_after, disable_after, recover_after, restore_after] {
            ensure((1..=MAX_RUN).contains(&run), Refusal::RunsInvalid)?;
        }
        ensure(degrade_after <= disable_after && recover_after < restore_after, Refusal::RunsInvalid)?;
        ensure((1..=MAX_PROBES).contains(&least_probes), Refusal::LeastProbesInvalid)?;
        ensure((operators..=MAX_SEATS).contains(&seats), Refusal::SeatsInvalid)
    }

    /// Refuses a begin that is no multiple of the window, or before these terms were set (`from`, Unix seconds).
    pub fn check_window(&self, begin: u64, from: u64) -> Result<()> {
        ensure(begin.checked_rem(self.window as u64) == Some(0), Refusal::WindowUnaligned)?;
        ensure(begin >= from, Refusal::WindowPassed)
    }

    /// When the window of this second began.
    pub fn begin_of(&self, time: u64) -> u64 {
        time - time.checked_rem(self.window as u64).unwrap_or(0)
    }

    /// The first second after the window; from here on reports of it are taken.
    pub fn end_of(&self, begin: u64) -> u64 {
        begin.saturating_add(self.window as u64)
    }

    /// From this second on no report is taken and the window may be judged.
    pub fn reports_until(&self, begin: u64) -> u64 {
        self.end_of(begin).saturating_add(self.report as u64)
    }

    /// From this second on no report of the window may be challenged.
    pub fn evidence_until(&self, begin: u64) -> u64 {
        self.reports_until(begin).saturating_add(self.evidence as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: PolicyTerms = PolicyTerms::DEFAULT;
    const LEAST: PolicyTerms = PolicyTerms {
        window: 1,
        report: 1,
        dwell: 1,
        roster: 10,
        enrol: 1,
        evidence: 1,
        strike: 10,
        quorum_bps: 5_001,
        poor_bps: 2,
        bad_bps: 1,
        operators: 2,
        regions: 2,
        networks: 2,
        degrade_after: 1,
        disable_after: 1,
        recover_after: 1,
        restore_after: 2,
        least_probes: 1,
        seats: 2,
    };
    const MOST: PolicyTerms = PolicyTerms {
        window: 86_400,
        report: 86_400,
        dwell: 604_800,
        roster: 518_400,
        enrol: 259_200,
        evidence: 2_592_000,
        strike: 31_536_000,
        quorum_bps: 10_000,
        poor_bps: 10_000,
        bad_bps: 9_999,
        operators: 16,
        regions: 16,
        networks: 16,
        degrade_after: 250,
        disable_after: 250,
        recover_after: 249,
        restore_after: 250,
        least_probes: 4_096,
        seats: 64,
    };

    #[test]
    fn terms_reach_both_ends_of_their_bounds() {
        for terms in [GOOD, LEAST, MOST] {
            assert_eq!(terms.check(), Ok(()), "{terms:?}");
        }
    }

    #[test]
    fn terms_come_apart_as_they_were_put_together() {
        let parts = ([1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15, 16, 17, 18, 19]);
        let terms = PolicyTerms::of(parts.0, parts.1, parts.2);
        assert_eq!(terms.parts(), parts);
        assert_eq!((terms.window, terms.strike, terms.least_probes, terms.seats), (1, 7, 11, 19));
    }

    #[test]
    fn terms_go_no_further() {
        let edges = [
            (PolicyTerms { window: 0, ..GOOD }, Refusal::PolicyWindowInvalid),
            (PolicyTerms { window: 86_401, ..MOST }, Refusal::PolicyWindowInvalid),
            (PolicyTerms { report: 0, ..GOOD }, Refusal::ReportTimeInvalid),
            (PolicyTerms { report: 301, ..GOOD }, Refusal::ReportTimeInvalid),
            (PolicyTerms { dwell: 299, ..GOOD }, Refusal::DwellInvalid),
            (PolicyTerms { dwell: 604_801, ..GOOD }, Refusal::DwellInvalid),
            (PolicyTerms { roster: 9, ..LEAST }, Refusal::RosterTimesInvalid),
            (PolicyTerms { roster: 518_401, ..MOST }, Refusal::RosterTimesInvalid),
            (PolicyTerms { enrol: 0, ..GOOD }, Refusal::RosterTimesInvalid),
            (PolicyTerms { enrol: 43_201, ..GOOD }, Refusal::RosterTimesInvalid),
            (PolicyTerms { evidence: 299, ..GOOD }, Refusal::PolicyEvidenceInvalid),
            (PolicyTerms { evidence: 2_592_001, ..GOOD }, Refusal::PolicyEvidenceInvalid),
            (PolicyTerms { strike: 86_399, ..GOOD }, Refusal::StrikeInvalid),
            (PolicyTerms { strike: 31_536_001, ..GOOD }, Refusal::StrikeInvalid),
            (PolicyTerms { quorum_bps: 5_000, ..GOOD }, Refusal::QuorumShareInvalid),
            (PolicyTerms { quorum_bps: 10_001, ..GOOD }, Refusal::QuorumShareInvalid),
            (PolicyTerms { bad_bps: 0, ..GOOD }, Refusal::MarksInvalid),
            (PolicyTerms { bad_bps: 9_500, ..GOOD }, Refusal::MarksInvalid),
            (PolicyTerms { poor_bps: 10_001, ..GOOD }, Refusal::MarksInvalid),
            (PolicyTerms { operators: 1, ..GOOD }, Refusal::DistinctInvalid),
            (PolicyTerms { operators: 17, ..GOOD }, Refusal::DistinctInvalid),
            (PolicyTerms { regions: 1, ..GOOD }, Refusal::DistinctInvalid),
            (PolicyTerms { regions: 17, ..GOOD }, Refusal::DistinctInvalid),
            (PolicyTerms { networks: 1, ..GOOD }, Refusal::DistinctInvalid),
            (PolicyTerms { networks: 17, ..GOOD }, Refusal::DistinctInvalid),
            (PolicyTerms { degrade_after: 0, ..GOOD }, Refusal::RunsInvalid),
            (PolicyTerms { degrade_after: 6, ..GOOD }, Refusal::RunsInvalid),
            (PolicyTerms { disable_after: 251, ..GOOD }, Refusal::RunsInvalid),
            (PolicyTerms { recover_after: 0, ..GOOD }, Refusal::RunsInvalid),
            (PolicyTerms { recover_after: 10, ..GOOD }, Refusal::RunsInvalid),
            (PolicyTerms { restore_after: 251, ..GOOD }, Refusal::RunsInvalid),
            (PolicyTerms { least_probes: 0, ..GOOD }, Refusal::LeastProbesInvalid),
            (PolicyTerms { least_probes: 4_097, ..GOOD }, Refusal::LeastProbesInvalid),
            (PolicyTerms { seats: 2, ..GOOD }, Refusal::SeatsInvalid),
            (PolicyTerms { seats: 65, ..GOOD }, Refusal::SeatsInvalid),
        ];
        for (terms, refusal) in edges {
            assert_eq!(terms.check(), Err(refusal), "{terms:?}");
        }
    }

    #[test]
    fn windows_begin_at_multiples_of_their_length_and_not_before_their_terms() {
        assert_eq!(GOOD.check_window(900, 900), Ok(()));
        assert_eq!(GOOD.check_window(900, 601), Ok(()));
        assert_eq!(GOOD.check_window(901, 0), Err(Refusal::WindowUnaligned));
        assert_eq!(GOOD.check_window(900, 901), Err(Refusal::WindowPassed));
        assert_eq!((GOOD.begin_of(899), GOOD.begin_of(900)), (600, 900));
        assert_eq!(GOOD.end_of(900), 1_200);
        assert_eq!(GOOD.reports_until(900), 1_500);
        assert_eq!(GOOD.evidence_until(900), 1_500 + 432_000);
        assert_eq!(GOOD.evidence_until(u64::MAX), u64::MAX);
    }
}
