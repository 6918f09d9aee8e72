use anchor_lang::prelude::*;

pub const AUCTION_OPEN: u8 = 1;
pub const AUCTION_SETTLED: u8 = 2;

/// The sale of one name's next generation, at `["auction", name hash, generation u32]`. It stays, as the record of who won.
#[account]
pub struct Auction {
    pub version: u8,
    pub bump: u8,
    pub state: u8,
    pub reserved: u8,
    /// The generation that the winner gets.
    pub generation: u32,
    /// Unix seconds.
    pub ends_at: u64,
    /// micro-IU
    pub highest: u64,
    pub name_hash: [u8; 32],
    pub highest_bidder: Address,
    pub opened_by: Address,
}

/// One bidder's money in one auction, at `["bid", auction, bidder]`.
#[account]
pub struct Bid {
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 6],
    /// micro-IU in the vault for this bidder.
    pub held: u64,
    pub auction: Address,
    pub bidder: Address,
}
