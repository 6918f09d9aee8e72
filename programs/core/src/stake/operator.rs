//! What an operator weighs, and what it may ask for.

use super::pool::Pool;
use crate::{ensure, split::WHOLE_BPS, time::SECONDS_A_DAY, Refusal, Result};

/// Delegates pay an operator at most half of what their stake earns.
pub const MAX_COMMISSION_BPS: u16 = 5_000;
/// A commission rises by at most this much a day.
pub const MAX_COMMISSION_STEP_BPS: u16 = 500;
/// Roles of a node: 1 INGRESS, 2 GATEWAY, 3 CACHE, 4 ANYCAST, 5 SCRUBBING, 6 VERIFIER, 7 WITNESS.
pub const ROLE_WITNESS: u8 = 7;
/// The longest endpoint of a node, bytes.
pub const MAX_ENDPOINT: usize = 128;

/// What a weight is reckoned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub pool: Pool,
    /// Sum of [`weighted`] over the positions, without what is exiting.
    pub weighted: u64,
    /// The owner's own shares, without what is exiting.
    pub self_shares: u64,
    /// Jailed, retired, or without a witness key.
    pub barred: bool,
}

/// What a position's shares count in its tier, rounded down.
pub fn weighted(shares: u64, weight_bps: u16) -> Result<u64> {
    let exact = shares as u128 * weight_bps as u128 / WHOLE_BPS as u128;
    u64::try_from(exact).map_err(|_| Refusal::AmountOverflow)
}

impl Standing {
    /// Does the owner have the least self-stake?
    pub fn has_self_stake(&self, least: u64) -> bool {
        self.pool.worth(self.self_shares) >= least
    }

    /// `pool x weighted / shares`, rounded down; 0 if barred or below the least self-stake. At most `weighted`, because a pool is at most its shares.
    pub fn weight(&self, least_self_stake: u64) -> u64 {
        if self.barred || self.pool.shares == 0 || !self.has_self_stake(least_self_stake) {
            return 0;
        }
        (self.pool.tokens as u128 * self.weighted as u128 / self.pool.shares as u128).min(u64::MAX as u128)
            as u64
    }
}

/// Refuses a commission out of bounds, or one that rises too far or too soon: by at most 500 basis points, a day after it rose last. It may fall at any time.
/// Returns when it rose last, Unix seconds.
pub fn check_commission(now: u64, from: u16, to: u16, rose_at: u64) -> Result<u64> {
    ensure(to <= MAX_COMMISSION_BPS, Refusal::CommissionTooHigh)?;
    if to <= from {
        return Ok(rose_at);
    }
    let soon = now < rose_at.saturating_add(SECONDS_A_DAY);
    ensure(!soon && to - from <= MAX_COMMISSION_STEP_BPS, Refusal::CommissionTooFast)?;
    Ok(now)
}

/// Refuses a role that is none.
pub fn check_role(role: u8) -> Result<()> {
    ensure((1..=ROLE_WITNESS).contains(&role), Refusal::RoleInvalid)
}

/// Refuses an endpoint that is too long or has anything but visible ASCII. Empty means: not told.
pub fn check_endpoint(endpoint: &[u8]) -> Result<()> {
    let good = endpoint.len() <= MAX_ENDPOINT && endpoint.iter().all(u8::is_ascii_graphic);
    ensure(good, Refusal::EndpointInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDING: Standing = Standing {
        pool: Pool { tokens: 500, shares: 1_000 },
        weighted: 1_500,
        self_shares: 200,
        barred: false,
    };

    #[test]
    fn a_weight_is_the_pools_value_of_weighted_shares() {
        assert_eq!(STANDING.weight(100), 750);
        assert_eq!(STANDING.weight(101), 0);
        assert_eq!(Standing { barred: true, ..STANDING }.weight(1), 0);
        assert_eq!(Standing { pool: Pool::default(), ..STANDING }.weight(1), 0);
        let most = Pool { tokens: u64::MAX, shares: u64::MAX };
        let full = Standing { pool: most, weighted: u64::MAX, self_shares: u64::MAX, barred: false };
        assert_eq!(full.weight(u64::MAX), u64::MAX);
    }

    #[test]
    fn a_thousand_small_positions_weigh_no_more_than_one() {
        for bps in [10_000, 12_345, 40_000] {
            let small: u64 = (0..1_000).map(|_| weighted(1, bps).unwrap()).sum();
            assert!(small <= weighted(1_000, bps).unwrap());
        }
        assert_eq!(weighted(u64::MAX, 10_000), Ok(u64::MAX));
        assert_eq!(weighted(u64::MAX, 10_001), Err(Refusal::AmountOverflow));
    }

    #[test]
    fn a_commission_rises_slowly_and_falls_at_once() {
        const DAY: u64 = 86_400;
        assert_eq!(check_commission(5 * DAY, 100, 600, 4 * DAY), Ok(5 * DAY));
        assert_eq!(check_commission(5 * DAY, 100, 601, 4 * DAY), Err(Refusal::CommissionTooFast));
        assert_eq!(check_commission(5 * DAY - 1, 100, 101, 4 * DAY), Err(Refusal::CommissionTooFast));
        assert_eq!(check_commission(0, 5_000, 0, 4 * DAY), Ok(4 * DAY));
        assert_eq!(check_commission(9 * DAY, 4_900, 5_001, 0), Err(Refusal::CommissionTooHigh));
    }

    #[test]
    fn roles_and_endpoints_have_bounds() {
        assert_eq!(check_role(0), Err(Refusal::RoleInvalid));
        assert_eq!([1, 7].map(check_role), [Ok(()); 2]);
        assert_eq!(check_role(8), Err(Refusal::RoleInvalid));
        assert_eq!(check_endpoint(b""), Ok(()));
        assert_eq!(check_endpoint(&[b'a'; 128]), Ok(()));
        for bad in [&[b'a'; 129][..], b"a b", b"a\n", b"\xc3\xa4", b"\0"] {
            assert_eq!(check_endpoint(bad), Err(Refusal::EndpointInvalid));
        }
    }
}
