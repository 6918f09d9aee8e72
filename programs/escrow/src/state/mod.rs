//! The program's accounts. Each begins with Anchor's 8-byte discriminator; fields are laid out without padding, in the order written.

mod balance;
mod config;
mod ledger;

pub use {balance::*, config::*, ledger::*};

/// Version of every account this program writes.
pub const VERSION: u8 = 1;
