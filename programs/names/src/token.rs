//! Moving Index Units as the configuration has them. Reading token accounts is in `tolldns-common`.

use crate::state::NamesConfig;
use anchor_lang::prelude::*;
use tolldns_common::token;

pub use token::{amount_of, TokenAccount};

/// Index Units have six decimals.
pub const DECIMALS: u8 = 6;

/// Refuses a token program other than the configuration's.
#[inline(always)]
pub fn check_token_program(config: &NamesConfig, token_program: &Address) -> Result<()> {
    token::check_token_program(&config.token_program, token_program)
}

/// Moves tokens from a wallet that signed the transaction.
#[inline(always)]
pub fn pull(
    config: &NamesConfig,
    from: &AccountView,
    vault: &AccountView,
    owner: &AccountView,
    amount: u64,
) -> Result<()> {
    token::pull(&config.token_program, from, vault, owner, amount)
}

/// Moves tokens out of the auction vault, signed by the configuration's address. Nothing moves for an amount of zero.
#[inline(always)]
pub fn pay(
    config: &NamesConfig,
    config_view: &AccountView,
    vault: &AccountView,
    to: &AccountView,
    amount: u64,
) -> Result<()> {
    token::pay(&config.token_program, (config_view, b"names", config.bump), vault, to, amount)
}
