//! What an operator's shares are worth. A pool is a number, not a balance: tokens that somebody sends to the vault change nothing here.
//!
//! `pool <= shares` always holds: shares begin at one token each, a deposit gets at least as many shares as tokens, a withdrawal is rounded down, a
//! slash takes tokens only. So a deposit is never rounded to nothing, and nobody makes a share dear before another deposits.

use crate::{ensure, split::WHOLE_BPS, Refusal, Result};

/// One operator's tokens, in base units, and the shares that stand for them. Shares that are exiting count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    pub tokens: u64,
    pub shares: u64,
}

/// What is done with slashed tokens; the parts sum to what was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slashed {
    pub reporter: u64,
    pub burned: u64,
    pub treasury: u64,
}

impl Pool {
    /// Slashed to nothing: nobody can deposit until everybody has left.
    pub fn is_dead(&self) -> bool {
        self.tokens == 0 && self.shares != 0
    }

    /// Puts tokens in and returns the shares they get, rounded down.
    pub fn deposit(&mut self, tokens: u64) -> Result<u64> {
        ensure(tokens != 0, Refusal::AmountZero)?;
        ensure(!self.is_dead(), Refusal::PoolDead)?;
        let shares = if self.shares == 0 {
            tokens
        } else {
            let exact = tokens as u128 * self.shares as u128 / self.tokens as u128;
            u64::try_from(exact).map_err(|_| Refusal::AmountOverflow)?
        };
        self.tokens = self.tokens.checked_add(tokens).ok_or(Refusal::AmountOverflow)?;
        self.shares = self.shares.checked_add(shares).ok_or(Refusal::AmountOverflow)?;
        Ok(shares)
    }

    /// Tokens that so many of the shares stand for, rounded down.
    pub fn worth(&self, shares: u64) -> u64 {
        if self.shares == 0 {
            return 0;
        }
        // Fits: shares <= self.shares wherever this is asked, and then the result is at most the pool.
        (shares.min(self.shares) as u128 * self.tokens as u128 / self.shares as u128) as u64
    }

    /// Takes shares out and returns what they are worth.
    pub fn withdraw(&mut self, shares: u64) -> Result<u64> {
        ensure(shares <= self.shares, Refusal::SharesInsufficient)?;
        let tokens = self.worth(shares);
        self.tokens -= tokens;
        self.shares -= shares;
        Ok(tokens)
    }

    /// Takes `bps` of the pool, rounded down, and says how much.
    pub fn slash(&mut self, bps: u16) -> u64 {
        let taken = part(self.tokens, bps);
        self.tokens -= taken;
        taken
    }
}

/// Divides slashed tokens: the reporter's part first, rounded down; of the rest what is burned, rounded down; the treasury gets what is left.
pub fn divide(taken: u64, reporter_bps: u16, burn_bps: u16) -> Slashed {
    let reporter = part(taken, reporter_bps);
    let burned = part(taken - reporter, burn_bps);
    Slashed { reporter, burned, treasury: taken - reporter - burned }
}

/// `floor(amount * bps / 10 000)`, never more than the amount.
fn part(amount: u64, bps: u16) -> u64 {
    (amount as u128 * (bps as u64).min(WHOLE_BPS) as u128 / WHOLE_BPS as u128) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_share_costs_a_token_and_later_ones_what_the_pool_says() {
        let mut pool = Pool::default();
        assert_eq!(pool.deposit(1_000), Ok(1_000));
        assert_eq!(pool.slash(5_000), 500);
        assert_eq!(pool.deposit(1), Ok(2));
        assert_eq!(pool.worth(1_000), 500);
        assert_eq!(pool.withdraw(1_002), Ok(501));
        assert_eq!(pool, Pool::default());
        assert_eq!(pool.withdraw(1), Err(Refusal::SharesInsufficient));
        assert_eq!(pool.deposit(0), Err(Refusal::AmountZero));
    }

    #[test]
    fn a_pool_slashed_to_nothing_takes_nobody_in_until_all_have_left() {
        let mut pool = Pool { tokens: 7, shares: 7 };
        assert_eq!(pool.slash(10_000), 7);
        assert_eq!(pool.deposit(1), Err(Refusal::PoolDead));
        assert_eq!(pool.withdraw(7), Ok(0));
        assert_eq!(pool.deposit(1), Ok(1));
    }

    #[test]
    fn sums_that_leave_64_bits_are_refused() {
        let mut pool = Pool { tokens: u64::MAX, shares: u64::MAX };
        assert_eq!(pool.deposit(1), Err(Refusal::AmountOverflow));
        let mut slashed = Pool { tokens: 1, shares: u64::MAX / 2 };
        assert_eq!(slashed.deposit(3), Err(Refusal::AmountOverflow));
        assert_eq!(pool.worth(u64::MAX), u64::MAX);
    }

    #[test]
    fn nobody_gains_by_going_in_and_out_whatever_happened_before() {
        // A small generator with a fixed seed: every step is one of deposit, withdrawal, slash.
        let mut state = 0x5eed_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut pool = Pool::default();
        for _ in 0..50_000 {
            match next(8) {
                0..=3 => {
                    let tokens = 1 + next(1_000);
                    let before = pool;
                    match pool.deposit(tokens) {
                        Ok(shares) => {
                            assert!(shares >= tokens);
                            let mut out = pool;
                            assert!(out.withdraw(shares).unwrap() <= tokens);
                            assert!(out.tokens >= before.tokens && out.shares == before.shares);
                        }
                        Err(refusal) => {
                            assert!(matches!(refusal, Refusal::PoolDead | Refusal::AmountOverflow));
                            pool = Pool::default();
                        }
                    }
                }
                4..=6 => {
                    let shares = next(pool.shares + 1);
                    let (worth, rest) = (pool.worth(shares), pool.worth(pool.shares - shares));
                    assert_eq!(pool.withdraw(shares), Ok(worth));
                    assert!(pool.worth(pool.shares) >= rest);
                }
                _ => {
                    pool.slash(next(5_000) as u16);
                }
            }
            assert!(pool.tokens <= pool.shares);
            assert!(pool.shares != 0 || pool.tokens == 0);
        }
    }

    #[test]
    fn slashed_tokens_all_go_somewhere() {
        assert_eq!(divide(1_000, 1_000, 5_000), Slashed { reporter: 100, burned: 450, treasury: 450 });
        for taken in [0, 1, 3, 9_999, u64::MAX] {
            for (reporter_bps, burn_bps) in [(0, 0), (2_000, 10_000), (1, 9_999), (2_000, 0)] {
                let Slashed { reporter, burned, treasury } = divide(taken, reporter_bps, burn_bps);
                assert_eq!(reporter as u128 + burned as u128 + treasury as u128, taken as u128);
            }
        }
    }
}
