//! The invariant: what the vault holds is what is owed.

use crate::{Refusal, Result};

/// What an instruction's accounts owe, in micro Index Units. Accounts an instruction doesn't touch owe the same before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// Free balances, to their owners.
    pub free: u64,
    /// Reserves less what is settled of them, to the lanes' owners or the operator.
    pub reserved: u64,
    /// Credited less distributed, to operator, name owners and treasury.
    pub credited: u64,
}

impl Owed {
    fn total(&self) -> u128 {
        self.free as u128 + self.reserved as u128 + self.credited as u128
    }
}

/// Asserts `vault = sum(free) + sum(reserve - settled) + sum(credited - distributed)` as a difference over one instruction: what is owed grew by
/// exactly what the vault received. `received` and `paid` are what the vault gained or lost.
pub fn check_conserved(before: Owed, after: Owed, received: u64, paid: u64) -> Result<()> {
    if before.total() + received as u128 == after.total() + paid as u128 {
        Ok(())
    } else {
        Err(Refusal::InvariantBroken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_between_pockets_is_conserved() {
        let before = Owed { free: 10, reserved: 5, credited: 1 };
        assert_eq!(check_conserved(before, Owed { free: 4, reserved: 11, credited: 1 }, 0, 0), Ok(()));
        assert_eq!(check_conserved(before, Owed { free: 13, reserved: 5, credited: 1 }, 3, 0), Ok(()));
        assert_eq!(check_conserved(before, Owed { free: 10, reserved: 5, credited: 0 }, 0, 1), Ok(()));
    }

    #[test]
    fn a_unit_too_many_or_too_few_is_caught() {
        let before = Owed { free: u64::MAX, reserved: u64::MAX, credited: u64::MAX };
        assert_eq!(check_conserved(before, before, 1, 0), Err(Refusal::InvariantBroken));
        assert_eq!(check_conserved(before, before, 0, 1), Err(Refusal::InvariantBroken));
        assert_eq!(check_conserved(before, Owed { free: 0, ..before }, 0, 0), Err(Refusal::InvariantBroken));
    }
}
