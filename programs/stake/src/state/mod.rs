//! The program's accounts. Each begins with Anchor's 8-byte discriminator; fields are laid out without padding, in the order written.

mod config;
mod operator;
mod position;
mod tree;

pub use {config::*, operator::*, position::*, tree::*};

/// Version of every account this program writes.
pub const VERSION: u8 = 1;
