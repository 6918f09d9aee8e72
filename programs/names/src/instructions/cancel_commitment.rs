use crate::{
    instructions::shared::{check_version, now},
    state::{Commitment, NamesConfig},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::tenure::check_cancel;

/// Takes back a commitment that can't be revealed any more; its rent returns.
#[derive(Accounts)]
pub struct CancelCommitment {
    #[account(mut)]
    pub owner: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(
        mut,
        close = owner,
        seeds = [b"commitment", owner.address().as_ref(), &commitment.hash],
        bump = commitment.bump
    )]
    pub commitment: Account<Commitment>,
}

pub(crate) fn handle(accounts: &mut CancelCommitment) -> Result<()> {
    let CancelCommitment { owner: _, config, commitment } = accounts;
    check_version(config.version)?;
    check_version(commitment.version)?;
    check_cancel(commitment.made_at, config.commit_max, now()?).or_refuse()
}
