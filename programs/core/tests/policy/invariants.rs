//! A million random sequences of reports keep what the table promises. What is promised is reckoned here anew from the history, never from the runs that the rules keep.

use tolldns_core::{
    policy::{
        quorum::{verdict, Judgement, Masks, Seat},
        terms::PolicyTerms,
        transition::{share_bps, step, Standing, State, Transition, Verdict},
    },
    Refusal,
};

use super::sequence::{play, Random, Window};

const SEQUENCES: u32 = 1_000_000;
const DEFAULT_SEED: u32 = 20_261_121;

/// A window that was judged: its begin, its verdict, since when its terms hold.
type Judged = (u64, Verdict, u64);

/// Is a quorum there, counted the long way round?
fn has_quorum(seats: &[Seat], mask: u64, terms: &PolicyTerms) -> bool {
    let live = |place: &usize| !seats[*place].struck && seats[*place].weight != 0;
    let weigh = |place: usize| seats[place].weight as u128;
    let total: u128 = (0..seats.len()).filter(live).map(weigh).sum();
    let side = || (0..seats.len()).filter(live).filter(|place| mask >> place & 1 == 1);
    let differ = |of: fn(&Seat) -> u8| {
        let first = |place: &usize| side().find(|other| of(&seats[*other]) == of(&seats[*place]));
        side().filter(|place| first(place) == Some(*place)).count()
    };
    side().map(weigh).sum::<u128>() * 10_000 >= total * terms.quorum_bps as u128
        && side().count() >= terms.operators as usize
        && differ(|seat| seat.region) >= terms.regions as usize
        && differ(|seat| seat.network) >= terms.networks as usize
}

/// A verdict is a quorum's, the worst one; nobody else's reports and no order of seats changes it.
fn check_verdict(window: &Window, random: &mut Random) {
    let Window { terms, seats, masks, judgement, .. } = *window;
    let Masks { clean, poor, bad } = masks;
    let expected = [(bad, Verdict::Bad), (poor | bad, Verdict::Poor), (clean, Verdict::Clean)]
        .into_iter()
        .find(|(mask, _)| has_quorum(seats, *mask, terms))
        .map_or(Verdict::Unknown, |found| found.1);
    assert_eq!(judgement.verdict, expected);
    let holders = match expected {
        Verdict::Unknown => return check_foreign(window, judgement),
        Verdict::Clean => clean,
        Verdict::Poor => poor | bad,
        Verdict::Bad => bad,
    };
    assert!(holders.count_ones() >= 2, "one operator is no quorum");
    let held = match expected {
        Verdict::Clean => judgement.clean,
        Verdict::Poor => judgement.poor,
        _ => judgement.bad,
    };
    assert!(held * 10_000 >= judgement.total * terms.quorum_bps as u128 && held * 2 > judgement.total);
    for of in [|seat: &Seat| seat.region, |seat: &Seat| seat.network] {
        let one = of(&seats[random.below(seats.len() as u32) as usize]);
        let lonely = (0..seats.len()).filter(|place| of(&seats[*place]) == one).fold(0, |m, p| m | 1 << p);
        assert!(!has_quorum(seats, holders & lonely, terms), "one region or network is no quorum");
    }
    check_foreign(window, judgement);
}

/// What struck, weightless and missing seats say is as if unsaid; seats may stand in any order.
fn check_foreign(window: &Window, judgement: Judgement) {
    let Window { terms, seats, masks, .. } = *window;
    let counts = (0..seats.len()).filter(|place| !seats[*place].struck && seats[*place].weight != 0);
    let kept = counts.fold(0u64, |mask, place| mask | 1 << place);
    for noise in [0, !kept] {
        let heard =
            Masks { clean: masks.clean & kept, poor: masks.poor & kept, bad: masks.bad & kept | noise };
        assert_eq!(verdict(seats.iter().copied(), &heard, terms), judgement);
    }
    let turn = |mask: u64| mask.reverse_bits() >> (64 - seats.len());
    let turned = Masks { clean: turn(masks.clean), poor: turn(masks.poor), bad: turn(masks.bad) };
    assert_eq!(verdict(seats.iter().rev().copied(), &turned, terms), judgement);
}

/// How many windows in a row, up to the last, were so, without a gap and under the same terms.
fn run(history: &[Judged], terms: &PolicyTerms, fits: impl Fn(Verdict) -> bool) -> usize {
    let mut length = 0;
    for (place, (begin, verdict, from)) in history.iter().enumerate().rev() {
        let follows =
            history.get(place + 1).is_none_or(|next| terms.end_of(*begin) == next.0 && *from == next.2);
        if !follows || !fits(*verdict) {
            break;
        }
        length += 1;
    }
    length
}

fn is_below(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Poor | Verdict::Bad)
}

/// A window's step is what the history allows.
fn check_step(
    before: &Standing,
    after: &Standing,
    moved: Option<Transition>,
    terms: &PolicyTerms,
    history: &[Judged],
) {
    let clean = run(history, terms, |verdict| verdict == Verdict::Clean);
    let below = run(history, terms, is_below);
    let bad = run(history, terms, |verdict| verdict == Verdict::Bad);
    assert_eq!(
        (after.runs.clean as usize, after.runs.poor as usize, after.runs.bad as usize),
        (clean, below, bad)
    );
    let Some(Transition { from, to, at }) = moved else {
        assert_eq!(
            (after.state, after.since, after.transitions),
            (before.state, before.since, before.transitions)
        );
        return;
    };
    assert!(from == before.state && to == after.state && from != to && at == after.since);
    assert_eq!(after.transitions, before.transitions + 1);
    assert!(at >= before.since + terms.dwell as u64, "two transitions within a dwell");
    assert!(after.verdict != Verdict::Unknown, "moved by nothing");
    match (from, to) {
        (State::Disabled | State::Degraded, State::Recovering) => {
            assert!(clean >= terms.recover_after as usize)
        }
        (State::Recovering, State::Healthy) => assert!(clean >= terms.restore_after as usize),
        (State::Healthy | State::Recovering, State::Degraded) => {
            assert!(below >= terms.degrade_after as usize)
        }
        (State::Healthy | State::Degraded | State::Recovering, State::Disabled) => {
            assert!(bad >= terms.disable_after as usize)
        }
        other => panic!("no such way: {other:?}"),
    }
}

/// Clean windows lead from anywhere to HEALTHY, within what dwell and runs ask for, by a ramp that only climbs.
fn check_way_back(terms: &PolicyTerms, from: u64, standing: Standing) {
    let dwell = terms.dwell.div_ceil(terms.window) as u64;
    let mut standing = standing;
    let start = terms.end_of(standing.judged).max(from).next_multiple_of(terms.window as u64);
    let late = standing.since.saturating_sub(start).div_ceil(terms.window as u64);
    let recovered = (terms.recover_after as u64).max(dwell + late);
    let bound = (terms.restore_after as u64).max(recovered + dwell);
    let mut share = 0;
    for window in 0..bound {
        let begin = start + window * terms.window as u64;
        standing = step(&standing, begin, Verdict::Clean, terms, from).unwrap().0;
        let next = share_bps(standing.runs.clean, terms);
        assert!((1..=10_000).contains(&next));
        if window != 0 {
            assert!(next >= share, "the ramp climbs");
        }
        share = next;
    }
    assert_eq!((standing.state, share), (State::Healthy, 10_000), "no way back within {bound} windows");
}

fn check_sequence(seed: u32, number: u32) -> u64 {
    let mut history: Vec<Judged> = Vec::new();
    let mut moves = 0;
    let mut random = Random::new(!seed, number);
    let (terms, from, standing) = play(seed, number, &mut |window| {
        let Window { terms, from, begin, judgement, before, .. } = *window;
        check_verdict(window, &mut random);
        match window.outcome {
            Ok((after, moved)) => {
                history.push((begin, judgement.verdict, from));
                check_step(&before, &after, moved, terms, &history);
                moves += moved.is_some() as u64;
                // The same window, or an older one, is never judged again: nothing is gained by trying later.
                let again = step(&after, begin, Verdict::Clean, terms, from);
                assert_eq!(again, Err(Refusal::WindowPassed));
            }
            Err(refusal) => {
                let is_aligned = begin % terms.window as u64 == 0;
                assert_eq!(refusal == Refusal::WindowUnaligned, !is_aligned);
                assert!(!is_aligned || begin < from || begin <= before.judged);
            }
        }
    });
    check_way_back(&terms, from, standing);
    moves
}

#[test]
fn a_million_random_sequences_of_reports_keep_what_the_table_promises() {
    let seed = std::env::var("TOLLDNS_SEED").map_or(DEFAULT_SEED, |text| text.parse().expect("a number"));
    println!("seed {seed}");
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get()) as u32;
    let moves: u64 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                scope.spawn(move || {
                    let mine = (worker..SEQUENCES).step_by(threads as usize);
                    mine.map(|number| {
                        let checked = std::panic::catch_unwind(|| check_sequence(seed, number));
                        checked.unwrap_or_else(|_| panic!("seed {seed}, sequence {number}"))
                    })
                    .sum::<u64>()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("every sequence holds")).sum()
    });
    assert!(moves > SEQUENCES as u64, "only {moves} transitions: the sequences try too little");
}
