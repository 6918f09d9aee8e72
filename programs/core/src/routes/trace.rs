//! The trace of an epoch: each update's step from root to root, so that one wrong step is provable alone.

use super::{update::part, LEAF};
use crate::hash::{Hash, Sha256};

/// Bytes of a step.
pub const STEP_BYTES: usize = 132;

/// One update of an epoch, in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub index: u32,
    pub update_hash: Hash,
    pub auth_hash: Hash,
    /// The map's root without the update.
    pub before: Hash,
    /// And with it.
    pub after: Hash,
}

impl Step {
    /// `index u32 | update hash | auth hash | before | after`.
    pub fn encode(&self) -> [u8; STEP_BYTES] {
        let Self { index, update_hash, auth_hash, before, after } = self;
        let mut bytes = [0; STEP_BYTES];
        bytes[..4].copy_from_slice(&index.to_le_bytes());
        for (at, hash) in [update_hash, auth_hash, before, after].into_iter().enumerate() {
            bytes[4 + 32 * at..][..32].copy_from_slice(hash);
        }
        bytes
    }

    /// Reads what [`Step::encode`] wrote.
    pub fn read(bytes: &[u8; STEP_BYTES]) -> Self {
        Self {
            index: u32::from_le_bytes(part(bytes, 0)),
            update_hash: part(bytes, 4),
            auth_hash: part(bytes, 36),
            before: part(bytes, 68),
            after: part(bytes, 100),
        }
    }

    /// The step's leaf in the list whose root is the epoch's updates root.
    pub fn leaf<H: Sha256>(&self) -> Hash {
        let Self { index, update_hash, auth_hash, before, after } = self;
        H::hash(&[LEAF, &index.to_le_bytes(), update_hash, auth_hash, before, after])
    }
}
