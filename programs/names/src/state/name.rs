use anchor_lang::prelude::*;
use tolldns_core::names::authority::Authority;

/// One name, at `["name", hash]`. Made by its first registration or auction, and never closed.
#[account]
pub struct Name {
    pub version: u8,
    pub bump: u8,
    /// Version of the rules its label was checked by.
    pub normalisation: u8,
    pub label_length: u8,
    /// Registrations so far: an NFT, delegate or update of an earlier one counts for nothing.
    pub generation: u32,
    /// Unix seconds.
    pub registered_at: u64,
    pub expires_at: u64,
    /// Version and slot of the update posted last; 0 if none was since registration.
    pub posted_version: u64,
    pub posted_slot: u64,
    pub posted_expires_at: u64,
    /// Slot in which the authority was recorded, and the one before it.
    pub authority_slot: u64,
    pub previous_slot: u64,
    pub hash: [u8; 32],
    /// The NFT's mint; whoever holds its one token holds the name.
    pub mint: Address,
    /// Who signs routes: the holder as recorded last, and who was recorded before. All zero is nobody.
    pub authority: Address,
    pub previous_authority: Address,
    /// All zero when control is offered to nobody.
    pub offered_to: Address,
    pub offered_by: Address,
    /// Who signed the update posted last, its hash, its records' hash and the signature.
    pub posted_by: Address,
    pub posted_hash: [u8; 32],
    pub posted_records_hash: [u8; 32],
    /// `R | S`; in rows of 32, which is what the IDL's reader can lay out.
    pub posted_signature: [[u8; 32]; 2],
    /// The label, then zeroes.
    pub label: [u8; 64],
}

impl Name {
    pub fn label(&self) -> &[u8] {
        &self.label[..self.label_length as usize & 63]
    }

    /// Who signs routes, and who did.
    pub fn signing(&self) -> Authority {
        Authority {
            current: *self.authority.as_array(),
            since: self.authority_slot,
            previous: *self.previous_authority.as_array(),
            previous_since: self.previous_slot,
        }
    }

    pub fn set_signing(&mut self, signing: Authority) {
        let Authority { current, since, previous, previous_since } = signing;
        self.authority = Address::new_from_array(current);
        self.authority_slot = since;
        self.previous_authority = Address::new_from_array(previous);
        self.previous_slot = previous_since;
    }
}
