use crate::{
    error::StakeError,
    instructions::shared::{announce_config, check_version},
    state::StakeConfig,
};
use anchor_lang::prelude::*;

/// Names the one address that may slash: the quorum program's. The zero address signs nothing, so it stands for nobody.
#[derive(Accounts)]
pub struct SetSlasher {
    #[account(mut, seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(address = config.authority @ StakeError::NotAuthority)]
    pub authority: Signer,
}

pub(crate) fn handle(accounts: &mut SetSlasher, slasher: Address) -> Result<()> {
    let SetSlasher { config, authority: _ } = accounts;
    check_version(config.version)?;
    config.slasher = slasher;
    announce_config(config);
    Ok(())
}
