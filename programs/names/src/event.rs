//! What an observer can read from a transaction's log. State is in the accounts; these say what changed.

use anchor_lang::prelude::*;

/// A name got an owner, by registration or auction. Price in micro-IU.
#[event]
pub struct NameRegistered {
    pub name_hash: [u8; 32],
    pub generation: u32,
    pub owner: Address,
    pub expires_at: u64,
    pub price: u64,
}

/// A name was paid for again.
#[event]
pub struct NameRenewed {
    pub name_hash: [u8; 32],
    pub expires_at: u64,
    pub price: u64,
}

/// An auction after it opened, took a bid or was settled.
#[event]
pub struct AuctionChanged {
    pub auction: Address,
    pub state: u8,
    pub highest: u64,
    pub highest_bidder: Address,
    pub ends_at: u64,
}

/// A losing bid went back.
#[event]
pub struct BidReturned {
    pub auction: Address,
    pub bidder: Address,
    pub amount: u64,
}

/// Control of a name was offered (`to` is zero: withdrawn) or moved.
#[event]
pub struct ControlChanged {
    pub name_hash: [u8; 32],
    pub from: Address,
    pub to: Address,
    pub moved: u8,
}

/// Another holder was recorded as who signs a name's routes.
#[event]
pub struct AuthorityRecorded {
    pub name_hash: [u8; 32],
    pub authority: Address,
    pub slot: u64,
}

/// A delegate was appointed, or dismissed (`expires_at` is 0).
#[event]
pub struct DelegateChanged {
    pub name: Address,
    pub delegate: Address,
    pub expires_at: u64,
}

/// The owner or a delegate put an update on the chain, so that no committee can leave it out.
#[event]
pub struct RoutePosted {
    pub name_hash: [u8; 32],
    pub generation: u32,
    pub version: u64,
    pub update_hash: [u8; 32],
}

/// A passport was issued, or its hint changed.
#[event]
pub struct PassportChanged {
    pub wallet: Address,
    pub hint_kind: u8,
}

/// The configuration after any change of it.
#[event]
pub struct NamesConfigChanged {
    pub authority: Address,
    pub pending_authority: Address,
    pub guardian: Address,
    pub paused: u8,
}
