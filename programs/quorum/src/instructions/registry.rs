//! What the names program's accounts say of a name, read as that program wrote them.

use crate::{
    error::QuorumError,
    instructions::shared::{check_version, Syscall},
};
use anchor_lang::{find_and_verify_program_address, prelude::*};
use names::{Delegate, Name, ROLE_ROUTES};
use tolldns_core::{
    quorum::entitled::{Appointment, Holding},
    routes::update::Update,
};

/// An update that stands on the chain.
pub struct Posted {
    pub slot: u64,
    pub update: Update,
    pub hash: [u8; 32],
    pub signer: Address,
    pub signature: [u8; 64],
}

/// Reads the Name of this hash; `None` where its address has no account of the names program, so that it was never registered.
pub fn holding_of(account: &UncheckedAccount, name_hash: &[u8; 32]) -> Result<Option<Holding>> {
    if !account.owned_by(&names::ID) {
        find_and_verify_program_address(&[b"name", name_hash], &names::ID, account.address())
            .map_err(|_| QuorumError::WrongName)?;
        return Ok(None);
    }
    let name = read_name(account)?;
    require!(name.hash == *name_hash, QuorumError::WrongName);
    Ok(Some(Holding {
        generation: name.generation,
        registered_at: name.registered_at,
        expires_at: name.expires_at,
        authority: name.signing(),
    }))
}

/// Reads a signer's appointment for a name; `None` where its address has no account of the names program: a record closes only days after its end, so there was none
/// at the freeze.
pub fn appointment_of(
    account: &UncheckedAccount,
    name: &Address,
    signer: &Address,
) -> Result<Option<Appointment>> {
    if !account.owned_by(&names::ID) {
        let seeds: [&[u8]; 3] = [b"delegate", name.as_ref(), signer.as_ref()];
        find_and_verify_program_address(&seeds, &names::ID, account.address())
            .map_err(|_| QuorumError::WrongDelegate)?;
        return Ok(None);
    }
    let record = Account::<Delegate>::load(*account.account())?;
    check_version(record.version)?;
    require!(record.name == *name && record.delegate == *signer, QuorumError::WrongDelegate);
    Ok(Some(Appointment {
        generation: record.generation,
        appointed_by: *record.appointed_by.as_array(),
        appointed_slot: record.appointed_slot,
        ended_slot: record.ended_slot,
        expires_at: record.expires_at,
        for_routes: record.role == ROLE_ROUTES,
    }))
}

/// Reads what stands posted in a Name for this domain.
pub fn posted_of(account: &UncheckedAccount, domain: &[u8; 32]) -> Result<Option<Posted>> {
    let name = read_name(account)?;
    let update = Update {
        name_hash: name.hash,
        generation: name.generation,
        version: name.posted_version,
        expires_at: name.posted_expires_at,
        records_hash: name.posted_records_hash,
    };
    let hash = update.hash::<Syscall>(domain);
    let mut signature = [0; 64];
    signature.copy_from_slice(name.posted_signature.as_flattened());
    // Where nothing is posted the hash is zero; where another domain's update is, it is another.
    Ok((name.posted_hash == hash).then_some(Posted {
        slot: name.posted_slot,
        update,
        hash,
        signer: name.posted_by,
        signature,
    }))
}

fn read_name(account: &UncheckedAccount) -> Result<Account<Name>> {
    let name = Account::<Name>::load(*account.account())?;
    check_version(name.version)?;
    Ok(name)
}
