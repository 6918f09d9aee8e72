//! What every TollDNS program does alike, around accounts: reading token accounts, checking signatures, handing administration over, asking the
//! clock. Rules that need no account are in `tolldns-core`. Faults found here carry numbers that all programs share (see [`fault`]).
#![no_std]

#[cfg(not(target_os = "solana"))]
extern crate alloc;

pub mod account;
pub mod admin;
pub mod entrypoint;
pub mod fault;
pub mod hash;
pub mod signature;
pub mod token;
