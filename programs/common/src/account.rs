//! The chain's clock, and versions of accounts.

use crate::fault::{Fault, OrRefuse};
use anchor_lang::{pinocchio::sysvars::Sysvar as _, prelude::*};
use tolldns_core::time::now_from;

/// The chain's clock, Unix seconds.
#[inline(always)]
pub fn now() -> Result<u64> {
    now_from(Clock::get()?.unix_timestamp).or_refuse()
}

/// The chain's slot.
#[inline(always)]
pub fn slot() -> Result<u64> {
    Ok(Clock::get()?.slot)
}

/// Refuses an account that was written by another version than `known`.
#[inline(always)]
pub fn check_version(version: u8, known: u8) -> Result<()> {
    require!(version == known, Fault::VersionUnknown);
    Ok(())
}
