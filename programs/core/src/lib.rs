//! The rules of the toll, apart from any account or framework.
//!
//! Amounts are micro Index Units (`u64`, at most [`amounts::MAX_AMOUNT`]), times are Unix seconds (`u64`), durations seconds, integers on
//! the wire little endian. A rule that does not hold returns a [`Refusal`]; its number is the last part of the program's error code.
#![no_std]
#![forbid(unsafe_code)]

pub mod amounts;
pub mod conservation;
pub mod hash;
pub mod lane;
pub mod names;
pub mod policy;
pub mod quorum;
pub mod refusal;
pub mod routes;
pub mod split;
pub mod stake;
pub mod terms;
pub mod time;
pub mod voucher;

// Tests of this crate share a support file with those beside it, for which it is a crate like any other.
#[cfg(test)]
extern crate self as tolldns_core;
#[cfg(test)]
#[path = "../tests/support/library.rs"]
mod library;

pub use refusal::Refusal;

/// What every rule returns.
pub type Result<T> = core::result::Result<T, Refusal>;

/// Turns a condition that must hold into a [`Refusal`] when it does not.
#[inline(always)]
pub fn ensure(condition: bool, refusal: Refusal) -> Result<()> {
    if condition {
        Ok(())
    } else {
        Err(refusal)
    }
}
