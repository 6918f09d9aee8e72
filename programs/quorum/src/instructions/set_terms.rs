use crate::{
    error::QuorumError,
    instructions::shared::{announce_config, check_version},
    state::QuorumConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::quorum::terms::QuorumTerms;

/// Sets times and the committee's size, within fixed bounds. An epoch that runs keeps those it was frozen with.
#[derive(Accounts)]
pub struct SetTerms {
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: Account<QuorumConfig>,
    #[account(address = config.authority @ QuorumError::NotAuthority)]
    pub authority: Signer,
}

pub(crate) fn handle(accounts: &mut SetTerms, terms: QuorumTerms) -> Result<()> {
    let SetTerms { config, authority: _ } = accounts;
    check_version(config.version)?;
    terms.check().or_refuse()?;
    config.set_terms(terms);
    announce_config(config);
    Ok(())
}
