use anchor_lang::prelude::*;

/// Most bytes of a hint.
pub const MAX_HINT: usize = 160;
/// Kinds of hint: 0 none, 1 public key, 2 relay, 3 encrypted rendezvous.
pub const MAX_HINT_KIND: u8 = 3;

/// A wallet's one passport, at `["passport", wallet]`.
#[account]
pub struct Passport {
    pub version: u8,
    pub bump: u8,
    pub hint_kind: u8,
    pub hint_length: u8,
    pub reserved: [u8; 4],
    pub wallet: Address,
    pub mint: Address,
    /// `dyndns_hint`: `hint_length` bytes, then zeroes. In rows of 32, which is what the IDL's reader can lay out.
    pub hint: [[u8; 32]; 5],
}
