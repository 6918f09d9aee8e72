use crate::{
    error::NamesError,
    event::RoutePosted,
    instructions::shared::{check_version, now, slot},
    nft::holder_of,
    state::{Delegate, Name, ROLE_ROUTES},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::tenure::check_held;

/// Puts the version and hash of a route update on the chain, where no committee can leave it out. The delegate's place is left out by passing the
/// program's own address.
#[derive(Accounts)]
pub struct PostRoute {
    /// The holder, or a delegate.
    pub poster: Signer,
    #[account(mut, seeds = [b"name", &name.hash], bump = name.bump)]
    pub name: Account<Name>,
    /// The holder's token account that has the name's token.
    pub token: UncheckedAccount,
    pub record: Option<Account<Delegate>>,
}

pub(crate) fn handle(accounts: &mut PostRoute, version: u64, update_hash: [u8; 32]) -> Result<()> {
    let PostRoute { poster, name, token, record } = accounts;
    check_version(name.version)?;
    let now = now()?;
    check_held(name.generation, name.expires_at, now).or_refuse()?;
    let holder = holder_of(token, &name.mint)?;
    match record {
        None => {
            require!(holder == *poster.address(), NamesError::NotHolder);
        }
        Some(record) => {
            check_version(record.version)?;
            require!(record.name == *name.address(), NamesError::DelegateName);
            require!(record.delegate == *poster.address(), NamesError::DelegateWallet);
            require!(record.role == ROLE_ROUTES, NamesError::RoleUnknown);
            let current = record.generation == name.generation && record.appointed_by == holder;
            require!(current, NamesError::DelegateStale);
            require!(now < record.expires_at, NamesError::DelegateExpired);
        }
    }
    require!(version > name.posted_version, NamesError::VersionNotHigher);

    name.posted_version = version;
    name.posted_slot = slot()?;
    name.posted_hash = update_hash;
    emit!(RoutePosted { name_hash: name.hash, generation: name.generation, version, update_hash });
    Ok(())
}
