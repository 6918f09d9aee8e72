//! An epoch's life, as one table.

use crate::{ensure, time::is_over, Refusal, Result};

/// No epoch was frozen here.
pub const NONE: u8 = 0;
/// The snapshot is taken, the seed slot named.
pub const FROZEN: u8 = 1;
/// The seed is known, seats are filled.
pub const DRAWING: u8 = 2;
/// The committee is complete.
pub const VOTING: u8 = 3;
/// Two thirds voted for one digest; the challenge window is open.
pub const ATTESTED: u8 = 4;
/// Nobody proved the root wrong.
pub const FINAL: u8 = 5;
/// Somebody did.
pub const REJECTED: u8 = 6;
/// Too few voted in time.
pub const STALLED: u8 = 7;

/// What moves an epoch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The stake tree was copied.
    Freeze,
    /// The seed is known.
    Seed,
    /// The last seat was filled, or no weight is left.
    Complete,
    /// Enough voted for one digest, before the deadline.
    Attest,
    /// The challenge window is over.
    Settle,
    /// The deadline is over, nothing was attested.
    Stall,
    /// A challenge was proven in the window.
    Reject,
}

/// Every move there is: from, by, to. What is not here is refused.
pub const MOVES: [(u8, Step, u8); 9] = [
    (NONE, Step::Freeze, FROZEN),
    (FROZEN, Step::Seed, DRAWING),
    (DRAWING, Step::Complete, VOTING),
    (VOTING, Step::Attest, ATTESTED),
    (ATTESTED, Step::Settle, FINAL),
    (ATTESTED, Step::Reject, REJECTED),
    (FROZEN, Step::Stall, STALLED),
    (DRAWING, Step::Stall, STALLED),
    (VOTING, Step::Stall, STALLED),
];

/// Where a step leads.
pub fn next(status: u8, step: Step) -> Result<u8> {
    MOVES
        .iter()
        .find(|(from, by, _)| *from == status && *by == step)
        .map(|(_, _, to)| *to)
        .ok_or(Refusal::EpochStatus)
}

/// Is nothing left to happen in it?
pub const fn is_ended(status: u8) -> bool {
    matches!(status, FINAL | REJECTED | STALLED)
}

/// Are votes taken?
pub const fn takes_votes(status: u8) -> bool {
    matches!(status, VOTING | ATTESTED)
}

/// The times of an epoch, Unix seconds and seconds, as `freeze` noted them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub frozen_at: u64,
    pub length: u32,
    pub window: u32,
    pub evidence: u32,
}

impl Times {
    /// From this second on nothing is attested any more, and the next epoch may freeze.
    pub fn deadline(&self) -> u64 {
        self.frozen_at.saturating_add(self.length as u64)
    }

    /// A tally is taken before the deadline only: later, who voted might have left with the stake that answers for the vote.
    pub fn check_attest(&self, now: u64) -> Result<()> {
        ensure(!is_over(self.deadline(), now), Refusal::DeadlinePassed)
    }

    /// An epoch stalls from its deadline on.
    pub fn check_stall(&self, now: u64) -> Result<()> {
        ensure(is_over(self.deadline(), now), Refusal::DeadlineAhead)
    }

    /// Challenges are heard before the window's last second is over.
    pub fn check_challenge(&self, attested_at: u64, now: u64) -> Result<()> {
        ensure(!is_over(attested_at.saturating_add(self.window as u64), now), Refusal::WindowOver)
    }

    /// The root is final once no challenge is heard any more.
    pub fn check_settle(&self, attested_at: u64, now: u64) -> Result<()> {
        ensure(is_over(attested_at.saturating_add(self.window as u64), now), Refusal::WindowOpen)
    }

    /// The account stays as long as its votes may be evidence.
    pub fn check_close(&self, ended_at: u64, now: u64) -> Result<()> {
        ensure(is_over(ended_at.saturating_add(self.evidence as u64), now), Refusal::EvidenceLive)
    }
}

/// The next epoch may be frozen once none runs and the last one's length is over.
pub fn check_freeze(running: bool, next_at: u64, now: u64) -> Result<()> {
    ensure(!running, Refusal::EpochRunning)?;
    ensure(is_over(next_at, now), Refusal::FreezeTooEarly)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 7] =
        [Step::Freeze, Step::Seed, Step::Complete, Step::Attest, Step::Settle, Step::Stall, Step::Reject];

    #[test]
    fn an_epoch_moves_as_the_table_says_and_no_other_way() {
        for status in 0..=255 {
            for step in STEPS {
                let known = MOVES.iter().find(|(from, by, _)| (*from, *by) == (status, step));
                assert_eq!(next(status, step), known.map(|row| row.2).ok_or(Refusal::EpochStatus));
            }
        }
    }

    #[test]
    fn nothing_leads_out_of_an_ended_epoch_and_everything_else_leads_into_one() {
        for (from, _, to) in MOVES {
            assert!(!is_ended(from));
            assert!(is_ended(to) || MOVES.iter().any(|(from, _, _)| *from == to));
        }
        assert!(MOVES.iter().all(|(from, _, to)| *to != FINAL || *from == ATTESTED));
    }

    #[test]
    fn deadlines_hold_to_the_second() {
        let times = Times { frozen_at: 1_000, length: 100, window: 50, evidence: 500 };
        assert_eq!(times.check_attest(1_099), Ok(()));
        assert_eq!(times.check_attest(1_100), Err(Refusal::DeadlinePassed));
        assert_eq!(times.check_stall(1_099), Err(Refusal::DeadlineAhead));
        assert_eq!(times.check_stall(1_100), Ok(()));
        assert_eq!(times.check_challenge(1_090, 1_139), Ok(()));
        assert_eq!(times.check_challenge(1_090, 1_140), Err(Refusal::WindowOver));
        assert_eq!(times.check_settle(1_090, 1_139), Err(Refusal::WindowOpen));
        assert_eq!(times.check_settle(1_090, 1_140), Ok(()));
        assert_eq!(times.check_close(1_140, 1_639), Err(Refusal::EvidenceLive));
        assert_eq!(times.check_close(1_140, 1_640), Ok(()));
        assert_eq!(check_freeze(true, 0, 10), Err(Refusal::EpochRunning));
        assert_eq!(check_freeze(false, 11, 10), Err(Refusal::FreezeTooEarly));
        assert_eq!(check_freeze(false, 10, 10), Ok(()));
    }
}
