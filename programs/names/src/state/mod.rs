//! The program's accounts. Each begins with Anchor's 8-byte discriminator; fields are laid out without padding, in the order written.

mod auction;
mod commitment;
mod config;
mod delegate;
mod name;
mod passport;

pub use {auction::*, commitment::*, config::*, delegate::*, name::*, passport::*};

/// Version of every account this program writes.
pub const VERSION: u8 = 1;
