use crate::{
    error::EscrowError,
    instructions::shared::{announce_config, check_version},
    state::Config,
};
use anchor_lang::prelude::*;

/// Stops what brings new money in, or lets it in again. No exit looks at this flag.
#[derive(Accounts)]
pub struct SetPaused {
    #[account(mut, seeds = [b"config"], bump)]
    pub config: Account<Config>,
    /// To pause: the guardian or the authority. To resume: the authority.
    pub signer: Signer,
}

pub(crate) fn handle(accounts: &mut SetPaused, paused: u8) -> Result<()> {
    let SetPaused { config, signer } = accounts;
    check_version(config.version)?;
    let by_authority = *signer.address() == config.authority;
    match paused {
        0 => {
            require!(by_authority, EscrowError::NotAuthority);
        }
        1 => {
            require!(by_authority || *signer.address() == config.guardian, EscrowError::NotGuardian);
        }
        _ => return Err(EscrowError::FlagInvalid.into()),
    }
    config.paused = paused;
    announce_config(config);
    Ok(())
}
