//! Checks and announcements that several instructions share.

use crate::{
    event::{BalanceChanged, ConfigChanged, LaneChanged},
    state::{Balance, Config, LaneRow, VERSION},
};
use anchor_lang::prelude::*;

use tolldns_common::token;

pub use tolldns_common::{account::now, admin::check_running};

/// Refuses an account this program version doesn't know.
#[inline(always)]
pub fn check_version(version: u8) -> Result<()> {
    tolldns_common::account::check_version(version, VERSION)
}

/// Checks an account the protocol will pay shares into: IU, nobody else's hand on it, and not one with another part to play.
pub fn check_share_account(account: &AccountView, config: &Config, reserved: &[&Address]) -> Result<()> {
    token::check_share_account(account, &config.mint, &config.token_program, reserved)
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
