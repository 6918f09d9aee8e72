//! Merkle lists as in RFC 9162, section 2.1, whose empty list is 32 zero bytes.

use super::LEAF;
use crate::hash::{Hash, Sha256};

/// First byte of a node's preimage: `node = SHA-256(0x01 | left | right)`.
pub(super) const NODE: &[u8] = &[1];
/// Most leaves a list may have: no epoch has more updates.
pub const MAX_LIST: u32 = 16_384;

/// `leaf = SHA-256(0x00 | entry)`.
pub fn leaf<H: Sha256>(entry: &[u8]) -> Hash {
    H::hash(&[LEAF, entry])
}

/// `length u8 | siblings` from the leaf upwards, checked in form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListProof<'a> {
    siblings: &'a [Hash],
}

impl<'a> ListProof<'a> {
    /// Reads a proof; `None` if it is cut or something follows it.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (&length, rest) = bytes.split_first()?;
        let (siblings, rest) = rest.as_chunks::<32>();
        (rest.is_empty() && siblings.len() == length as usize).then_some(Self { siblings })
    }

    /// The root of the list of `size` leaves whose `index`-th is this; `None` if there is no such place, or its proof has another length (section 2.1.3.2).
    /// The size counts only as far as it shapes the leaf's way: of the first of 11 leaves the proof is good for 9 to 16. Only the last leaf's tells the size.
    pub fn root<H: Sha256>(&self, leaf: &Hash, index: u32, size: u32) -> Option<Hash> {
        if index >= size {
            return None;
        }
        let (mut place, mut last) = (index as u64, size as u64 - 1);
        // Two places in turn, so that nothing is copied.
        let (mut own, mut next) = (&mut leaf.clone(), &mut Hash::default());
        for sibling in self.siblings {
            if last == 0 {
                return None;
            }
            if place & 1 == 1 || place == last {
                H::hash_into(&[NODE, sibling, own], next);
                // The last of an uneven row goes up unpaired. Not zero here: it is odd, or the last and that is not zero.
                while place & 1 == 0 {
                    (place, last) = (place >> 1, last >> 1);
                }
            } else {
                H::hash_into(&[NODE, own, sibling], next);
            }
            (own, next) = (next, own);
            (place, last) = (place >> 1, last >> 1);
        }
        (last == 0).then_some(*own)
    }
}
