//! Who gets which part of a toll.

use crate::{ensure, Refusal, Result};

/// One whole in basis points.
pub const WHOLE_BPS: u64 = 10_000;

/// The parts in basis points; they sum to [`WHOLE_BPS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    pub operator_bps: u16,
    pub names_bps: u16,
    pub treasury_bps: u16,
}

/// Amounts in micro Index Units that sum to what was split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    pub operator: u64,
    pub names: u64,
    pub treasury: u64,
}

impl Split {
    /// Refuses parts that don't sum to one whole.
    pub fn check(&self) -> Result<()> {
        let sum = self.operator_bps as u64 + self.names_bps as u64 + self.treasury_bps as u64;
        ensure(sum == WHOLE_BPS, Refusal::SplitInvalid)
    }

    /// Splits an amount: floor to operator and names, the rest to the treasury, so that nothing is lost.
    pub fn divide(&self, amount: u64) -> Shares {
        let operator = part(amount, self.operator_bps);
        let names = part(amount, self.names_bps);
        Shares { operator, names, treasury: amount - operator - names }
    }
}

/// `floor(amount * bps / 10 000)` without leaving 64 bits, for which `u128` would be slow on chain.
#[inline(always)]
fn part(amount: u64, bps: u16) -> u64 {
    let bps = bps as u64;
    (amount / WHOLE_BPS) * bps + (amount % WHOLE_BPS) * bps / WHOLE_BPS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(operator_bps: u16, names_bps: u16, treasury_bps: u16) -> Split {
        Split { operator_bps, names_bps, treasury_bps }
    }

    #[test]
    fn parts_sum_to_one_whole() {
        assert_eq!(split(0, 0, 10_000).check(), Ok(()));
        assert_eq!(split(10_000, 0, 0).check(), Ok(()));
        assert_eq!(split(9_999, 0, 0).check(), Err(Refusal::SplitInvalid));
        assert_eq!(split(10_000, 1, 0).check(), Err(Refusal::SplitInvalid));
        assert_eq!(split(u16::MAX, u16::MAX, u16::MAX).check(), Err(Refusal::SplitInvalid));
    }

    #[test]
    fn every_unit_goes_somewhere_and_floors_are_exact() {
        for bps in [0u16, 1, 3_333, 5_000, 9_999, 10_000] {
            for amount in [0u64, 1, 2, 3, 9_999, 10_000, 10_001, (1 << 56) - 1, u64::MAX] {
                let shares = split(bps, 10_000 - bps, 0).divide(amount);
                assert_eq!(shares.operator as u128, amount as u128 * bps as u128 / 10_000);
                assert_eq!(shares.names as u128, amount as u128 * (10_000 - bps) as u128 / 10_000);
                assert_eq!(
                    shares.operator as u128 + shares.names as u128 + shares.treasury as u128,
                    amount as u128
                );
            }
        }
    }

    #[test]
    fn the_treasury_gets_the_rest() {
        assert_eq!(split(8_000, 1_000, 1_000).divide(19), Shares { operator: 15, names: 1, treasury: 3 });
    }
}
