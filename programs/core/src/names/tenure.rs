//! From registration to release. A name is held while `now < expires_at`, then in grace for as long as the terms say, then free.

use super::terms::MAX_AHEAD;
use crate::{ensure, Refusal, Result};

/// May anybody take the name? Generation 0 was never registered.
pub fn is_free(generation: u32, expires_at: u64, grace: u32, now: u64) -> bool {
    generation == 0 || now >= expires_at.saturating_add(grace as u64)
}

/// Refuses a name that somebody has, or may still renew.
pub fn check_free(generation: u32, expires_at: u64, grace: u32, now: u64) -> Result<()> {
    ensure(is_free(generation, expires_at, grace, now), Refusal::NameTaken)
}

/// Refuses a name whose time is over: its holder may renew it, and nothing else.
pub fn check_held(generation: u32, expires_at: u64, now: u64) -> Result<()> {
    ensure(generation != 0 && now < expires_at, Refusal::NameExpired)
}

/// When a name taken now for `years` terms expires.
pub fn first_expiry(now: u64, term: u32, years: u8) -> Result<u64> {
    expiry_after(now, now, term, years)
}

/// When a name renewed for `years` terms expires. In grace the new time follows the old: nobody gains by paying late.
pub fn renewed_expiry(
    generation: u32,
    expires_at: u64,
    grace: u32,
    now: u64,
    term: u32,
    years: u8,
) -> Result<u64> {
    ensure(!is_free(generation, expires_at, grace, now), Refusal::NameFree)?;
    let renewed = expiry_after(expires_at, now, term, years)?;
    ensure(renewed > now, Refusal::RenewalTooShort)?;
    Ok(renewed)
}

fn expiry_after(from: u64, now: u64, term: u32, years: u8) -> Result<u64> {
    ensure(years != 0, Refusal::YearsInvalid)?;
    let expiry = from.saturating_add(term as u64 * years as u64);
    ensure(expiry <= now.saturating_add(MAX_AHEAD), Refusal::TooFarAhead)?;
    Ok(expiry)
}

/// Refuses a reveal before or after its time: both ages are inside.
pub fn check_reveal(made_at: u64, min: u32, max: u32, now: u64) -> Result<()> {
    let age = now.saturating_sub(made_at);
    ensure(now >= made_at && age >= min as u64, Refusal::CommitmentTooYoung)?;
    ensure(age <= max as u64, Refusal::CommitmentTooOld)
}

/// Refuses to take back a commitment that may still be revealed.
pub fn check_cancel(made_at: u64, max: u32, now: u64) -> Result<()> {
    ensure(now > made_at.saturating_add(max as u64), Refusal::CommitmentLive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_held_then_in_grace_then_free() {
        assert_eq!(check_held(1, 100, 99), Ok(()));
        assert_eq!(check_held(1, 100, 100), Err(Refusal::NameExpired));
        assert_eq!(check_held(0, 100, 99), Err(Refusal::NameExpired));
        assert!(is_free(0, 100, 10, 0));
        assert!(!is_free(1, 100, 10, 109));
        assert!(is_free(1, 100, 10, 110));
        assert_eq!(check_free(1, 100, 10, 109), Err(Refusal::NameTaken));
        assert!(!is_free(1, u64::MAX, 10, u64::MAX - 1));
    }

    #[test]
    fn a_renewal_follows_the_old_term_and_stays_within_ten_years() {
        assert_eq!(renewed_expiry(1, 100, 10, 50, 365, 1), Ok(465));
        assert_eq!(renewed_expiry(1, 100, 10, 109, 365, 1), Ok(465));
        assert_eq!(renewed_expiry(1, 100, 10, 110, 365, 1), Err(Refusal::NameFree));
        assert_eq!(renewed_expiry(1, 100, 10, 105, 5, 1), Err(Refusal::RenewalTooShort));
        assert_eq!(renewed_expiry(1, 100, 10, 50, 365, 0), Err(Refusal::YearsInvalid));
        assert_eq!(first_expiry(5, MAX_AHEAD as u32, 1), Ok(5 + MAX_AHEAD));
        assert_eq!(first_expiry(5, MAX_AHEAD as u32, 2), Err(Refusal::TooFarAhead));
    }

    #[test]
    fn a_reveal_has_a_first_and_a_last_second() {
        assert_eq!(check_reveal(100, 10, 20, 109), Err(Refusal::CommitmentTooYoung));
        assert_eq!(check_reveal(100, 10, 20, 110), Ok(()));
        assert_eq!(check_reveal(100, 10, 20, 120), Ok(()));
        assert_eq!(check_reveal(100, 10, 20, 121), Err(Refusal::CommitmentTooOld));
        assert_eq!(check_reveal(100, 10, 20, 99), Err(Refusal::CommitmentTooYoung));
        assert_eq!(check_cancel(100, 20, 120), Err(Refusal::CommitmentLive));
        assert_eq!(check_cancel(100, 20, 121), Ok(()));
    }
}
