//! What a witness saw and when, without a word about who asked.

use crate::hash::{Hash, Sha256};

/// Tag of what a witness signs over a batch.
pub const RECEIPT_TAG: &[u8; 16] = b"tolldns receipt\0";
/// Bytes of a receipt.
pub const RECEIPT_BYTES: usize = 48;
/// Receipts tell whole minutes, in seconds.
const MINUTE: u64 = 60;

/// That an update was there. Entries of a batch's list, sorted by their bytes and each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub epoch: u64,
    pub update_hash: Hash,
    /// Unix seconds, cut down to whole minutes.
    pub seen_at: u64,
}

impl Receipt {
    /// A receipt for what was seen at this second.
    pub fn new(epoch: u64, update_hash: Hash, seen_at: u64) -> Self {
        Self { epoch, update_hash, seen_at: seen_at - seen_at % MINUTE }
    }

    /// `epoch u64 | update hash 32 | seen_at u64`.
    pub fn encode(&self) -> [u8; RECEIPT_BYTES] {
        let Self { epoch, update_hash, seen_at } = self;
        let mut bytes = [0; RECEIPT_BYTES];
        bytes[..8].copy_from_slice(&epoch.to_le_bytes());
        bytes[8..40].copy_from_slice(update_hash);
        bytes[40..].copy_from_slice(&seen_at.to_le_bytes());
        bytes
    }
}

/// What a witness signs over a batch: `tag | SHA-256(domain | witness | epoch u64 | count u32 | root)`.
pub fn signed_message<H: Sha256>(
    domain: &Hash,
    witness: &[u8; 32],
    epoch: u64,
    count: u32,
    root: &Hash,
) -> [u8; 48] {
    let digest = H::hash(&[domain, witness, &epoch.to_le_bytes(), &count.to_le_bytes(), root]);
    let mut bytes = [0; 48];
    bytes[..16].copy_from_slice(RECEIPT_TAG);
    bytes[16..].copy_from_slice(&digest);
    bytes
}
