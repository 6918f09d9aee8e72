use crate::{
    error::QuorumError,
    instructions::shared::{announce_config, check_version},
    state::QuorumConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::admin;

/// The second step: the proposed key proves that it exists and takes over.
#[derive(Accounts)]
pub struct AcceptAuthority {
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: Account<QuorumConfig>,
    #[account(address = config.pending_authority @ QuorumError::NotPendingAuthority)]
    pub pending_authority: Signer,
}

pub(crate) fn handle(accounts: &mut AcceptAuthority) -> Result<()> {
    let AcceptAuthority { config, pending_authority } = accounts;
    check_version(config.version)?;
    admin::accept_authority(&mut **config, pending_authority.address())?;
    announce_config(config);
    Ok(())
}
