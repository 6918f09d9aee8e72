use crate::{
    error::StakeError,
    instructions::shared::{announce_config, check_share_account, check_version},
    state::StakeConfig,
};
use anchor_lang::prelude::*;

/// Names the account that slashed tokens go to. Where it can take none, they are burned: a closed account holds up no slash.
#[derive(Accounts)]
pub struct SetTreasury {
    #[account(mut, seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(address = config.authority @ StakeError::NotAuthority)]
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
