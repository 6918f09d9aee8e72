//! When stake may leave, and a jailed operator return. At its second a deadline is over.

use super::terms::Tier;
use crate::{
    ensure,
    time::{deadline_after, is_over},
    Refusal, Result,
};

/// The tier a position is in after another deposit: what was chosen first, or a higher one. A position without shares chooses anew.
pub fn check_tier(shares: u64, present: u8, chosen: u8) -> Result<()> {
    ensure(shares == 0 || chosen >= present, Refusal::TierLower)
}

/// Until when a position is locked after a deposit: a deposit never shortens a lock.
pub fn locked_until(present: u64, tier: Tier, now: u64) -> u64 {
    present.max(deadline_after(now, tier.lock))
}

/// Refuses to let locked stake begin to leave. A lock falls with the operator: one that is retired or slashed to nothing frees everybody.
pub fn check_unlocked(locked_until: u64, freed: bool, now: u64) -> Result<()> {
    ensure(freed || is_over(locked_until, now), Refusal::StakeLocked)
}

/// Refuses to pay before its time.
pub fn check_ready(ready_at: u64, now: u64) -> Result<()> {
    ensure(is_over(ready_at, now), Refusal::ExitNotReady)
}

/// Refuses to let an operator out of jail before the exit delay since its last slash is over.
pub fn check_unjail(slashed_at: u64, exit_delay: u32, now: u64) -> Result<()> {
    ensure(is_over(deadline_after(slashed_at, exit_delay), now), Refusal::JailNotOver)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_over_at_its_second() {
        assert_eq!(check_unlocked(100, false, 99), Err(Refusal::StakeLocked));
        assert_eq!(check_unlocked(100, true, 99), Ok(()));
        assert_eq!(check_unlocked(100, false, 100), Ok(()));
        assert_eq!(check_ready(100, 99), Err(Refusal::ExitNotReady));
        assert_eq!(check_ready(100, 100), Ok(()));
        assert_eq!(check_unjail(90, 10, 99), Err(Refusal::JailNotOver));
        assert_eq!(check_unjail(90, 10, 100), Ok(()));
    }

    #[test]
    fn tier_and_lock_only_rise() {
        assert_eq!(check_tier(1, 2, 1), Err(Refusal::TierLower));
        assert_eq!(check_tier(1, 2, 2), Ok(()));
        assert_eq!(check_tier(0, 2, 0), Ok(()));
        let tier = Tier { lock: 10, weight_bps: 10_000 };
        assert_eq!(locked_until(500, tier, 100), 500);
        assert_eq!(locked_until(105, tier, 100), 110);
    }
}
