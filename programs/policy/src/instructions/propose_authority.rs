use crate::{
    error::PolicyError,
    instructions::shared::{announce_config, check_version},
    state::PolicyConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::admin;

/// Names the next authority. Nothing changes until that key accepts; proposing the zero address takes a proposal back.
#[derive(Accounts)]
pub struct ProposeAuthority {
    #[account(mut, seeds = [b"policy"], bump)]
    pub config: Account<PolicyConfig>,
    #[account(address = config.authority @ PolicyError::NotAuthority)]
    pub authority: Signer,
}

pub(crate) fn handle(accounts: &mut ProposeAuthority, new_authority: Address) -> Result<()> {
    let ProposeAuthority { config, authority: _ } = accounts;
    check_version(config.version)?;
    admin::propose_authority(&mut **config, new_authority);
    announce_config(config);
    Ok(())
}
