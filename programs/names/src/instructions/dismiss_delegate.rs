use crate::{
    error::NamesError,
    event::DelegateChanged,
    instructions::shared::check_version,
    nft::holder_of,
    state::{Delegate, Name},
};
use anchor_lang::prelude::*;

/// Ends an appointment: by who made it, or by who holds the name now. The rent goes to who does.
#[derive(Accounts)]
pub struct DismissDelegate {
    #[account(mut)]
    pub holder: Signer,
    #[account(seeds = [b"name", &name.hash], bump = name.bump)]
    pub name: Account<Name>,
    /// Read only if the signer is not who made the appointment.
    pub token: UncheckedAccount,
    #[account(
        mut,
        close = holder,
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
    emit!(DelegateChanged { name: *name.address(), delegate: record.delegate, expires_at: 0 });
    Ok(())
}
