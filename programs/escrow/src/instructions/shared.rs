//! Checks and announcements that several instructions share.

use crate::{
    error::{EscrowError, OrRefuse},
    event::{BalanceChanged, ConfigChanged, LaneChanged},
    state::{Balance, Config, LaneRow, VERSION},
    token::TokenAccount,
};
use anchor_lang::{pinocchio::sysvars::Sysvar as _, prelude::*};
use tolldns_core::time::now_from;

/// The chain's clock, Unix seconds.
#[inline(always)]
pub fn now() -> Result<u64> {
    now_from(Clock::get()?.unix_timestamp).or_refuse()
}

/// Refuses an account this program version doesn't know.
#[inline(always)]
pub fn check_version(version: u8) -> Result<()> {
    require!(version == VERSION, EscrowError::VersionUnknown);
    Ok(())
}

/// Refuses what a pause stops.
#[inline(always)]
pub fn check_running(config: &Config) -> Result<()> {
    require!(config.paused == 0, EscrowError::Paused);
    Ok(())
}

/// Checks an account the protocol will pay shares into: IU, nobody else's hand on it, and not one with another part to play.
pub fn check_share_account(account: &AccountView, config: &Config, reserved: &[&Address]) -> Result<()> {
    TokenAccount::read(account, &config.mint, &config.token_program)?.check_undelegated()?;
    require!(!reserved.contains(&account.address()), EscrowError::TokenAccountReserved);
    Ok(())
}

pub fn announce_balance(balance: &Balance) {
    emit!(BalanceChanged { owner: balance.owner, free: balance.free });
}

pub fn announce_lane(ledger: Address, lane: u16, row: &LaneRow) {
    let LaneRow { owner, session_key: _, reserve, settled, deadline, generation, state, reserved: _ } = *row;
    emit!(LaneChanged { ledger, owner, lane, generation, state, reserve, settled, deadline });
}

pub fn announce_config(config: &Config) {
    let Config { authority, pending_authority, guardian, paused, .. } = *config;
    emit!(ConfigChanged { authority, pending_authority, guardian, paused });
}
