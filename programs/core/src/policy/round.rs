//! Rounds and targets: when a report is taken, a window judged, an account closed.

use super::terms::{PolicyTerms, MAX_PROBES};
use crate::{ensure, time::is_over, Refusal, Result};

/// Kinds of target.
pub const BACKEND: u8 = 1;
pub const GATEWAY: u8 = 2;
/// Longest name of a target, bytes.
pub const MAX_NAME: usize = 128;
/// Seconds without a report after which a target may be closed.
pub const TARGET_IDLE: u64 = super::terms::MAX_EVIDENCE as u64;
/// Challenges of a set, at most.
pub const MAX_CHALLENGES: u16 = 256;

/// Refuses a kind or a name that no target has: names are visible ASCII.
pub fn check_target(kind: u8, name: &[u8]) -> Result<()> {
    ensure(kind == BACKEND || kind == GATEWAY, Refusal::TargetKindInvalid)?;
    let fits = !name.is_empty() && name.len() <= MAX_NAME;
    ensure(fits && name.iter().all(u8::is_ascii_graphic), Refusal::TargetNameInvalid)
}

/// Refuses a challenge set that is empty, too large, or not newer than the last.
pub fn check_set(version: u32, before: u32, count: u16) -> Result<()> {
    ensure(version > before, Refusal::SetVersionInvalid)?;
    ensure((1..=MAX_CHALLENGES).contains(&count), Refusal::SetCountInvalid)
}

/// Refuses counts that no honest report has.
pub fn check_counts(total: u16, ok: u16, terms: &PolicyTerms) -> Result<()> {
    ensure(total >= terms.least_probes, Refusal::ProbesTooFew)?;
    ensure(total <= MAX_PROBES && ok <= total, Refusal::ProbesInvalid)
}

/// Refuses a report before its window is over, or when the time of reports is.
pub fn check_report(terms: &PolicyTerms, begin: u64, now: u64) -> Result<()> {
    ensure(is_over(terms.end_of(begin), now), Refusal::WindowRunning)?;
    ensure(!is_over(terms.reports_until(begin), now), Refusal::ReportsOver)
}

/// Refuses to judge while reports are taken, or when their evidence is over.
pub fn check_judge(reports_until: u64, evidence_until: u64, now: u64) -> Result<()> {
    ensure(is_over(reports_until, now), Refusal::ReportsOpen)?;
    ensure(!is_over(evidence_until, now), Refusal::RoundOver)
}

/// Refuses to close a round whose evidence is not over.
pub fn check_close(evidence_until: u64, now: u64) -> Result<()> {
    ensure(is_over(evidence_until, now), Refusal::RoundLive)
}

/// Refuses to close a target that is not as good as new, or that somebody reported lately.
pub fn check_close_target(is_healthy: bool, reported_at: u64, now: u64) -> Result<()> {
    ensure(is_healthy && is_over(reported_at.saturating_add(TARGET_IDLE), now), Refusal::TargetLive)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: PolicyTerms = PolicyTerms::DEFAULT;

    #[test]
    fn a_target_has_a_kind_and_a_visible_name() {
        assert_eq!(check_target(1, b"udp://192.0.2.1:53"), Ok(()));
        assert_eq!(check_target(2, &[b'a'; 128]), Ok(()));
        assert_eq!(check_target(0, b"a"), Err(Refusal::TargetKindInvalid));
        assert_eq!(check_target(3, b"a"), Err(Refusal::TargetKindInvalid));
        for name in [&b""[..], &[b'a'; 129], b"a b", b"a\0", "\u{e9}".as_bytes(), b"\x7f"] {
            assert_eq!(check_target(1, name), Err(Refusal::TargetNameInvalid));
        }
    }

    #[test]
    fn sets_rise_and_have_1_to_256_challenges() {
        assert_eq!(check_set(1, 0, 1), Ok(()));
        assert_eq!(check_set(u32::MAX, 1, 256), Ok(()));
        assert_eq!(check_set(0, 0, 1), Err(Refusal::SetVersionInvalid));
        assert_eq!(check_set(u32::MAX, u32::MAX, 1), Err(Refusal::SetVersionInvalid));
        assert_eq!(check_set(2, 1, 0), Err(Refusal::SetCountInvalid));
        assert_eq!(check_set(2, 1, 257), Err(Refusal::SetCountInvalid));
    }

    #[test]
    fn a_report_counts_at_least_the_least_probes_and_at_most_a_records_index() {
        assert_eq!(check_counts(20, 20, &TERMS), Ok(()));
        assert_eq!(check_counts(4_096, 0, &TERMS), Ok(()));
        assert_eq!(check_counts(19, 0, &TERMS), Err(Refusal::ProbesTooFew));
        assert_eq!(check_counts(4_097, 0, &TERMS), Err(Refusal::ProbesInvalid));
        assert_eq!(check_counts(20, 21, &TERMS), Err(Refusal::ProbesInvalid));
        assert_eq!(check_counts(u16::MAX, u16::MAX, &TERMS), Err(Refusal::ProbesInvalid));
    }

    #[test]
    fn reports_judgement_and_closing_follow_each_other_to_the_second() {
        assert_eq!(check_report(&TERMS, 900, 1_199), Err(Refusal::WindowRunning));
        assert_eq!(check_report(&TERMS, 900, 1_200), Ok(()));
        assert_eq!(check_report(&TERMS, 900, 1_499), Ok(()));
        assert_eq!(check_report(&TERMS, 900, 1_500), Err(Refusal::ReportsOver));
        assert_eq!(check_judge(1_500, 2_000, 1_499), Err(Refusal::ReportsOpen));
        assert_eq!(check_judge(1_500, 2_000, 1_500), Ok(()));
        assert_eq!(check_judge(1_500, 2_000, 1_999), Ok(()));
        assert_eq!(check_judge(1_500, 2_000, 2_000), Err(Refusal::RoundOver));
        assert_eq!(check_close(2_000, 1_999), Err(Refusal::RoundLive));
        assert_eq!(check_close(2_000, 2_000), Ok(()));
    }

    #[test]
    fn a_window_at_the_end_of_time_is_never_over() {
        assert_eq!(check_report(&TERMS, u64::MAX - 15, u64::MAX - 1), Err(Refusal::WindowRunning));
        assert_eq!(check_report(&TERMS, u64::MAX - 15, u64::MAX), Err(Refusal::ReportsOver));
    }

    #[test]
    fn only_an_idle_healthy_target_is_closed() {
        assert_eq!(check_close_target(true, 1, TARGET_IDLE), Err(Refusal::TargetLive));
        assert_eq!(check_close_target(true, 1, TARGET_IDLE + 1), Ok(()));
        assert_eq!(check_close_target(false, 1, u64::MAX), Err(Refusal::TargetLive));
        assert_eq!(check_close_target(true, u64::MAX, u64::MAX - 1), Err(Refusal::TargetLive));
    }
}
