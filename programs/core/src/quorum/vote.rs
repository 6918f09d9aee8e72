//! Which votes are enough, and what may be voted for at all.

use super::preimage::Outcome;
use crate::{ensure, routes::list::MAX_LIST, Refusal, Result};

/// `3 w >= 2 W`, in 128 bits: the votes weigh at least two thirds of the committee, of which there is some.
pub fn is_quorum(votes: u64, committee: u64) -> bool {
    committee != 0 && 3 * votes as u128 >= 2 * committee as u128
}

/// Refuses an outcome that could be shown wrong from its own numbers: too many updates, none that still lead elsewhere, some that lead to an empty map.
pub fn check_outcome(outcome: &Outcome) -> Result<()> {
    const EMPTY: [u8; 32] = [0; 32];
    let Outcome { previous_root, root, updates_root, count } = outcome;
    ensure(*count <= MAX_LIST, Refusal::TooManyUpdates)?;
    if *count == 0 {
        ensure(root == previous_root && *updates_root == EMPTY, Refusal::EmptyTraceMoves)
    } else {
        ensure(*root != EMPTY && *updates_root != EMPTY, Refusal::RootZero)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_thirds_are_enough_and_one_unit_below_is_not() {
        assert!(is_quorum(2, 3) && !is_quorum(1, 3));
        assert!(is_quorum(67, 100) && !is_quorum(66, 100));
        assert!(is_quorum(200, 300) && !is_quorum(199, 300));
        assert!(!is_quorum(0, 0));
        let third = u64::MAX / 3;
        assert!(is_quorum(2 * third, u64::MAX) && !is_quorum(2 * third - 1, u64::MAX));
        assert!(is_quorum(u64::MAX, u64::MAX));
    }

    #[test]
    fn an_outcome_agrees_with_itself() {
        let good = Outcome { previous_root: [1; 32], root: [2; 32], updates_root: [3; 32], count: 1 };
        assert_eq!(check_outcome(&good), Ok(()));
        assert_eq!(check_outcome(&Outcome { count: 16_384, ..good }), Ok(()));
        assert_eq!(check_outcome(&Outcome { count: 16_385, ..good }), Err(Refusal::TooManyUpdates));
        assert_eq!(check_outcome(&Outcome { root: [0; 32], ..good }), Err(Refusal::RootZero));
        assert_eq!(check_outcome(&Outcome { updates_root: [0; 32], ..good }), Err(Refusal::RootZero));
        assert_eq!(check_outcome(&Outcome { count: 0, ..good }), Err(Refusal::EmptyTraceMoves));
        let still = Outcome { root: [1; 32], updates_root: [0; 32], count: 0, ..good };
        assert_eq!(check_outcome(&still), Ok(()));
        assert_eq!(check_outcome(&Outcome { updates_root: [9; 32], ..still }), Err(Refusal::EmptyTraceMoves));
    }
}
