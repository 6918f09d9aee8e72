use crate::{
    error::PolicyError,
    instructions::shared::{announce_config, check_version, now},
    state::PolicyConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::terms::PolicyTerms;

/// Sets the terms, within fixed bounds, of windows that begin from now on. Earlier windows that are not judged yet never are.
#[derive(Accounts)]
pub struct SetTerms {
    #[account(mut, seeds = [b"policy"], bump)]
    pub config: Account<PolicyConfig>,
    #[account(address = config.authority @ PolicyError::NotAuthority)]
    pub authority: Signer,
}

pub(crate) fn handle(accounts: &mut SetTerms, terms: PolicyTerms) -> Result<()> {
    let SetTerms { config, authority: _ } = accounts;
    check_version(config.version)?;
    terms.check().or_refuse()?;
    let now = now()?;

    // Rosters outlive the rounds they reported, whichever terms those were made under.
    config.evidence_floor = config.evidence_floor.max(config.terms().evidence_until(now));
    config.set_terms(terms, now);
    announce_config(config);
    Ok(())
}
