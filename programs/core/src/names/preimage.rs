//! What is hashed with SHA-256, byte for byte. The hashing itself is the caller's: the chain has a system call for it.

use super::label::{check_label, MAX_LABEL};
use crate::Result;

/// Tag of a name's hash.
pub const NAME_TAG: &[u8; 16] = b"tolldns name v1\0";
/// Tag of a commitment.
pub const COMMITMENT_TAG: &[u8; 18] = b"tolldns commit v1\0";
/// What follows the label in the wire name: the label `dns` and the root.
const SUFFIX: &[u8; 5] = b"\x03dns\0";
/// Longest wire name: `length | label | 3 "dns" | 0`.
pub const MAX_WIRE: usize = 1 + MAX_LABEL + SUFFIX.len();

/// Bytes of at most `N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Bytes<N> {
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// The canonical wire name of a label under `dns` (RFC 1035, section 3.1).
pub fn wire_name(label: &[u8]) -> Result<Bytes<MAX_WIRE>> {
    check_label(label)?;
    let mut bytes = [0; MAX_WIRE];
    bytes[0] = label.len() as u8;
    bytes[1..=label.len()].copy_from_slice(label);
    bytes[1 + label.len()..][..SUFFIX.len()].copy_from_slice(SUFFIX);
    Ok(Bytes { bytes, length: 1 + label.len() + SUFFIX.len() })
}

/// `name hash = SHA-256(tag | wire name)`.
pub fn name_preimage(label: &[u8]) -> Result<Bytes<{ NAME_TAG.len() + MAX_WIRE }>> {
    let wire = wire_name(label)?;
    let wire = wire.as_slice();
    let mut bytes = [0; NAME_TAG.len() + MAX_WIRE];
    bytes[..NAME_TAG.len()].copy_from_slice(NAME_TAG);
    bytes[NAME_TAG.len()..][..wire.len()].copy_from_slice(wire);
    Ok(Bytes { bytes, length: NAME_TAG.len() + wire.len() })
}

/// `commitment = SHA-256(tag | name hash | owner | secret)`.
pub fn commitment_preimage(name_hash: &[u8; 32], owner: &[u8; 32], secret: &[u8; 32]) -> [u8; 114] {
    let mut bytes = [0; 114];
    bytes[..18].copy_from_slice(COMMITMENT_TAG);
    bytes[18..50].copy_from_slice(name_hash);
    bytes[50..82].copy_from_slice(owner);
    bytes[82..].copy_from_slice(secret);
    bytes
}
