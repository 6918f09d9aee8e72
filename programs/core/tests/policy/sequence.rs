//! Random sequences of reports, drawn the same way in tests/sdk/support/policy-sequences.ts: a change here is a change there.

use tolldns_core::{
    policy::{
        quorum::{grade, verdict, Judgement, Masks, Seat},
        terms::PolicyTerms,
        transition::{share_bps, step, Standing, Transition, Verdict},
    },
    Refusal,
};

/// A counter through the finalizer of MurmurHash3.
pub struct Random(u32);

impl Random {
    pub fn new(seed: u32, number: u32) -> Self {
        Self(Self(seed.wrapping_add(number.wrapping_mul(0x85eb_ca77))).next())
    }

    pub fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9);
        let mut hash = self.0;
        hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
        hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
        hash ^ (hash >> 16)
    }

    pub fn below(&mut self, bound: u32) -> u32 {
        self.next() % bound
    }

    fn one_in(&mut self, bound: u32) -> bool {
        self.below(bound) == 0
    }
}

/// What one window brought.
pub struct Window<'a> {
    pub terms: &'a PolicyTerms,
    pub from: u64,
    pub seats: &'a [Seat],
    pub begin: u64,
    pub masks: Masks,
    pub judgement: Judgement,
    pub before: Standing,
    pub outcome: Result<(Standing, Option<Transition>), Refusal>,
}

impl Window<'_> {
    /// What TypeScript must find as well.
    pub fn bytes(&self) -> [u8; 9] {
        let (after, transition, refused) = match self.outcome {
            Ok((after, transition)) => (after, transition.is_some() as u8, 0),
            Err(refusal) => (self.before, 0, (refusal as u32 % 256) as u8),
        };
        let [low, high] = share_bps(after.runs.clean, self.terms).to_le_bytes();
        let verdict = self.judgement.verdict as u8;
        let runs = after.runs;
        [verdict, after.state as u8, runs.poor, runs.bad, runs.clean, low, high, transition, refused]
    }
}

/// Drawn in the order written.
fn draw_terms(random: &mut Random) -> PolicyTerms {
    let window = 1 + random.below(300);
    let report = 1 + random.below(window);
    let dwell = window * (1 + random.below(4)) + random.below(window);
    let quorum_bps = (5_001 + random.below(3_000)) as u16;
    let poor = 2 + random.below(9_999);
    let bad_bps = (1 + random.below(poor - 1)) as u16;
    let [operators, regions, networks] = std::array::from_fn(|_| 2 + random.below(3) as u8);
    let degrade = 1 + random.below(3) as u8;
    let disable = degrade + random.below(4) as u8;
    let recover = 1 + random.below(4) as u8;
    let restore = recover + 1 + random.below(6) as u8;
    let PolicyTerms { roster, enrol, evidence, strike, seats, .. } = PolicyTerms::DEFAULT;
    PolicyTerms::of(
        [window, report, dwell, roster, enrol, evidence, strike],
        [quorum_bps, poor as u16, bad_bps, 1 + random.below(30) as u16],
        [operators, regions, networks, degrade, disable, recover, restore, seats],
    )
}

fn draw_seat(random: &mut Random) -> Seat {
    let high = random.one_in(4);
    let low = random.next() as u64;
    let weight = if random.one_in(10) { 0 } else { low << if high { 32 } else { 8 } };
    let region = random.below(9) as u8;
    let network = random.below(9) as u8;
    Seat { weight, region, network, struck: random.one_in(10) }
}

/// What most of a window's verifiers see: clean, poor, bad, or everybody something else.
fn draw_report(random: &mut Random, mood: u32, terms: &PolicyTerms) -> Option<Verdict> {
    if random.one_in(12) {
        return None;
    }
    let total = terms.least_probes as u32 + random.below(40);
    let seen = if mood == 3 || random.one_in(16) { random.below(4) } else { mood };
    let ok = match seen {
        0 => total,
        1 => (total * terms.poor_bps as u32).div_ceil(10_000) - 1,
        2 => 0,
        _ => random.below(total + 2),
    };
    Some(grade(total as u16, ok as u16, terms))
}

/// Plays one sequence and shows every window of it. Returns the terms it ended with, since when they hold, and the target.
pub fn play(seed: u32, number: u32, show: &mut impl FnMut(&Window)) -> (PolicyTerms, u64, Standing) {
    let random = &mut Random::new(seed, number);
    let mut terms = draw_terms(random);
    let count = 2 + random.below(12);
    let mut seats: Vec<Seat> = (0..count).map(|_| draw_seat(random)).collect();
    let mut begin = terms.window as u64 * (10 + random.below(1_000) as u64);
    let mut from = 0;
    let mut standing = Standing::new(begin - random.below(terms.window * 10) as u64);
    let mut mood = random.below(4);
    for _ in 0..8 + random.below(32) {
        if random.one_in(6) {
            mood = random.below(4);
        }
        if random.one_in(24) {
            let place = random.below(count) as usize;
            seats[place].struck = true;
        }
        if random.one_in(48) {
            from = begin + random.below(terms.window) as u64;
            terms = draw_terms(random);
            begin = from.next_multiple_of(terms.window as u64);
        }
        let masks =
            (0..count).fold(Masks::default(), |masks, seat| match draw_report(random, mood, &terms) {
                Some(grade) => masks.with(seat as u8, grade),
                None => masks,
            });
        let asked = match random.below(24) {
            0 => begin.saturating_sub(terms.window as u64),
            1 => begin + 1,
            2 => begin + terms.window as u64,
            _ => begin,
        };
        let judgement = verdict(seats.iter().copied(), &masks, &terms);
        let outcome = step(&standing, asked, judgement.verdict, &terms, from);
        let window = Window {
            terms: &terms,
            from,
            seats: &seats,
            begin: asked,
            masks,
            judgement,
            before: standing,
            outcome,
        };
        show(&window);
        if let Ok((after, _)) = outcome {
            standing = after;
            begin = terms.end_of(asked);
        }
    }
    (terms, from, standing)
}
