use crate::{
    error::NamesError,
    instructions::shared::{announce_config, check_version},
    state::NamesConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::admin;

/// The second step: the proposed key proves that it exists and takes over.
#[derive(Accounts)]
pub struct AcceptAuthority {
    #[account(mut, seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(address = config.pending_authority @ NamesError::NotPendingAuthority)]
    pub pending_authority: Signer,
}

pub(crate) fn handle(accounts: &mut AcceptAuthority) -> Result<()> {
    let AcceptAuthority { config, pending_authority } = accounts;
    check_version(config.version)?;
    admin::accept_authority(&mut **config, pending_authority.address())?;
    announce_config(config);
    Ok(())
}
