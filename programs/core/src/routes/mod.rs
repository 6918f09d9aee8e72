//! The rules of routes: what is hashed and signed, the map of all routes with its proofs, the trace of an epoch, receipts. Bytes: docs/reference/routes.md.
//!
//! Nothing here returns a [`crate::Refusal`]: what is no proof is `None`, and the program that asked says what it refuses for that.

pub mod list;
pub mod map;
pub mod receipt;
pub mod trace;
pub mod update;
pub mod way;

/// First byte of every leaf's preimage.
const LEAF: &[u8] = &[0];
