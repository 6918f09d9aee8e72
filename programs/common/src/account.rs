//! The chain's clock, and accounts: their versions, and making them.

use crate::fault::{Fault, OrRefuse};
use anchor_lang::{pinocchio::sysvars::Sysvar as _, prelude::*, AccountInitialize};
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

/// Makes an account at the program address of these seeds, without rows, all zero but for its discriminator. It works on a prefunded address too: then it allocates and
/// assigns.
#[inline(always)]
pub fn create<A>(payer: &AccountView, account: &AccountView, seeds: &[&[u8]]) -> Result<A>
where
    A: AnchorAccount + Space + for<'a> AccountInitialize<Params<'a> = ()>,
    A::Data: Owner,
{
    create_sized(payer, account, A::INIT_SPACE, seeds)
}

/// The same, with room for rows: of so many bytes.
#[inline(always)]
pub fn create_sized<A>(payer: &AccountView, account: &AccountView, space: usize, seeds: &[&[u8]]) -> Result<A>
where
    A: AnchorAccount + for<'a> AccountInitialize<Params<'a> = ()>,
    A::Data: Owner,
{
    A::create_and_initialize(payer, account, space, &A::Data::OWNER, &(), Some(seeds), None)
}
