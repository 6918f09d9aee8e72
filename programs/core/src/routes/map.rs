//! Proofs in the map of all routes, a binary Merkle tree over name hashes whose lone names stand as high as they can (docs/reference/routes.md).
//!
//! One proof tells the root, whether a name is in it or not, and the root after the name's entry is set.

use super::{
    node, siblings,
    update::{part, Entry},
};
use crate::hash::{Hash, Sha256, EMPTY};

/// Bytes of another leaf's opening.
pub const OPENING_BYTES: usize = 76;
/// A map of a million names has no proof above this, bytes.
pub const MAX_PROOF: usize = 1_024;

/// What stands where the name belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Kind 0: the name itself.
    Name,
    /// Kind 1: nothing.
    Empty,
    /// Kind 2: another name's leaf.
    Other { name_hash: Hash, entry: Entry },
}

/// `depth u8 | kind u8 | [other 76] | bitmap | siblings`, checked in form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapProof<'a> {
    depth: usize,
    place: Place,
    bitmap: &'a [u8],
    siblings: &'a [Hash],
}

impl<'a> MapProof<'a> {
    /// Reads a proof; `None` if it isn't the one form of what it says: unknown kind, cut, too long, stray bits, an empty sibling spelled out, or none beside the place.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (&[depth, kind], rest) = bytes.split_first_chunk::<2>()?;
        let depth = depth as usize;
        let (place, rest) = match kind {
            0 => (Place::Name, rest),
            1 => (Place::Empty, rest),
            2 => {
                let (other, rest) = rest.split_first_chunk::<OPENING_BYTES>()?;
                (read_opening(other), rest)
            }
            _ => return None,
        };
        let (bitmap, rest) = rest.split_at_checked(depth.div_ceil(8))?;
        let siblings = siblings(rest)?;
        let set: u32 = bitmap.iter().map(|byte| byte.count_ones()).sum();
        let stray = !depth.is_multiple_of(8) && bitmap[bitmap.len() - 1] >> (depth % 8) != 0;
        // Above a place are at least two names, so what is beside it is not empty.
        let lonely = depth != 0 && bitmap[0] & 1 == 0;
        let spelled = siblings.contains(&EMPTY);
        (!stray && !lonely && !spelled && set as usize == siblings.len()).then_some(Self {
            depth,
            place,
            bitmap,
            siblings,
        })
    }

    /// What the proof says stands there.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The root under which `entry` is the name's, or, with `None`, under which the name is not there. `None` if the proof is of the other kind, or its other leaf is
    /// not where this name belongs.
    pub fn root<H: Sha256>(&self, name_hash: &Hash, entry: Option<&Entry>) -> Option<Hash> {
        Some(self.climb::<H>(name_hash, self.held::<H>(name_hash, entry)?))
    }

    /// The root as [`MapProof::root`] has it, and the root once the name's entry is `after`.
    pub fn roots<H: Sha256>(
        &self,
        name_hash: &Hash,
        before: Option<&Entry>,
        after: &Entry,
    ) -> Option<(Hash, Hash)> {
        let held = self.held::<H>(name_hash, before)?;
        let set = self.set::<H>(name_hash, held, after);
        Some((self.climb::<H>(name_hash, held), self.climb::<H>(name_hash, set)))
    }

    /// Hash of what stands at the place.
    fn held<H: Sha256>(&self, name_hash: &Hash, entry: Option<&Entry>) -> Option<Hash> {
        match (&self.place, entry) {
            (Place::Name, Some(entry)) => Some(entry.leaf::<H>(name_hash)),
            (Place::Empty, None) => Some(EMPTY),
            (Place::Other { name_hash: other, entry }, None) => {
                let shared = shared_bits(name_hash, other);
                (shared >= self.depth && shared < 256).then(|| entry.leaf::<H>(other))
            }
            _ => None,
        }
    }

    /// Hash of the place with the name's new leaf in it: beside another's leaf it goes down to where the two part.
    fn set<H: Sha256>(&self, name_hash: &Hash, held: Hash, after: &Entry) -> Hash {
        let leaf = after.leaf::<H>(name_hash);
        let Place::Other { name_hash: other, .. } = &self.place else { return leaf };
        let parting = shared_bits(name_hash, other);
        let mut hash = join::<H>(name_hash, parting, &leaf, &held);
        for level in (self.depth..parting).rev() {
            hash = join::<H>(name_hash, level, &hash, &EMPTY);
        }
        hash
    }

    fn climb<H: Sha256>(&self, name_hash: &Hash, from: Hash) -> Hash {
        let mut hash = from;
        let mut siblings = self.siblings.iter();
        for (up, level) in (0..self.depth).rev().enumerate() {
            let full = self.bitmap[up / 8] >> (up % 8) & 1 == 1;
            let sibling = if full { siblings.next().unwrap_or(&EMPTY) } else { &EMPTY };
            hash = join::<H>(name_hash, level, &hash, sibling);
        }
        hash
    }
}

/// The node at `level` whose half towards the name is `own`.
#[inline(always)]
fn join<H: Sha256>(name_hash: &Hash, level: usize, own: &Hash, beside: &Hash) -> Hash {
    if name_hash[level / 8] << (level % 8) & 0x80 == 0 {
        node::<H>(own, beside)
    } else {
        node::<H>(beside, own)
    }
}

/// How many bits two hashes begin with alike.
fn shared_bits(a: &Hash, b: &Hash) -> usize {
    match a.iter().zip(b).position(|(a, b)| a != b) {
        Some(at) => 8 * at + (a[at] ^ b[at]).leading_zeros() as usize,
        None => 256,
    }
}

fn read_opening(bytes: &[u8; OPENING_BYTES]) -> Place {
    let entry = Entry {
        generation: u32::from_le_bytes(part(bytes, 32)),
        version: u64::from_le_bytes(part(bytes, 36)),
        update_hash: part(bytes, 44),
    };
    Place::Other { name_hash: part(bytes, 0), entry }
}
