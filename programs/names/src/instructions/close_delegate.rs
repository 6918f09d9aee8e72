use crate::{
    error::NamesError,
    instructions::shared::{check_version, now},
    state::Delegate,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::delegate::check_closable;

/// Returns the rent of a record whose appointment is long over, to who paid it. Anyone may ask.
#[derive(Accounts)]
pub struct CloseDelegate {
    #[account(mut, address = record.payer @ NamesError::DelegatePayer)]
    pub payer: UncheckedAccount,
    #[account(
        mut,
        close = payer,
        seeds = [b"delegate", record.name.as_ref(), record.delegate.as_ref()],
        bump = record.bump
    )]
    pub record: Account<Delegate>,
}

pub(crate) fn handle(accounts: &mut CloseDelegate) -> Result<()> {
    let CloseDelegate { payer: _, record } = accounts;
    check_version(record.version)?;
    let ended_at = (record.ended_slot != 0).then_some(record.ended_at);
    check_closable(ended_at, record.expires_at, now()?).or_refuse()
}
