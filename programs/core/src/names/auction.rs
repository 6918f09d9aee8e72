//! An English auction: each bid tops the highest by the increment, and a late bid moves the end.

use crate::{amounts::check_amount, ensure, Refusal, Result};

const WHOLE_BPS: u128 = 10_000;

/// The least that tops `highest`, micro-IU: the increment is rounded up, and at least 1.
pub fn least_bid(highest: u64, increment_bps: u16) -> Result<u64> {
    let increment = (highest as u128 * increment_bps as u128).div_ceil(WHOLE_BPS).max(1);
    u64::try_from(highest as u128 + increment).map_err(|_| Refusal::AmountOverflow)
}

/// Refuses a bid that does not top the highest.
pub fn check_bid(amount: u64, highest: u64, increment_bps: u16) -> Result<()> {
    check_amount(amount)?;
    ensure(amount >= least_bid(highest, increment_bps)?, Refusal::BidTooLow)
}

/// Refuses a bid at the end or after it.
pub fn check_open(ends_at: u64, now: u64) -> Result<()> {
    ensure(now < ends_at, Refusal::AuctionOver)
}

/// Refuses to settle before the end.
pub fn check_over(ends_at: u64, now: u64) -> Result<()> {
    ensure(now >= ends_at, Refusal::AuctionOpen)
}

/// The end after a bid now: never less than `extension` away.
pub fn end_after_bid(ends_at: u64, extension: u32, now: u64) -> u64 {
    ends_at.max(now.saturating_add(extension as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amounts::MAX_AMOUNT;

    #[test]
    fn a_bid_tops_the_highest_by_the_increment_rounded_up() {
        assert_eq!(least_bid(1_000, 500), Ok(1_050));
        assert_eq!(least_bid(1_001, 500), Ok(1_052));
        assert_eq!(least_bid(0, 500), Ok(1));
        assert_eq!(least_bid(1, 1), Ok(2));
        assert_eq!(least_bid(1_000, 10_000), Ok(2_000));
        assert_eq!(least_bid(u64::MAX, 1), Err(Refusal::AmountOverflow));
        assert_eq!(check_bid(1_049, 1_000, 500), Err(Refusal::BidTooLow));
        assert_eq!(check_bid(1_050, 1_000, 500), Ok(()));
        assert_eq!(check_bid(0, 0, 500), Err(Refusal::AmountZero));
        assert_eq!(check_bid(MAX_AMOUNT + 1, 0, 500), Err(Refusal::AmountTooLarge));
    }

    #[test]
    fn a_late_bid_moves_the_end_and_an_early_one_does_not() {
        assert_eq!(end_after_bid(1_000, 100, 900), 1_000);
        assert_eq!(end_after_bid(1_000, 100, 901), 1_001);
        assert_eq!(end_after_bid(1_000, 100, 999), 1_099);
        assert_eq!(check_open(1_000, 999), Ok(()));
        assert_eq!(check_open(1_000, 1_000), Err(Refusal::AuctionOver));
        assert_eq!(check_over(1_000, 999), Err(Refusal::AuctionOpen));
        assert_eq!(check_over(1_000, 1_000), Ok(()));
    }
}
