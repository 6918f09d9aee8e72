use crate::{
    error::NamesError,
    instructions::shared::{announce_config, check_share_account, check_version},
    state::NamesConfig,
};
use anchor_lang::prelude::*;

/// Names the account that prices and winning bids go to: a closed or frozen one would otherwise hold up every auction for ever.
#[derive(Accounts)]
pub struct SetTreasury {
    #[account(mut, seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(address = config.authority @ NamesError::NotAuthority)]
    pub authority: Signer,
    pub treasury: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut SetTreasury) -> Result<()> {
    let SetTreasury { config, authority: _, treasury } = accounts;
    check_version(config.version)?;
    check_share_account(treasury, config)?;
    config.treasury = *treasury.address();
    announce_config(config);
    Ok(())
}
