//! Rosters: when one may be opened and closed, for which windows it holds, who gets a seat.

use super::terms::PolicyTerms;
use crate::{ensure, time::is_over, Refusal, Result};

/// Role of the nodes that may take a seat.
pub const ROLE_VERIFIER: u8 = 6;

/// A roster's times, Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub opened_at: u64,
    /// The first second after enrolment; the first window it holds for begins here or later.
    pub enrolment_ends: u64,
    pub ends: u64,
}

impl Times {
    /// Of a roster opened now.
    pub fn from(now: u64, terms: &PolicyTerms) -> Self {
        Self {
            opened_at: now,
            enrolment_ends: now.saturating_add(terms.enrol as u64),
            ends: now.saturating_add(terms.roster as u64),
        }
    }

    /// May the next be opened? From the enrolment's length before this one's end, so that no window is without; and once its enrolment ended with too few seats for
    /// any quorum, for then it never judges.
    pub fn check_next(&self, seats: usize, terms: &PolicyTerms, now: u64) -> Result<()> {
        let due = is_over(self.ends.saturating_sub(terms.enrol as u64), now);
        let idle = seats < terms.operators as usize;
        ensure(is_over(self.enrolment_ends, now) && (due || idle), Refusal::RosterTooEarly)
    }

    /// Refuses a seat once enrolment is over.
    pub fn check_enrol(&self, now: u64) -> Result<()> {
        ensure(!is_over(self.enrolment_ends, now), Refusal::EnrolmentOver)
    }

    /// Refuses a window that began before the roster was in force, or from when on the next one is (`superseded_at`, 0 while there is none).
    pub fn check_in_force(&self, superseded_at: u64, begin: u64) -> Result<()> {
        let superseded = superseded_at != 0 && begin >= superseded_at;
        ensure(begin >= self.enrolment_ends && !superseded, Refusal::RosterNotInForce)
    }
}

/// Refuses to close a roster before its evidence is over (0 while it is the newest).
pub fn check_close(evidence_ends: u64, now: u64) -> Result<()> {
    ensure(evidence_ends != 0 && is_over(evidence_ends, now), Refusal::RosterLive)
}

/// The ordinal of a region or network among a roster's, `taken` by its other seats: theirs who have the same, else the least that is free. Below 64 for 64 seats.
pub fn ordinal<T: PartialEq>(value: T, taken: impl Iterator<Item = (T, u8)>) -> u8 {
    let mut used = 0u64;
    for (other, ordinal) in taken {
        if other == value {
            return ordinal;
        }
        used |= 1 << (ordinal & 63);
    }
    used.trailing_ones() as u8
}

/// The seat of a full roster that gives way to this weight: the last of the lightest.
pub fn gives_way(weight: u64, seats: impl Iterator<Item = u64>) -> Result<usize> {
    let mut least = (u64::MAX, 0);
    for (seat, its) in seats.enumerate() {
        if its <= least.0 {
            least = (its, seat);
        }
    }
    ensure(weight > least.0, Refusal::RosterFull)?;
    Ok(least.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: PolicyTerms = PolicyTerms::DEFAULT;
    const TIMES: Times = Times { opened_at: 1_000, enrolment_ends: 4_600, ends: 87_400 };

    #[test]
    fn a_roster_has_its_times_from_when_it_was_opened() {
        assert_eq!(Times::from(1_000, &TERMS), TIMES);
        assert_eq!(Times::from(u64::MAX, &TERMS).ends, u64::MAX);
    }

    #[test]
    fn the_next_opens_an_enrolment_before_the_end_and_not_a_second_earlier() {
        assert_eq!(TIMES.check_next(3, &TERMS, 83_799), Err(Refusal::RosterTooEarly));
        assert_eq!(TIMES.check_next(3, &TERMS, 83_800), Ok(()));
        assert_eq!(TIMES.check_next(3, &TERMS, u64::MAX), Ok(()));
    }

    #[test]
    fn a_roster_without_enough_operators_is_followed_once_its_enrolment_is_over() {
        assert_eq!(TIMES.check_next(2, &TERMS, 4_599), Err(Refusal::RosterTooEarly));
        assert_eq!(TIMES.check_next(2, &TERMS, 4_600), Ok(()));
        assert_eq!(TIMES.check_next(3, &TERMS, 4_600), Err(Refusal::RosterTooEarly));
    }

    #[test]
    fn longer_enrolments_set_since_do_not_cut_the_one_that_runs() {
        let long = PolicyTerms { enrol: 86_400, ..TERMS };
        assert_eq!(TIMES.check_next(3, &long, 4_599), Err(Refusal::RosterTooEarly));
        assert_eq!(TIMES.check_next(3, &long, 4_600), Ok(()));
    }

    #[test]
    fn seats_are_taken_until_the_second_enrolment_ends() {
        assert_eq!(TIMES.check_enrol(4_599), Ok(()));
        assert_eq!(TIMES.check_enrol(4_600), Err(Refusal::EnrolmentOver));
    }

    #[test]
    fn a_roster_holds_for_windows_that_begin_in_its_time() {
        assert_eq!(TIMES.check_in_force(0, 4_599), Err(Refusal::RosterNotInForce));
        assert_eq!(TIMES.check_in_force(0, 4_600), Ok(()));
        assert_eq!(TIMES.check_in_force(0, u64::MAX), Ok(()));
        assert_eq!(TIMES.check_in_force(87_400, 87_399), Ok(()));
        assert_eq!(TIMES.check_in_force(87_400, 87_400), Err(Refusal::RosterNotInForce));
    }

    #[test]
    fn the_newest_roster_is_never_closed_and_others_when_their_evidence_is_over() {
        assert_eq!(check_close(0, u64::MAX), Err(Refusal::RosterLive));
        assert_eq!(check_close(10, 9), Err(Refusal::RosterLive));
        assert_eq!(check_close(10, 10), Ok(()));
    }

    #[test]
    fn equal_values_share_an_ordinal_and_new_ones_get_the_least_free() {
        let taken = [(10, 0), (11, 1), (12, 3)];
        assert_eq!(ordinal(11, taken.into_iter()), 1);
        assert_eq!(ordinal(13, taken.into_iter()), 2);
        assert_eq!(ordinal(13, core::iter::empty()), 0);
        assert_eq!(ordinal(99, (0..63).map(|i| (i, i as u8))), 63);
    }

    #[test]
    fn the_last_of_the_lightest_seats_gives_way_to_more_and_not_to_as_much() {
        let seats = [5, 3, 9, 3];
        assert_eq!(gives_way(4, seats.into_iter()), Ok(3));
        assert_eq!(gives_way(3, seats.into_iter()), Err(Refusal::RosterFull));
        assert_eq!(gives_way(u64::MAX, [u64::MAX; 64].into_iter()), Err(Refusal::RosterFull));
    }
}
