//! What the reports of one window say together.

use super::{
    terms::{PolicyTerms, MAX_SEATS},
    transition::Verdict,
};
use crate::split::WHOLE_BPS;

/// What a verdict needs to know of a seat. Region and network are the ordinals of theirs among the roster's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    pub weight: u64,
    pub region: u8,
    pub network: u8,
    pub struck: bool,
}

/// Who reported what, a bit a seat; no seat is in two. `poor` is without the bad ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masks {
    pub clean: u64,
    pub poor: u64,
    pub bad: u64,
}

/// A window's verdict and the weights behind it; `poor` is with the bad ones, `total` is the roster's without struck seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub clean: u128,
    pub poor: u128,
    pub bad: u128,
    pub total: u128,
}

/// What one report says: `ok` of `total` probes succeeded. A report of too few probes, or of more successes than probes, says nothing.
pub fn grade(total: u16, ok: u16, terms: &PolicyTerms) -> Verdict {
    if total == 0 || total < terms.least_probes || ok > total {
        return Verdict::Unknown;
    }
    let succeeded = ok as u64 * WHOLE_BPS;
    let below = |bps: u16| succeeded < total as u64 * bps as u64;
    if below(terms.bad_bps) {
        Verdict::Bad
    } else if below(terms.poor_bps) {
        Verdict::Poor
    } else {
        Verdict::Clean
    }
}

impl Masks {
    /// Has the seat reported?
    pub const fn holds(&self, seat: u8) -> bool {
        seat < MAX_SEATS && (self.clean | self.poor | self.bad) >> seat & 1 == 1
    }

    /// Notes a seat's report. An UNKNOWN one leaves no trace.
    pub const fn with(self, seat: u8, grade: Verdict) -> Self {
        if seat >= MAX_SEATS {
            return self;
        }
        let bit = 1u64 << seat;
        match grade {
            Verdict::Unknown => self,
            Verdict::Clean => Self { clean: self.clean | bit, ..self },
            Verdict::Poor => Self { poor: self.poor | bit, ..self },
            Verdict::Bad => Self { bad: self.bad | bit, ..self },
        }
    }
}

/// Those who say the same: what they weigh, and a bit each for operators (by their seats), regions and networks.
#[derive(Clone, Copy, Default)]
struct Side {
    weight: u128,
    operators: u64,
    regions: u64,
    networks: u64,
}

impl Side {
    #[inline(always)]
    fn add(&mut self, bit: u64, seat: &Seat) {
        // At most 64 weights of 64 bits.
        self.weight = self.weight.wrapping_add(seat.weight as u128);
        self.operators |= bit;
        self.regions |= 1u64.checked_shl(seat.region as u32).unwrap_or(0);
        self.networks |= 1u64.checked_shl(seat.network as u32).unwrap_or(0);
    }

    fn with(&self, other: &Side) -> Side {
        Side {
            weight: self.weight + other.weight,
            operators: self.operators | other.operators,
            regions: self.regions | other.regions,
            networks: self.networks | other.networks,
        }
    }

    fn is_quorum(&self, total: u128, terms: &PolicyTerms) -> bool {
        // At most 64 weights of 64 bits, times less than 2^14.
        self.weight * WHOLE_BPS as u128 >= total * terms.quorum_bps as u128
            && self.operators.count_ones() >= terms.operators as u32
            && self.regions.count_ones() >= terms.regions as u32
            && self.networks.count_ones() >= terms.networks as u32
    }
}

/// Judges a window by the reports of a roster, seats in their order. Struck seats and seats without weight are not there; a roster has one seat an operator.
pub fn verdict(seats: impl IntoIterator<Item = Seat>, masks: &Masks, terms: &PolicyTerms) -> Judgement {
    let Masks { clean, poor, bad } = *masks;
    let twice = clean & poor | clean & bad | poor & bad;
    let (clean, poor, bad) = (clean & !twice, poor & !twice, bad & !twice);
    let (mut for_clean, mut for_poor, mut for_bad) = (Side::default(), Side::default(), Side::default());
    let mut total = 0u128;
    let mut next = 1u64;
    for seat in seats.into_iter().take(MAX_SEATS as usize) {
        let bit = next;
        next <<= 1;
        if seat.struck || seat.weight == 0 {
            continue;
        }
        total = total.wrapping_add(seat.weight as u128);
        if clean & bit != 0 {
            for_clean.add(bit, &seat);
        } else if poor & bit != 0 {
            for_poor.add(bit, &seat);
        } else if bad & bit != 0 {
            for_bad.add(bit, &seat);
        }
    }
    let below = for_poor.with(&for_bad);
    let verdict = if for_bad.is_quorum(total, terms) {
        Verdict::Bad
    } else if below.is_quorum(total, terms) {
        Verdict::Poor
    } else if for_clean.is_quorum(total, terms) {
        Verdict::Clean
    } else {
        Verdict::Unknown
    };
    Judgement { verdict, clean: for_clean.weight, poor: below.weight, bad: for_bad.weight, total }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: PolicyTerms = PolicyTerms::DEFAULT;

    /// Three seats of their own region and network each.
    fn three(weights: [u64; 3]) -> [Seat; 3] {
        core::array::from_fn(|place| Seat {
            weight: weights[place],
            region: place as u8,
            network: place as u8,
            struck: false,
        })
    }

    fn judged(seats: &[Seat], masks: Masks) -> Verdict {
        verdict(seats.iter().copied(), &masks, &TERMS).verdict
    }

    #[test]
    fn a_report_is_graded_to_the_probe() {
        let graded = |ok| grade(10_000, ok, &TERMS);
        assert_eq!((graded(7_499), graded(7_500)), (Verdict::Bad, Verdict::Poor));
        assert_eq!((graded(9_499), graded(9_500)), (Verdict::Poor, Verdict::Clean));
        assert_eq!((graded(10_000), graded(10_001)), (Verdict::Clean, Verdict::Unknown));
        assert_eq!((grade(19, 19, &TERMS), grade(20, 20, &TERMS)), (Verdict::Unknown, Verdict::Clean));
        let none = PolicyTerms { least_probes: 0, ..TERMS };
        assert_eq!(grade(0, 0, &none), Verdict::Unknown);
    }

    #[test]
    fn masks_remember_one_grade_a_seat() {
        let masks = Masks::default()
            .with(0, Verdict::Clean)
            .with(1, Verdict::Poor)
            .with(63, Verdict::Bad)
            .with(2, Verdict::Unknown)
            .with(64, Verdict::Clean);
        assert_eq!(masks, Masks { clean: 1, poor: 2, bad: 1 << 63 });
        assert!(masks.holds(0) && masks.holds(1) && masks.holds(63));
        assert!(!masks.holds(2) && !masks.holds(64));
    }

    #[test]
    fn a_quorum_is_met_exactly_at_its_share() {
        let rest = |weight| {
            let [a, b, c] = three([2_000, 2_000, 2_700]);
            [a, b, c, Seat { weight, ..a }]
        };
        let all = Masks { clean: 0b0111, ..Masks::default() };
        assert_eq!(judged(&rest(3_300), all), Verdict::Clean);
        assert_eq!(judged(&rest(3_301), all), Verdict::Unknown);
    }

    #[test]
    fn the_worst_that_a_quorum_says_holds() {
        let seats = three([1, 1, 1]);
        assert_eq!(judged(&seats, Masks { bad: 7, ..Masks::default() }), Verdict::Bad);
        assert_eq!(judged(&seats, Masks { bad: 3, poor: 4, clean: 0 }), Verdict::Poor);
        assert_eq!(judged(&seats, Masks { clean: 7, ..Masks::default() }), Verdict::Clean);
        assert_eq!(judged(&seats, Masks { clean: 3, poor: 4, bad: 0 }), Verdict::Unknown);
        assert_eq!(judged(&seats, Masks { clean: 3, ..Masks::default() }), Verdict::Unknown);
        assert_eq!(judged(&seats, Masks::default()), Verdict::Unknown);
        assert_eq!(judged(&[], Masks { clean: 7, ..Masks::default() }), Verdict::Unknown);
    }

    #[test]
    fn two_regions_or_networks_are_too_few_whatever_they_weigh() {
        let all = Masks { bad: 7, ..Masks::default() };
        let mut seats = three([u64::MAX; 3]);
        assert_eq!(judged(&seats, all), Verdict::Bad);
        seats[2].region = 1;
        assert_eq!(judged(&seats, all), Verdict::Unknown);
        let mut seats = three([u64::MAX; 3]);
        seats[2].network = 0;
        assert_eq!(judged(&seats, all), Verdict::Unknown);
        let mut seats = three([u64::MAX; 3]);
        seats[2].region = 64;
        assert_eq!(judged(&seats, all), Verdict::Unknown);
    }

    #[test]
    fn struck_and_weightless_seats_neither_count_nor_weigh() {
        let [a, b, c] = three([1, 1, 1]);
        let away = |seat: Seat| [a, b, c, Seat { region: 3, network: 3, ..seat }];
        let struck = Seat { weight: u64::MAX, struck: true, ..a };
        let empty = Seat { weight: 0, ..a };
        for seat in [struck, empty] {
            assert_eq!(judged(&away(seat), Masks { clean: 7, bad: 8, poor: 0 }), Verdict::Clean);
            assert_eq!(judged(&away(seat), Masks { clean: 0b1011, ..Masks::default() }), Verdict::Unknown);
        }
    }

    #[test]
    fn a_seat_in_two_masks_counts_for_none() {
        let seats = three([1, 1, 1]);
        assert_eq!(judged(&seats, Masks { clean: 7, bad: 4, poor: 0 }), Verdict::Unknown);
        assert_eq!(judged(&seats, Masks { clean: 7, bad: 7, poor: 7 }), Verdict::Unknown);
    }

    #[test]
    fn weights_are_told_and_do_not_overflow() {
        let seats: [Seat; 64] = core::array::from_fn(|place| Seat {
            weight: u64::MAX,
            region: (place % 3) as u8,
            network: (place % 5) as u8,
            struck: false,
        });
        let masks = Masks { clean: 0, poor: 1, bad: u64::MAX - 1 };
        let told = verdict(seats, &masks, &TERMS);
        let weight = u64::MAX as u128;
        assert_eq!(
            told,
            Judgement {
                verdict: Verdict::Bad,
                clean: 0,
                poor: 64 * weight,
                bad: 63 * weight,
                total: 64 * weight
            }
        );
    }
}
