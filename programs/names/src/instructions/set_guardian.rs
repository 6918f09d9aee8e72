use crate::{
    error::NamesError,
    instructions::shared::{announce_config, check_version},
    state::NamesConfig,
};
use anchor_lang::prelude::*;

/// Names who may pause.
#[derive(Accounts)]
pub struct SetGuardian {
    #[account(mut, seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(address = config.authority @ NamesError::NotAuthority)]
    pub authority: Signer,
}

pub(crate) fn handle(accounts: &mut SetGuardian, guardian: Address) -> Result<()> {
    let SetGuardian { config, authority: _ } = accounts;
    check_version(config.version)?;
    config.guardian = guardian;
    announce_config(config);
    Ok(())
}
