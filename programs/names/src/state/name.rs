use anchor_lang::prelude::*;

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
    pub hash: [u8; 32],
    /// The NFT's mint; whoever holds its one token holds the name.
    pub mint: Address,
    /// All zero when control is offered to nobody.
    pub offered_to: Address,
    pub offered_by: Address,
    pub posted_hash: [u8; 32],
    /// The label, then zeroes.
    pub label: [u8; 64],
}

impl Name {
    pub fn label(&self) -> &[u8] {
        &self.label[..self.label_length as usize & 63]
    }
}
