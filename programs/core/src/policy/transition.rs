//! A target's states, as one table.

use super::terms::PolicyTerms;
use crate::{ensure, split::WHOLE_BPS, time::is_over, Refusal, Result};

/// May it be asked?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    Healthy = 1,
    Degraded = 2,
    Disabled = 3,
    Recovering = 4,
}

/// What a quorum said of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Verdict {
    Unknown = 0,
    Clean = 1,
    Poor = 2,
    Bad = 3,
}

/// Windows in a row, up to now. `poor` counts the bad ones too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    pub poor: u8,
    pub bad: u8,
    pub clean: u8,
}

/// Which run a row of the table looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    Poor,
    Bad,
    Clean,
}

/// Which of the terms it must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    Degrade,
    Disable,
    Recover,
    Restore,
}

/// A way from states to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub from: &'static [State],
    pub to: State,
    pub run: Run,
    pub after: After,
}

use State::{Degraded, Disabled, Healthy, Recovering};

/// Every way there is; the first row that fits is taken, once `dwell` is over.
pub const TABLE: [Row; 4] = [
    Row { from: &[Healthy, Degraded, Recovering], to: Disabled, run: Run::Bad, after: After::Disable },
    Row { from: &[Healthy, Recovering], to: Degraded, run: Run::Poor, after: After::Degrade },
    Row { from: &[Degraded, Disabled], to: Recovering, run: Run::Clean, after: After::Recover },
    Row { from: &[Recovering], to: Healthy, run: Run::Clean, after: After::Restore },
];

/// What is kept of a target. Times in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    /// When it came into this state: the end of the window that moved it, or its registration.
    pub since: u64,
    pub runs: Runs,
    /// Begin of the last window judged; 0 before the first.
    pub judged: u64,
    /// What that window was.
    pub verdict: Verdict,
    /// How often the state has changed.
    pub transitions: u64,
}

/// A change of state, at the end of the window that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    pub from: State,
    pub to: State,
    pub at: u64,
}

impl State {
    /// The state of this number.
    pub const fn of(number: u8) -> Result<Self> {
        match number {
            1 => Ok(Self::Healthy),
            2 => Ok(Self::Degraded),
            3 => Ok(Self::Disabled),
            4 => Ok(Self::Recovering),
            _ => Err(Refusal::StateUnknown),
        }
    }
}

impl Verdict {
    /// The verdict of this number.
    pub const fn of(number: u8) -> Result<Self> {
        match number {
            0 => Ok(Self::Unknown),
            1 => Ok(Self::Clean),
            2 => Ok(Self::Poor),
            3 => Ok(Self::Bad),
            _ => Err(Refusal::StateUnknown),
        }
    }
}

impl Runs {
    /// Counts a window that follows the last one: its runs grow, the others end.
    pub const fn after(self, verdict: Verdict) -> Self {
        let Self { poor, bad, clean } = self;
        match verdict {
            Verdict::Unknown => Self { poor: 0, bad: 0, clean: 0 },
            Verdict::Clean => Self { poor: 0, bad: 0, clean: clean.saturating_add(1) },
            Verdict::Poor => Self { poor: poor.saturating_add(1), bad: 0, clean: 0 },
            Verdict::Bad => Self { poor: poor.saturating_add(1), bad: bad.saturating_add(1), clean: 0 },
        }
    }

    const fn of(&self, run: Run) -> u8 {
        match run {
            Run::Poor => self.poor,
            Run::Bad => self.bad,
            Run::Clean => self.clean,
        }
    }
}

impl Row {
    const fn reaches(&self, terms: &PolicyTerms) -> u8 {
        match self.after {
            After::Degrade => terms.degrade_after,
            After::Disable => terms.disable_after,
            After::Recover => terms.recover_after,
            After::Restore => terms.restore_after,
        }
    }

    fn fits(&self, state: State, runs: &Runs, terms: &PolicyTerms) -> bool {
        self.from.contains(&state) && runs.of(self.run) >= self.reaches(terms)
    }
}

impl Standing {
    /// A target nobody has judged yet, registered at this second.
    pub const fn new(now: u64) -> Self {
        let runs = Runs { poor: 0, bad: 0, clean: 0 };
        Self { state: Healthy, since: now, runs, judged: 0, verdict: Verdict::Unknown, transitions: 0 }
    }
}

/// Judges the window that began at `begin` under terms set at `from`. Windows are judged in order; one that was left out ends all runs, as new terms do.
pub fn step(
    standing: &Standing,
    begin: u64,
    verdict: Verdict,
    terms: &PolicyTerms,
    from: u64,
) -> Result<(Standing, Option<Transition>)> {
    let Standing { state, since, runs, judged, verdict: _, transitions } = *standing;
    terms.check_window(begin, from)?;
    ensure(begin > judged, Refusal::WindowPassed)?;
    let in_a_row = judged >= from && terms.end_of(judged) == begin;
    let runs = if in_a_row { runs } else { Runs::default() }.after(verdict);
    let at = terms.end_of(begin);
    let has_dwelt = at >= since.saturating_add(terms.dwell as u64);
    let row = TABLE.iter().find(|row| has_dwelt && row.fits(state, &runs, terms));
    let stays = Standing { state, since, runs, judged: begin, verdict, transitions };
    Ok(match row {
        None => (stays, None),
        Some(&Row { to, .. }) => (
            Standing { state: to, since: at, transitions: transitions.saturating_add(1), ..stays },
            Some(Transition { from: state, to, at }),
        ),
    })
}

/// Refuses a window before the one before it was judged: nobody may leave out what is known. `evidence_until` is of that window's Round if it is there and not judged,
/// `None` otherwise; what can't be judged any more, under older terms or without evidence, holds up nobody.
pub fn check_turn(
    begin: u64,
    evidence_until: Option<u64>,
    terms: &PolicyTerms,
    from: u64,
    now: u64,
) -> Result<()> {
    let Some(evidence_until) = evidence_until else { return Ok(()) };
    let is_old = begin < from.saturating_add(terms.window as u64);
    ensure(is_old || is_over(evidence_until, now), Refusal::WindowWaits)
}

/// What part of its questions a RECOVERING target gets after so many clean windows in a row, basis points: one step at first, all at `restore after`.
pub fn share_bps(clean: u8, terms: &PolicyTerms) -> u16 {
    let step = |after: u8| after.saturating_sub(terms.recover_after) as u64 + 1;
    let steps = step(terms.restore_after);
    (WHOLE_BPS * step(clean.min(terms.restore_after)) / steps) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: PolicyTerms = PolicyTerms::DEFAULT;
    const WINDOW: u64 = TERMS.window as u64;
    /// A standing whose dwell is over.
    const LONG: Standing = Standing { judged: 9_000, ..Standing::new(0) };

    /// Judges windows in a row and tells the states after each.
    fn walk<const N: usize>(mut standing: Standing, verdicts: [Verdict; N]) -> (Standing, [u8; N]) {
        let states = verdicts.map(|verdict| {
            let begin = standing.judged + WINDOW;
            standing = step(&standing, begin, verdict, &TERMS, 0).unwrap().0;
            standing.state as u8
        });
        (standing, states)
    }

    #[test]
    fn numbers_name_states_and_verdicts() {
        for number in 0..=255 {
            assert_eq!(State::of(number).map(|state| state as u8).is_ok(), (1..=4).contains(&number));
            assert_eq!(Verdict::of(number).is_ok(), number <= 3);
            assert!(State::of(number).map_or(true, |state| state as u8 == number));
            assert!(Verdict::of(number).map_or(true, |verdict| verdict as u8 == number));
        }
    }

    #[test]
    fn verdicts_add_to_their_runs_and_end_the_others() {
        let runs = Runs { poor: 5, bad: 3, clean: 255 };
        assert_eq!(runs.after(Verdict::Unknown), Runs::default());
        assert_eq!(runs.after(Verdict::Clean), Runs { poor: 0, bad: 0, clean: 255 });
        assert_eq!(runs.after(Verdict::Poor), Runs { poor: 6, bad: 0, clean: 0 });
        assert_eq!(runs.after(Verdict::Bad), Runs { poor: 6, bad: 4, clean: 0 });
    }

    #[test]
    fn a_failing_target_is_degraded_then_disabled_and_comes_back_by_a_ramp() {
        let (disabled, states) = walk(LONG, [Verdict::Bad; 5]);
        assert_eq!(states, [1, 2, 2, 2, 3]);
        let (recovering, states) = walk(disabled, [Verdict::Clean; 3]);
        assert_eq!(states, [3, 3, 4]);
        assert_eq!(share_bps(recovering.runs.clean, &TERMS), 1_250);
        let (healthy, states) = walk(recovering, [Verdict::Clean; 7]);
        assert_eq!(states, [4, 4, 4, 4, 4, 4, 1]);
        assert_eq!((healthy.transitions, healthy.since), (4, 9_000 + 16 * WINDOW));
    }

    #[test]
    fn poor_windows_degrade_and_never_disable() {
        let (_, states) = walk(LONG, [Verdict::Poor; 40]);
        assert_eq!(states[..2], [1, 2]);
        assert!(states[2..].iter().all(|state| *state == 2));
    }

    #[test]
    fn nothing_moves_before_the_dwell_is_over_and_then_at_once() {
        let new = Standing { since: 9_000 + 4 * WINDOW + 1, ..LONG };
        // The end of the fifth window is two windows less a second after `since`.
        let (_, states) = walk(new, [Verdict::Bad; 6]);
        assert_eq!(states, [1, 1, 1, 1, 1, 3]);
        let (_, states) = walk(Standing { since: new.since - 1, ..new }, [Verdict::Bad; 6]);
        assert_eq!(states, [1, 1, 1, 1, 3, 3]);
    }

    #[test]
    fn windows_are_judged_once_in_order_and_aligned() {
        let judge =
            |begin, from| step(&LONG, begin, Verdict::Bad, &TERMS, from).map(|(after, _)| after.runs.bad);
        assert_eq!(judge(9_000, 0), Err(Refusal::WindowPassed));
        assert_eq!(judge(8_700, 0), Err(Refusal::WindowPassed));
        assert_eq!(judge(9_301, 0), Err(Refusal::WindowUnaligned));
        assert_eq!(judge(9_300, 9_301), Err(Refusal::WindowPassed));
        assert_eq!(judge(9_300, 9_300), Ok(1));
    }

    #[test]
    fn a_gap_and_new_terms_end_all_runs() {
        let (two, _) = walk(LONG, [Verdict::Clean; 2]);
        let count = |begin, from| step(&two, begin, Verdict::Clean, &TERMS, from).unwrap().0.runs.clean;
        assert_eq!(count(two.judged + WINDOW, 0), 3);
        assert_eq!(count(two.judged + WINDOW, two.judged), 3);
        assert_eq!(count(two.judged + WINDOW, two.judged + 1), 1);
        assert_eq!(count(two.judged + 2 * WINDOW, 0), 1);
    }

    #[test]
    fn a_window_waits_for_the_one_before_while_that_can_be_judged() {
        let turn = |pending, from, now| check_turn(9_300, pending, &TERMS, from, now);
        assert_eq!(turn(None, 0, 10_000), Ok(()));
        assert_eq!(turn(Some(20_000), 0, 19_999), Err(Refusal::WindowWaits));
        assert_eq!(turn(Some(20_000), 9_000, 19_999), Err(Refusal::WindowWaits));
        assert_eq!(turn(Some(20_000), 9_001, 19_999), Ok(()));
        assert_eq!(turn(Some(20_000), 0, 20_000), Ok(()));
    }

    #[test]
    fn the_ramp_climbs_a_step_a_window() {
        let shares: [u16; 12] = core::array::from_fn(|clean| share_bps(clean as u8, &TERMS));
        let want = [1_250, 1_250, 1_250, 1_250, 2_500, 3_750, 5_000, 6_250, 7_500, 8_750, 10_000, 10_000];
        assert_eq!(shares, want);
        assert_eq!(share_bps(255, &TERMS), 10_000);
    }
}
