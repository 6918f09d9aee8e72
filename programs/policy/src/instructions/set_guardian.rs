use crate::{
    error::PolicyError,
    instructions::shared::{announce_config, check_version},
    state::PolicyConfig,
};
use anchor_lang::prelude::*;
use tolldns_common::admin;

/// Names who may pause.
#[derive(Accounts)]
pub struct SetGuardian {
    #[account(mut, seeds = [b"policy"], bump)]
    pub config: Account<PolicyConfig>,
    #[account(address = config.authority @ PolicyError::NotAuthority)]
    pub authority: Signer,
}

pub(crate) fn handle(accounts: &mut SetGuardian, guardian: Address) -> Result<()> {
    let SetGuardian { config, authority: _ } = accounts;
    check_version(config.version)?;
    admin::set_guardian(&mut **config, guardian);
    announce_config(config);
    Ok(())
}
