use crate::{
    error::QuorumError,
    instructions::shared::{check_version, now},
    state::EpochAccount,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::quorum::epoch::is_ended;

/// Returns an ended epoch's rent to who paid it, once its votes are no evidence any more.
#[derive(Accounts)]
pub struct Close {
    #[account(mut, address = epoch.payer @ QuorumError::WrongPayer)]
    pub payer: UncheckedAccount,
    #[account(
        mut,
        close = payer,
        seeds = [b"epoch", &epoch.number.to_le_bytes()],
        bump = epoch.bump
    )]
    pub epoch: EpochAccount,
}

pub(crate) fn handle(accounts: &mut Close) -> Result<()> {
    let Close { payer: _, epoch } = accounts;
    check_version(epoch.version)?;
    require!(is_ended(epoch.status), QuorumError::EpochStatus);
    epoch.times().check_close(epoch.ended_at, now()?).or_refuse()
}
