use crate::{
    instructions::shared::{announce_config, check_version},
    state::QuorumConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::admin;

/// Stops new epochs, or lets them begin again. What runs goes on: no pause holds back a vote, a challenge or an end.
#[derive(Accounts)]
pub struct SetPaused {
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: Account<QuorumConfig>,
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
