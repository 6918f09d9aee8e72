//! The rules of routes: what is hashed and signed, the map of all routes with its proofs, the trace of an epoch, receipts. Bytes: docs/reference/routes.md.
//!
//! Nothing here returns a [`crate::Refusal`]: what is no proof is `None`, and the program that asked says what it refuses for that.

pub mod list;
pub mod map;
pub mod receipt;
pub mod trace;
pub mod update;

use crate::hash::{Hash, Sha256};

/// First byte of every inner node's preimage, so that no leaf is one.
const NODE: &[u8] = &[1];
/// First byte of every leaf's preimage.
const LEAF: &[u8] = &[0];

/// `node = SHA-256(0x01 | left | right)`, of the map and of lists alike.
#[inline(always)]
fn node<H: Sha256>(left: &[u8], right: &[u8]) -> Hash {
    H::hash(&[NODE, left, right])
}

/// Siblings from the leaf upwards, 32 bytes each; `None` if the last is cut.
#[inline(always)]
fn siblings(bytes: &[u8]) -> Option<&[Hash]> {
    let (whole, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then_some(whole)
}
