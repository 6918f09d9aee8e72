//! The rules of routes: what is hashed and signed, the map of all routes with its proofs, the trace of an epoch, receipts. Bytes: docs/reference/routes.md.
//!
//! Nothing here returns a [`crate::Refusal`]: what is no proof is `None`, and the program that asked says what it refuses for that.

pub mod list;
pub mod map;
pub mod receipt;
pub mod trace;
pub mod update;

use crate::hash::{Hash, Sha256};

/// First byte of every leaf's preimage.
const LEAF: &[u8] = &[0];

/// The node of two halves: `tag` is 0x01 and whatever else stands before them, `on_right` tells where `own` belongs.
#[inline(always)]
fn node_into<H: Sha256>(tag: &[u8], own: &Hash, beside: &Hash, on_right: bool, out: &mut Hash) {
    let (left, right) = if on_right { (beside, own) } else { (own, beside) };
    H::hash_into(&[tag, left, right], out);
}

/// Siblings from the leaf upwards, 32 bytes each; `None` if the last is cut.
#[inline(always)]
fn siblings(bytes: &[u8]) -> Option<&[Hash]> {
    let (whole, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then_some(whole)
}
