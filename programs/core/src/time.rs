//! Days and deadlines, in Unix seconds.

use crate::{ensure, Refusal, Result};

/// Seconds in a day; leap seconds don't exist in Unix time.
pub const SECONDS_A_DAY: u64 = 86_400;

/// The chain's clock as Unix seconds; a time before 1970 is refused.
#[inline(always)]
pub fn now_from(unix_timestamp: i64) -> Result<u64> {
    ensure(unix_timestamp >= 0, Refusal::ClockInvalid)?;
    Ok(unix_timestamp as u64)
}

/// Days since 1970-01-01, UTC.
#[inline(always)]
pub const fn day_of(now: u64) -> u64 {
    now / SECONDS_A_DAY
}

/// The first second at which a grace period that starts now is over.
#[inline(always)]
pub fn deadline_after(now: u64, grace_seconds: u32) -> u64 {
    now.saturating_add(grace_seconds as u64)
}

/// Whether a deadline has passed. At the deadline itself it has: a voucher is taken while `now < deadline`, a lane closes once `now >= deadline`.
#[inline(always)]
pub const fn is_over(deadline: u64, now: u64) -> bool {
    now >= deadline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_utc() {
        assert_eq!(day_of(0), 0);
        assert_eq!(day_of(86_399), 0);
        assert_eq!(day_of(86_400), 1);
    }

    #[test]
    fn a_deadline_is_over_at_its_second_and_not_one_before() {
        let deadline = deadline_after(1_000, 10);
        assert!(!is_over(deadline, 1_009));
        assert!(is_over(deadline, 1_010));
        assert!(is_over(deadline, 1_011));
        assert_eq!(deadline_after(u64::MAX, 1), u64::MAX);
    }

    #[test]
    fn a_clock_before_1970_is_refused() {
        assert_eq!(now_from(-1), Err(Refusal::ClockInvalid));
        assert_eq!(now_from(0), Ok(0));
    }
}
