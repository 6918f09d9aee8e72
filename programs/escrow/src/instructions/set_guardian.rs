use crate::{
    error::EscrowError,
    instructions::shared::{announce_config, check_version},
    state::Config,
};
use anchor_lang::prelude::*;

/// Names who may pause.
#[derive(Accounts)]
pub struct SetGuardian {
    #[account(mut, seeds = [b"config"], bump)]
    pub config: Account<Config>,
    #[account(address = config.authority @ EscrowError::NotAuthority)]
    pub authority: Signer,
}

pub(crate) fn handle(accounts: &mut SetGuardian, guardian: Address) -> Result<()> {
    let SetGuardian { config, authority: _ } = accounts;
    check_version(config.version)?;
    config.guardian = guardian;
    announce_config(config);
    Ok(())
}
