//! The program's accounts. Each begins with Anchor's 8-byte discriminator; fields are laid out without padding, in the order written.

mod config;
mod roster;
mod round;
mod target;

pub use {config::*, roster::*, round::*, target::*};

/// Version of every account this program writes.
pub const VERSION: u8 = 1;
