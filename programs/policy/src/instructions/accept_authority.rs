use crate::{
    error::PolicyError,
    instructions::shared::{announce_config, check_version},
    state::PolicyConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::admin;

/// The second step: the proposed key proves that it exists and takes over.
#[derive(Accounts)]
pub struct AcceptAuthority {
    #[account(mut, seeds = [b"policy"], bump)]
    pub config: Account<PolicyConfig>,
    #[account(address = config.pending_authority @ PolicyError::NotPendingAuthority)]
    pub pending_authority: Signer,
}

pub(crate) fn handle(accounts: &mut AcceptAuthority) -> Result<()> {
    let AcceptAuthority { config, pending_authority } = accounts;
    check_version(config.version)?;
    admin::accept_authority(&mut **config, pending_authority.address())?;
    announce_config(config);
    Ok(())
}
