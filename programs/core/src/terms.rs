//! What initialisation fixes for good: the split and the grace period.

use crate::{ensure, split::Split, Refusal, Result};

/// No grace period may be longer, or a closing lane would hold its payer's money for too long: 90 days.
pub const MAX_GRACE_SECONDS: u32 = 90 * 86_400;

/// Checks the terms of the protocol: the split sums to 10 000 basis points, keepers settle at least every `settlement_interval` seconds, and the
/// grace period of a close is longer than two of those intervals.
pub fn check_terms(split: Split, settlement_interval: u32, grace_seconds: u32) -> Result<()> {
    split.check()?;
    ensure(settlement_interval != 0, Refusal::IntervalInvalid)?;
    ensure(grace_seconds as u64 > 2 * settlement_interval as u64, Refusal::GraceTooShort)?;
    ensure(grace_seconds <= MAX_GRACE_SECONDS, Refusal::GraceTooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPLIT: Split = Split { operator_bps: 8_000, names_bps: 1_000, treasury_bps: 1_000 };

    #[test]
    fn grace_exceeds_twice_the_interval() {
        assert_eq!(check_terms(SPLIT, 3_600, 7_200), Err(Refusal::GraceTooShort));
        assert_eq!(check_terms(SPLIT, 3_600, 7_201), Ok(()));
        assert_eq!(check_terms(SPLIT, u32::MAX, u32::MAX), Err(Refusal::GraceTooShort));
    }

    #[test]
    fn an_interval_of_nothing_or_a_grace_of_months_is_refused() {
        assert_eq!(check_terms(SPLIT, 0, 10), Err(Refusal::IntervalInvalid));
        assert_eq!(check_terms(SPLIT, 1, MAX_GRACE_SECONDS), Ok(()));
        assert_eq!(check_terms(SPLIT, 1, MAX_GRACE_SECONDS + 1), Err(Refusal::GraceTooLong));
    }
}
