use crate::{
    error::NamesError,
    event::RoutePosted,
    instructions::shared::{check_version, now, record_authority, slot},
    nft::holder_of,
    state::{Delegate, Name, ROLE_ROUTES},
};
use anchor_lang::{hash::sha256, prelude::*};
use tolldns_common::fault::OrRefuse;
use tolldns_core::{
    names::tenure::check_held,
    routes::update::{max_version, Update},
};

/// What of a signed update its name does not tell.
pub struct Posting {
    pub version: u64,
    /// Unix seconds.
    pub expires_at: u64,
    pub records_hash: [u8; 32],
    /// Of the cluster and its epochs; see docs/reference/routes.md.
    pub domain: [u8; 32],
    pub signature: [u8; 64],
}

/// Puts a signed route update on the chain, whole but for its records, where every witness can take it in and no committee can leave it out. The
/// signature is checked by who relies on it. The delegate's place is left out by passing the
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

pub(crate) fn handle(accounts: &mut PostRoute, posting: Posting) -> Result<()> {
    let PostRoute { poster, name, token, record } = accounts;
    let Posting { version, expires_at, records_hash, domain, signature } = posting;
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
            require!(record.ended_slot == 0, NamesError::DelegateEnded);
            require!(now < record.expires_at, NamesError::DelegateExpired);
        }
    }
    require!(version > name.posted_version, NamesError::VersionNotHigher);
    require!(version <= max_version(now), NamesError::VersionTooHigh);

    require!(expires_at <= name.expires_at, NamesError::UpdateOutlivesName);

    let update =
        Update { name_hash: name.hash, generation: name.generation, version, expires_at, records_hash };
    let update_hash = sha256(&update.encode(&domain));
    let (first, second) = signature.split_at(32);
    name.posted_version = version;
    name.posted_slot = slot()?;
    name.posted_expires_at = expires_at;
    name.posted_by = *poster.address();
    name.posted_hash = update_hash;
    name.posted_records_hash = records_hash;
    name.posted_signature[0].copy_from_slice(first);
    name.posted_signature[1].copy_from_slice(second);
    record_authority(name, &holder)?;
    emit!(RoutePosted { name_hash: name.hash, generation: name.generation, version, update_hash });
    Ok(())
}
