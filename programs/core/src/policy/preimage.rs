//! What is hashed with SHA-256, byte for byte.

use crate::hash::{Hash, Sha256};

/// Tag of the domain.
pub const DOMAIN_TAG: &[u8; 18] = b"tolldns policy v1\0";
/// Tag of a target's id.
pub const TARGET_TAG: &[u8; 18] = b"tolldns target v1\0";
/// Tag of a round's evidence root.
pub const EVIDENCE_TAG: &[u8; 20] = b"tolldns evidence v1\0";

/// `SHA-256(tag | genesis hash | PolicyConfig address)`: what everything signed about health contains.
pub fn domain<H: Sha256>(genesis_hash: &[u8; 32], config: &[u8; 32]) -> Hash {
    H::hash(&[DOMAIN_TAG, genesis_hash, config])
}

/// `SHA-256(tag | kind u8 | name)`.
pub fn target_id<H: Sha256>(kind: u8, name: &[u8]) -> Hash {
    H::hash(&[TARGET_TAG, &[kind], name])
}

/// Where a round's evidence root begins: `SHA-256(tag | domain | id | begin u64 | roster u64)`.
pub fn first_evidence<H: Sha256>(domain: &[u8; 32], id: &[u8; 32], begin: u64, roster: u64) -> Hash {
    H::hash(&[EVIDENCE_TAG, domain, id, &begin.to_le_bytes(), &roster.to_le_bytes()])
}

/// The evidence root after a report: `SHA-256(root before | seat u8 | total u16 | ok u16 | probes root)`.
pub fn next_evidence<H: Sha256>(
    before: &Hash,
    seat: u8,
    total: u16,
    ok: u16,
    probes_root: &[u8; 32],
) -> Hash {
    H::hash(&[before, &[seat], &total.to_le_bytes(), &ok.to_le_bytes(), probes_root])
}
