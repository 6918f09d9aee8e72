//! What is hashed with SHA-256 and signed with Ed25519, byte for byte. The hashing itself is the caller's.

/// Tag of an epoch's seed.
pub const SEED_TAG: &[u8; 16] = b"tolldns seed v1\0";
/// Tag of a seat's random number.
pub const DRAW_TAG: &[u8; 16] = b"tolldns draw v1\0";
/// Tag of what a committee votes on.
pub const EPOCH_TAG: &[u8; 17] = b"tolldns epoch v1\0";
/// Tag of a signed vote.
pub const VOTE_TAG: &[u8; 13] = b"tolldns vote\0";
/// Bytes of a signed vote: with signature and key they fill one block of SHA-512.
pub const VOTE_BYTES: usize = 45;

/// What a committee says of an epoch: the root, and the trace that leads to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub previous_root: [u8; 32],
    pub root: [u8; 32],
    pub updates_root: [u8; 32],
    /// Updates in the trace.
    pub count: u32,
}

impl Outcome {
    /// `digest = SHA-256(tag | domain | epoch u64 | previous root | root | updates root | count u32)`.
    pub fn preimage(&self, domain: &[u8; 32], epoch: u64) -> [u8; 157] {
        let mut bytes = [0; 157];
        bytes[..17].copy_from_slice(EPOCH_TAG);
        bytes[17..49].copy_from_slice(domain);
        bytes[49..57].copy_from_slice(&epoch.to_le_bytes());
        bytes[57..89].copy_from_slice(&self.previous_root);
        bytes[89..121].copy_from_slice(&self.root);
        bytes[121..153].copy_from_slice(&self.updates_root);
        bytes[153..].copy_from_slice(&self.count.to_le_bytes());
        bytes
    }
}

/// `seed = SHA-256(tag | slot hash | last final root | epoch u64)`.
pub fn seed_preimage(slot_hash: &[u8; 32], last_root: &[u8; 32], epoch: u64) -> [u8; 88] {
    let mut bytes = [0; 88];
    bytes[..16].copy_from_slice(SEED_TAG);
    bytes[16..48].copy_from_slice(slot_hash);
    bytes[48..80].copy_from_slice(last_root);
    bytes[80..].copy_from_slice(&epoch.to_le_bytes());
    bytes
}

/// `SHA-256(tag | seed | seat u32)`, whose first 16 bytes are the seat's random number.
pub fn draw_preimage(seed: &[u8; 32], seat: u32) -> [u8; 52] {
    let mut bytes = [0; 52];
    bytes[..16].copy_from_slice(DRAW_TAG);
    bytes[16..48].copy_from_slice(seed);
    bytes[48..].copy_from_slice(&seat.to_le_bytes());
    bytes
}

/// What a witness signs: `tag | digest`.
pub fn vote_message(digest: &[u8; 32]) -> [u8; VOTE_BYTES] {
    let mut bytes = [0; VOTE_BYTES];
    bytes[..13].copy_from_slice(VOTE_TAG);
    bytes[13..].copy_from_slice(digest);
    bytes
}
