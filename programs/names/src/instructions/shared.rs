//! Checks and announcements that several instructions share.

use crate::{
    error::NamesError,
    event::{AuctionChanged, AuthorityRecorded, NamesConfigChanged},
    state::{Auction, Name, NamesConfig, VERSION},
};
use anchor_lang::{hash::sha256, prelude::*};
use tolldns_common::{fault::OrRefuse, token};
use tolldns_core::names::{label::NORMALISATION, preimage::name_preimage};

pub use tolldns_common::{
    account::{now, slot},
    admin::check_running,
};

/// Refuses an account this program version doesn't know.
#[inline(always)]
pub fn check_version(version: u8) -> Result<()> {
    tolldns_common::account::check_version(version, VERSION)
}

/// Refuses a label that isn't normal, and a hash that isn't the label's.
pub fn check_name_hash(label: &[u8], name_hash: &[u8; 32]) -> Result<()> {
    let preimage = name_preimage(label).or_refuse()?;
    require!(sha256(preimage.as_slice()) == *name_hash, NamesError::NameHashMismatch);
    Ok(())
}

/// Writes who a name is, if the account was just created (the runtime gave zeroes).
pub fn prepare_name(name: &mut Name, bump: u8, name_hash: &[u8; 32], label: &[u8]) -> Result<()> {
    if name.version == 0 {
        name.version = VERSION;
        name.bump = bump;
        name.normalisation = NORMALISATION;
        name.label_length = label.len() as u8;
        name.hash = *name_hash;
        name.label[..label.len()].copy_from_slice(label);
    }
    check_version(name.version)
}

/// Begins a name's next generation: whatever an earlier holder offered or posted is gone, and the holder signs.
pub fn begin_generation(
    name: &mut Name,
    generation: u32,
    mint: &Address,
    holder: &Address,
    now: u64,
    expires_at: u64,
) -> Result<()> {
    name.generation = generation;
    name.registered_at = now;
    name.expires_at = expires_at;
    name.posted_version = 0;
    name.posted_slot = 0;
    name.posted_expires_at = 0;
    name.posted_by = Address::default();
    name.posted_hash = [0; 32];
    name.posted_records_hash = [0; 32];
    name.posted_signature = [[0; 32]; 2];
    name.mint = *mint;
    name.offered_to = Address::default();
    name.offered_by = Address::default();
    record_authority(name, holder)
}

/// Records who was seen to hold a name as who signs its routes. Does nothing if it is recorded.
pub fn record_authority(name: &mut Name, holder: &Address) -> Result<()> {
    if name.authority == *holder {
        return Ok(());
    }
    let slot = slot()?;
    name.set_signing(name.signing().after(*holder.as_array(), slot));
    emit!(AuthorityRecorded { name_hash: name.hash, authority: *holder, slot });
    Ok(())
}

/// The generation after a name's present one.
pub fn next_generation(name: &Name) -> Result<u32> {
    name.generation.checked_add(1).ok_or(NamesError::AmountOverflow.into())
}

/// Checks an account the program will pay into: IU, nobody else's hand on it, and not the vault.
pub fn check_share_account(account: &AccountView, config: &NamesConfig) -> Result<()> {
    token::check_share_account(account, &config.mint, &config.token_program, &[&config.vault])
}

pub fn announce_config(config: &NamesConfig) {
    let NamesConfig { authority, pending_authority, guardian, paused, .. } = *config;
    emit!(NamesConfigChanged { authority, pending_authority, guardian, paused });
}

pub fn announce_auction(address: Address, auction: &Auction) {
    let Auction { state, highest, highest_bidder, ends_at, .. } = *auction;
    emit!(AuctionChanged { auction: address, state, highest, highest_bidder, ends_at });
}
