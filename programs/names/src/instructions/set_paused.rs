use crate::{
    error::NamesError,
    instructions::shared::{announce_config, check_version},
    state::NamesConfig,
};
use anchor_lang::prelude::*;

/// Stops what brings new money in, or lets it in again. No exit looks at this flag.
#[derive(Accounts)]
pub struct SetPaused {
    #[account(mut, seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    /// To pause: the guardian or the authority. To resume: the authority.
    pub signer: Signer,
}

pub(crate) fn handle(accounts: &mut SetPaused, paused: u8) -> Result<()> {
    let SetPaused { config, signer } = accounts;
    check_version(config.version)?;
    let by_authority = *signer.address() == config.authority;
    match paused {
        0 => {
            require!(by_authority, NamesError::NotAuthority);
        }
        1 => {
            require!(by_authority || *signer.address() == config.guardian, NamesError::NotGuardian);
        }
        _ => return Err(NamesError::FlagInvalid.into()),
    }
    config.paused = paused;
    announce_config(config);
    Ok(())
}
