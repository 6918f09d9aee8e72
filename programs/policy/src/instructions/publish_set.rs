use crate::{
    error::PolicyError,
    event::SetPublished,
    instructions::shared::{check_version, now},
    state::{PolicyConfig, Set},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::round::check_set;

/// Publishes the challenge set of windows that begin from now on; windows that began before keep the one they began with.
#[derive(Accounts)]
pub struct PublishSet {
    #[account(mut, seeds = [b"policy"], bump)]
    pub config: Account<PolicyConfig>,
    #[account(address = config.authority @ PolicyError::NotAuthority)]
    pub authority: Signer,
}

pub(crate) fn handle(accounts: &mut PublishSet, version: u32, count: u16, root: [u8; 32]) -> Result<()> {
    let PublishSet { config, authority: _ } = accounts;
    check_version(config.version)?;
    check_set(version, config.set_version, count).or_refuse()?;

    config.publish(Set { root, version, count }, now()?);
    emit!(SetPublished { version, count, root });
    Ok(())
}
