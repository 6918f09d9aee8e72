use crate::{
    instructions::shared::{announce_config, check_version},
    state::StakeConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::admin;

/// Stops what brings new money in, or lets it in again. No exit looks at this flag.
#[derive(Accounts)]
pub struct SetPaused {
    #[account(mut, seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    /// To pause: the guardian or the authority. To resume: the authority.
    pub signer: Signer,
}

pub(crate) fn handle(accounts: &mut SetPaused, paused: u8) -> Result<()> {
    let SetPaused { config, signer } = accounts;
    check_version(config.version)?;
    admin::set_paused(&mut **config, signer.address(), paused)?;
    announce_config(config);
    Ok(())
}
