use crate::{
    error::NamesError, event::ControlChanged, instructions::shared::check_version, nft::check_holder,
    state::Name,
};
use anchor_lang::prelude::*;

/// Takes an offer back: by who made it, or by who holds the name now.
#[derive(Accounts)]
pub struct WithdrawOffer {
    pub holder: Signer,
    #[account(mut, seeds = [b"name", &name.hash], bump = name.bump)]
    pub name: Account<Name>,
    /// Read only if the signer is not who made the offer.
    pub token: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut WithdrawOffer) -> Result<()> {
    let WithdrawOffer { holder, name, token } = accounts;
    check_version(name.version)?;
    require!(name.offered_to != Address::default(), NamesError::NotOffered);
    if name.offered_by != *holder.address() {
        check_holder(token, &name.mint, holder.address())?;
    }
    name.offered_to = Address::default();
    name.offered_by = Address::default();
    emit!(ControlChanged { name_hash: name.hash, from: *holder.address(), to: Address::default(), moved: 0 });
    Ok(())
}
