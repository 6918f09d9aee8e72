use anchor_lang::prelude::*;

/// A promise to register a name that nobody else can read, at `["commitment", owner, hash]`. The owner is part of the address, so a copied hash
/// is another commitment.
#[account]
pub struct Commitment {
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 6],
    /// Unix seconds.
    pub made_at: u64,
    pub owner: Address,
    pub hash: [u8; 32],
}
