use crate::{
    error::NamesError,
    event::DelegateChanged,
    instructions::shared::{check_version, now, slot},
    nft::holder_of,
    state::{Delegate, Name},
};
use anchor_lang::prelude::*;

/// Ends an appointment: by who made it, or by who holds the name now. The record stays for a while, as evidence of who could sign until then.
#[derive(Accounts)]
pub struct DismissDelegate {
    pub holder: Signer,
    #[account(seeds = [b"name", &name.hash], bump = name.bump)]
    pub name: Account<Name>,
    /// Read only if the signer is not who made the appointment.
    pub token: UncheckedAccount,
    #[account(
        mut,
        seeds = [b"delegate", name.address().as_ref(), record.delegate.as_ref()],
        bump = record.bump
    )]
    pub record: Account<Delegate>,
}

pub(crate) fn handle(accounts: &mut DismissDelegate) -> Result<()> {
    let DismissDelegate { holder, name, token, record } = accounts;
    check_version(name.version)?;
    check_version(record.version)?;
    if record.appointed_by != *holder.address() {
        require!(holder_of(token, &name.mint)? == *holder.address(), NamesError::NotAppointer);
    }
    require!(record.ended_slot == 0, NamesError::DelegateEnded);
    record.ended_slot = slot()?;
    record.ended_at = now()?;
    emit!(DelegateChanged { name: *name.address(), delegate: record.delegate, expires_at: 0 });
    Ok(())
}
