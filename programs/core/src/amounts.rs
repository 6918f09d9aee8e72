//! Sums of micro Index Units that neither wrap nor exceed what a voucher can promise.

use crate::{ensure, Refusal, Result};

/// The largest amount a deposit, reserve or voucher may name: what seven bytes hold.
pub const MAX_AMOUNT: u64 = (1 << 56) - 1;

/// Checks an amount a user names: between 1 and [`MAX_AMOUNT`].
#[inline(always)]
pub fn check_amount(amount: u64) -> Result<()> {
    ensure(amount != 0, Refusal::AmountZero)?;
    ensure(amount <= MAX_AMOUNT, Refusal::AmountTooLarge)
}

/// `total + amount`, for money coming in or set aside: at most [`MAX_AMOUNT`].
#[inline(always)]
pub fn add_capped(total: u64, amount: u64) -> Result<u64> {
    let sum = add(total, amount)?;
    ensure(sum <= MAX_AMOUNT, Refusal::AmountTooLarge)?;
    Ok(sum)
}

/// `total + amount`, for money going back to its owner: no cap, so that an exit is never refused. It can't wrap, because the sum is part
/// of what the vault holds and that is a `u64`.
#[inline(always)]
pub fn add(total: u64, amount: u64) -> Result<u64> {
    total.checked_add(amount).ok_or(Refusal::AmountOverflow)
}

/// `total - amount`, refused when there is not that much.
#[inline(always)]
pub fn take(total: u64, amount: u64) -> Result<u64> {
    total.checked_sub(amount).ok_or(Refusal::BalanceInsufficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_between_one_and_the_maximum() {
        assert_eq!(check_amount(0), Err(Refusal::AmountZero));
        assert_eq!(check_amount(1), Ok(()));
        assert_eq!(check_amount(MAX_AMOUNT), Ok(()));
        assert_eq!(check_amount(MAX_AMOUNT + 1), Err(Refusal::AmountTooLarge));
        assert_eq!(check_amount(u64::MAX), Err(Refusal::AmountTooLarge));
    }

    #[test]
    fn money_coming_in_is_capped_and_money_going_back_is_not() {
        assert_eq!(add_capped(MAX_AMOUNT - 1, 1), Ok(MAX_AMOUNT));
        assert_eq!(add_capped(MAX_AMOUNT, 1), Err(Refusal::AmountTooLarge));
        assert_eq!(add_capped(u64::MAX, 1), Err(Refusal::AmountOverflow));
        assert_eq!(add(MAX_AMOUNT, MAX_AMOUNT), Ok(2 * MAX_AMOUNT));
        assert_eq!(add(u64::MAX, 1), Err(Refusal::AmountOverflow));
    }

    #[test]
    fn nothing_is_taken_that_is_not_there() {
        assert_eq!(take(5, 5), Ok(0));
        assert_eq!(take(5, 6), Err(Refusal::BalanceInsufficient));
    }
}
