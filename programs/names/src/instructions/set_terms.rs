use crate::{
    error::NamesError,
    instructions::shared::{announce_config, check_version},
    state::NamesConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::terms::NamesTerms;

/// Sets prices and times, within fixed bounds. Auctions keep their end, names their term, whatever changes here.
#[derive(Accounts)]
pub struct SetTerms {
    #[account(mut, seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(address = config.authority @ NamesError::NotAuthority)]
    pub authority: Signer,
}

pub(crate) fn handle(accounts: &mut SetTerms, terms: NamesTerms) -> Result<()> {
    let SetTerms { config, authority: _ } = accounts;
    check_version(config.version)?;
    terms.check().or_refuse()?;
    config.set_terms(terms);
    announce_config(config);
    Ok(())
}
