//! The program's accounts. Each begins with Anchor's 8-byte discriminator; fields are laid out without padding, in the order written.
//!
//! Instructions that make an account derive its address. Those that find it made know it by owner and discriminator, and which one it is by its fields: only this
//! program writes them, once for each address (docs/decisions/0112-known-by-who-wrote-them.md).

mod config;
mod roster;
mod round;
mod target;

pub use {config::*, roster::*, round::*, target::*};

/// Version of every account this program writes.
pub const VERSION: u8 = 1;
