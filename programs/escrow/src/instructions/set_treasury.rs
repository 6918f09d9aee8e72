use crate::{
    error::EscrowError,
    instructions::shared::{announce_config, check_share_account, check_version},
    state::Config,
};
use anchor_lang::prelude::*;

/// Names the accounts of the treasury's and the name owners' shares: a closed or frozen one would otherwise hold up every `distribute` for ever.
#[derive(Accounts)]
pub struct SetTreasury {
    #[account(mut, seeds = [b"config"], bump)]
    pub config: Account<Config>,
    #[account(address = config.authority @ EscrowError::NotAuthority)]
    pub authority: Signer,
    pub treasury: UncheckedAccount,
    pub names_pool: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut SetTreasury) -> Result<()> {
    let SetTreasury { config, authority: _, treasury, names_pool } = accounts;
    check_version(config.version)?;
    check_share_account(treasury, config, &[&config.vault])?;
    check_share_account(names_pool, config, &[&config.vault, treasury.address()])?;

    config.treasury = *treasury.address();
    config.names_pool = *names_pool.address();
    announce_config(config);
    Ok(())
}
