use crate::{
    error::NamesError,
    event::ControlChanged,
    instructions::shared::{check_version, now, record_authority},
    nft::{approve, check_holder},
    state::{Name, NamesConfig},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::tenure::check_held;

/// Offers a name to one wallet, which must accept. The configuration's address becomes the token's delegate until then.
#[derive(Accounts)]
pub struct OfferControl {
    pub holder: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(mut, seeds = [b"name", &name.hash], bump = name.bump)]
    pub name: Account<Name>,
    /// Any token account of the holder that has the name's token.
    #[account(mut)]
    pub token: UncheckedAccount,
    pub token_2022: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut OfferControl, to: Address) -> Result<()> {
    let OfferControl { holder, config, name, token, token_2022: _ } = accounts;
    check_version(config.version)?;
    check_version(name.version)?;
    check_held(name.generation, name.expires_at, now()?).or_refuse()?;
    check_holder(token, &name.mint, holder.address())?;
    require!(to != Address::default(), NamesError::OfferInvalid);

    approve(token, config.view(), holder)?;
    name.offered_to = to;
    name.offered_by = *holder.address();
    record_authority(name, holder.address())?;
    emit!(ControlChanged { name_hash: name.hash, from: *holder.address(), to, moved: 0 });
    Ok(())
}
