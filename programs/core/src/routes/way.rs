//! Ways up a Merkle list (RFC 9162, section 2.1), as a challenger shows them. A list has one way to each leaf, and its index and the count give that: a leaf that is there by
//! another way was not put there honestly.

use super::list::{MAX_LIST, NODE};
use crate::hash::{Hash, Sha256};

/// `sides u64 | siblings` from the leaf upwards; bit `i` of `sides` tells that sibling `i` is on the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way<'a> {
    pub sides: u64,
    pub siblings: &'a [Hash],
}

impl<'a> Way<'a> {
    /// Reads a way; `None` if it is cut.
    #[inline(always)]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (sides, siblings) = bytes.split_first_chunk::<8>()?;
        let (siblings, rest) = siblings.as_chunks::<32>();
        rest.is_empty().then_some(Self { sides: u64::from_le_bytes(*sides), siblings })
    }

    /// Does it lead from the leaf to the root? Never if it tells of sides that have no sibling.
    #[inline(always)]
    pub fn leads<H: Sha256>(&self, mut leaf: Hash, root: &Hash) -> bool {
        let Self { mut sides, siblings } = *self;
        // Two places in turn, so that nothing is copied.
        let (mut own, mut next) = (&mut leaf, &mut Hash::default());
        for sibling in siblings {
            let (left, right) = if sides & 1 == 1 { (sibling, &*own) } else { (&*own, sibling) };
            H::hash_into(&[NODE, left, right], next);
            (own, next) = (next, own);
            sides >>= 1;
        }
        sides == 0 && *own == *root
    }

    /// Is it the way of this leaf of a list of so many?
    #[inline(always)]
    pub fn is_of(&self, index: u32, count: u32) -> bool {
        way_to(index, count) == Some((self.sides, self.siblings.len() as u32))
    }
}

/// The way up from a leaf of a list (section 2.1.3.2): on which sides its siblings are, and how many there are. `None` if the list has no such leaf, or is longer than any
/// trace or report.
pub fn way_to(index: u32, count: u32) -> Option<(u64, u32)> {
    if index >= count || count > MAX_LIST {
        return None;
    }
    let (mut place, mut last) = (index, count - 1);
    let (mut sides, mut length) = (0u64, 0);
    while last != 0 {
        if place & 1 == 1 {
            sides |= 1 << length;
            length += 1;
        } else if place != last {
            length += 1;
        }
        (place, last) = (place >> 1, last >> 1);
    }
    Some((sides, length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;

    const LEAF: Hash = [1; 32];
    const SIBLING: Hash = [2; 32];

    #[test]
    fn a_way_leads_by_the_sides_it_tells_and_none_is_without_a_sibling() {
        let leads =
            |sides, siblings: &[Hash], root: Hash| Way { sides, siblings }.leads::<Library>(LEAF, &root);
        assert!(leads(0, &[], LEAF) && !leads(1, &[], LEAF));
        let root = Library::hash(&[NODE, &SIBLING, &LEAF]);
        assert!(leads(1, &[SIBLING], root) && !leads(0, &[SIBLING], root) && !leads(3, &[SIBLING], root));
        let root = (0..64).fold(LEAF, |hash, _| Library::hash(&[NODE, &SIBLING, &hash]));
        assert!(leads(u64::MAX, &[SIBLING; 64], root) && !leads(u64::MAX, &[SIBLING; 63], root));
    }

    #[test]
    fn a_way_is_read_whole_or_not_at_all() {
        let mut bytes = [3; 8 + 32];
        bytes[..8].copy_from_slice(&5u64.to_le_bytes());
        assert_eq!(Way::parse(&bytes), Some(Way { sides: 5, siblings: &[[3; 32]] }));
        assert_eq!(Way::parse(&bytes[..8]), Some(Way { sides: 5, siblings: &[] }));
        assert_eq!(Way::parse(&bytes[..39]), None);
        assert_eq!(Way::parse(&bytes[..7]), None);
    }
}
