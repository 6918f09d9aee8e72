use crate::{
    instructions::shared::{announce_config, check_version},
    state::PolicyConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::admin;

/// Stops judging, or lets it go on. States stay as they are and grow stale; reports, challenges and closings go on.
#[derive(Accounts)]
pub struct SetPaused {
    #[account(mut, seeds = [b"policy"], bump)]
    pub config: Account<PolicyConfig>,
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
