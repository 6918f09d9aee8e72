//! Rosters: when one may be opened and closed, for which windows it holds, who gets a seat.

use super::terms::PolicyTerms;
use crate::{ensure, stake::terms::MIN_EXIT_DELAY, time::is_over, Refusal, Result};

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

    /// Refuses a report once stake that the snapshot counts may be gone. A roster that nobody follows has no say from then on, whatever windows it would hold for.
    pub fn check_backed(&self, now: u64) -> Result<()> {
        ensure(!is_over(self.opened_at.saturating_add(MIN_EXIT_DELAY as u64), now), Refusal::RosterNotInForce)
    }
}

/// Refuses to close a roster before its evidence is over (0 while it is the newest).
pub fn check_close(evidence_ends: u64, now: u64) -> Result<()> {
    ensure(evidence_ends != 0 && is_over(evidence_ends, now), Refusal::RosterLive)
}

/// Where a seat is, and the ordinals of its region and network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub region: u16,
    pub asn: u32,
    pub region_ordinal: u8,
    pub network_ordinal: u8,
}

/// No ordinal.
const NONE: u8 = u8::MAX;

/// Gives a region and a network their ordinals among a roster's, whose `others` are its other seats: those of who has the same, else the least that are free. Below 64
/// for 64 seats.
pub fn place(region: u16, asn: u32, others: impl Iterator<Item = Placed>) -> Placed {
    let (mut regions, mut networks) = (0u64, 0u64);
    let (mut region_ordinal, mut network_ordinal) = (NONE, NONE);
    others.for_each(|other| {
        regions |= 1 << (other.region_ordinal & 63);
        networks |= 1 << (other.network_ordinal & 63);
        if other.region == region {
            region_ordinal = other.region_ordinal;
        }
        if other.asn == asn {
            network_ordinal = other.network_ordinal;
        }
    });
    if region_ordinal == NONE {
        region_ordinal = regions.trailing_ones() as u8;
    }
    if network_ordinal == NONE {
        network_ordinal = networks.trailing_ones() as u8;
    }
    Placed { region, asn, region_ordinal, network_ordinal }
}

/// Where an operator sits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It has this seat already.
    Taken(usize),
    /// It may have this one: the next, or in a full roster that of the last of the lightest operators, who gives way.
    Free(usize),
}

/// The seat for the operator at this place of the stake tree, with this weight, in a roster with so much room. `seats`: places and weights of who sits there, in order.
pub fn find_seat(
    index: u32,
    weight: u64,
    room: usize,
    seats: impl ExactSizeIterator<Item = (u32, u64)>,
) -> Result<Found> {
    let taken = seats.len();
    let (mut least, mut lightest) = (u64::MAX, 0);
    for (seat, (its_index, its_weight)) in seats.enumerate() {
        if its_index == index {
            return Ok(Found::Taken(seat));
        }
        if its_weight <= least {
            (least, lightest) = (its_weight, seat);
        }
    }
    if taken < room {
        return Ok(Found::Free(taken));
    }
    ensure(weight > least, Refusal::RosterFull)?;
    Ok(Found::Free(lightest))
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
    fn a_roster_reports_no_longer_than_its_stake_must_stay() {
        assert_eq!(TIMES.check_backed(1_000 + 691_199), Ok(()));
        assert_eq!(TIMES.check_backed(1_000 + 691_200), Err(Refusal::RosterNotInForce));
        let late = Times { opened_at: u64::MAX - 1, ..TIMES };
        assert_eq!(late.check_backed(u64::MAX - 1), Ok(()));
    }

    #[test]
    fn the_newest_roster_is_never_closed_and_others_when_their_evidence_is_over() {
        assert_eq!(check_close(0, u64::MAX), Err(Refusal::RosterLive));
        assert_eq!(check_close(10, 9), Err(Refusal::RosterLive));
        assert_eq!(check_close(10, 10), Ok(()));
    }

    #[test]
    fn equal_values_share_an_ordinal_and_new_ones_get_the_least_free() {
        let seat = |region, region_ordinal, asn, network_ordinal| Placed {
            region,
            asn,
            region_ordinal,
            network_ordinal,
        };
        let others = [seat(10, 0, 7, 1), seat(11, 1, 7, 1), seat(12, 3, 8, 0)];
        let placed = |region, asn| place(region, asn, others.into_iter());
        assert_eq!(placed(11, 8), seat(11, 1, 8, 0));
        assert_eq!(placed(13, 9), seat(13, 2, 9, 2));
        assert_eq!(place(13, 9, core::iter::empty()), seat(13, 0, 9, 0));
        let many = (0..63).map(|i| seat(i, i as u8, i as u32, i as u8));
        assert_eq!(place(99, 99, many), seat(99, 63, 99, 63));
    }

    #[test]
    fn the_last_of_the_lightest_seats_gives_way_to_more_and_not_to_as_much() {
        let seats = [(0, 5), (1, 3), (2, 9), (7, 3)];
        let found = |index, weight, room| find_seat(index, weight, room, seats.into_iter());
        assert_eq!(found(9, 4, 4), Ok(Found::Free(3)));
        assert_eq!(found(9, 3, 4), Err(Refusal::RosterFull));
        assert_eq!(found(9, 1, 5), Ok(Found::Free(4)));
        assert_eq!(found(7, 1, 4), Ok(Found::Taken(3)));
        assert_eq!(found(7, 1, 5), Ok(Found::Taken(3)));
        let full = [(0, u64::MAX); 64].into_iter();
        assert_eq!(find_seat(99, u64::MAX, 64, full), Err(Refusal::RosterFull));
    }
}
