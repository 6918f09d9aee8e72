use crate::{
    error::StakeError,
    instructions::shared::{announce_config, check_version},
    state::StakeConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::stake::terms::StakeTerms;

/// Sets delays, tiers and what offences cost, within fixed bounds. Exits keep the time they were given, locks theirs, positions their weight until stake is added.
#[derive(Accounts)]
pub struct SetTerms {
    #[account(mut, seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(address = config.authority @ StakeError::NotAuthority)]
    pub authority: Signer,
}

pub(crate) fn handle(accounts: &mut SetTerms, terms: StakeTerms) -> Result<()> {
    let SetTerms { config, authority: _ } = accounts;
    check_version(config.version)?;
    terms.check().or_refuse()?;
    config.set_terms(terms);
    announce_config(config);
    Ok(())
}
