//! Proofs in the map of all routes, a binary Merkle tree over name hashes that has a node only where names part (docs/reference/routes.md).
//!
//! One proof tells the root, whether a name is in it or not, and the root after the name's entry is set.

use super::update::{part, Entry};
use crate::hash::{Hash, Sha256, EMPTY};

/// Bytes of another leaf's opening.
pub const OPENING_BYTES: usize = 76;
/// A map of a million names has no proof above this, bytes.
pub const MAX_PROOF: usize = 1_024;
/// Bytes of a node in a proof: its level and its other half.
const NODE_BYTES: usize = 33;

/// What stands where the name belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Kind 0: the name itself.
    Name,
    /// Kind 1: nothing, for the map is empty.
    Empty,
    /// Kind 2: another name's leaf, which parts from the name where no node of the way does.
    Other { name_hash: Hash, entry: Entry },
}

/// `nodes u8 | kind u8 | [other 76] | (level u8 | sibling 32) * nodes`, from the lowest node upwards, checked in form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapProof<'a> {
    place: Place,
    nodes: &'a [[u8; NODE_BYTES]],
}

impl<'a> MapProof<'a> {
    /// Reads a proof; `None` if it isn't the one form of what it says: unknown kind, cut, too long, levels that don't fall, an empty sibling, or an empty place beside names.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (&[count, kind], rest) = bytes.split_first_chunk::<2>()?;
        let (place, rest) = match kind {
            0 => (Place::Name, rest),
            1 if count == 0 => (Place::Empty, rest),
            2 => {
                let (other, rest) = rest.split_first_chunk::<OPENING_BYTES>()?;
                (read_opening(other), rest)
            }
            _ => return None,
        };
        let (nodes, rest) = rest.as_chunks::<NODE_BYTES>();
        let mut above = 256;
        let has_form = |[level, sibling @ ..]: &[u8; NODE_BYTES]| {
            let falls = (*level as u16) < above;
            above = *level as u16;
            // Whole comparisons are dear; few hashes begin with a zero.
            falls && (sibling[0] != 0 || *sibling != EMPTY)
        };
        let well = rest.is_empty() && nodes.len() == count as usize && nodes.iter().all(has_form);
        well.then_some(Self { place, nodes })
    }

    /// What the proof says stands there.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The root under which `entry` is the name's, or, with `None`, under which the name is not there. `None` if the proof is of the other kind, or its other leaf is
    /// not where this name belongs.
    pub fn root<H: Sha256>(&self, name_hash: &Hash, entry: Option<&Entry>) -> Option<Hash> {
        Some(climb::<H>(name_hash, &self.held::<H>(name_hash, entry)?, self.nodes))
    }

    /// The root as [`MapProof::root`] has it, and the root once the name's entry is `after`.
    pub fn roots<H: Sha256>(
        &self,
        name_hash: &Hash,
        before: Option<&Entry>,
        after: &Entry,
    ) -> Option<(Hash, Hash)> {
        let held = self.held::<H>(name_hash, before)?;
        let leaf = after.leaf::<H>(name_hash);
        let root = climb::<H>(name_hash, &held, self.nodes);
        let Place::Other { name_hash: other, .. } = &self.place else {
            return Some((root, climb::<H>(name_hash, &leaf, self.nodes)));
        };
        // The name's leaf stands beside all that is below the bit at which it parts from the other.
        let level = shared_bits(name_hash, other) as u8;
        let below = self.nodes.iter().take_while(|node| node[0] > level).count();
        let (below, above) = self.nodes.split_at(below);
        let beside = climb::<H>(name_hash, &held, below);
        let mut joined = EMPTY;
        join::<H>(name_hash, level, &leaf, &beside, &mut joined);
        Some((root, climb::<H>(name_hash, &joined, above)))
    }

    /// Hash of what stands at the place.
    fn held<H: Sha256>(&self, name_hash: &Hash, entry: Option<&Entry>) -> Option<Hash> {
        match (&self.place, entry) {
            (Place::Name, Some(entry)) => Some(entry.leaf::<H>(name_hash)),
            (Place::Empty, None) => Some(EMPTY),
            (Place::Other { name_hash: other, entry }, None) => {
                let is_way_of_both = |node: &[u8; NODE_BYTES]| bit(name_hash, node[0]) == bit(other, node[0]);
                (name_hash != other && self.nodes.iter().all(is_way_of_both)).then(|| entry.leaf::<H>(other))
            }
            _ => None,
        }
    }
}

/// The hash over `from` and these nodes' other halves.
fn climb<H: Sha256>(name_hash: &Hash, from: &Hash, nodes: &[[u8; NODE_BYTES]]) -> Hash {
    // Two places in turn, so that nothing is copied.
    let (mut own, mut next) = (&mut from.clone(), &mut EMPTY.clone());
    for node in nodes {
        let [level, sibling @ ..] = node;
        join::<H>(name_hash, *level, own, sibling, next);
        (own, next) = (next, own);
    }
    *own
}

/// `node = SHA-256(0x01 | level u8 | left 32 | right 32)`, with `own` in the half where the name goes.
#[inline(always)]
fn join<H: Sha256>(name_hash: &Hash, level: u8, own: &Hash, beside: &Hash, out: &mut Hash) {
    if bit(name_hash, level) {
        H::hash_into(&[&[1, level], beside, own], out);
    } else {
        H::hash_into(&[&[1, level], own, beside], out);
    }
}

/// Does the name go right at `level`?
#[inline(always)]
fn bit(name_hash: &Hash, level: u8) -> bool {
    name_hash[(level >> 3) as usize] << (level & 7) & 0x80 != 0
}

/// How many bits two different hashes begin with alike.
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
