//! The slot hash that seeds a draw: of the first slot at or after the seed slot that the SlotHashes sysvar holds.

/// Entries the sysvar holds at most.
pub const MAX_SLOT_HASHES: usize = 512;
const ENTRY: usize = 40;

/// What SlotHashes says of a seed slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeding {
    /// Hash of the first block at or after the seed slot.
    Hash([u8; 32]),
    /// There is none yet.
    Ahead,
    /// It may have fallen out: another slot has to be named.
    Missed,
}

/// Searches the sysvar's bytes, `count u64 | (slot u64 | hash 32) ...`, newest first. `None` if they are not of that form.
pub fn find(slot_hashes: &[u8], seed_slot: u64) -> Option<Seeding> {
    let (count, rest) = slot_hashes.split_first_chunk::<8>()?;
    let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
    if count > MAX_SLOT_HASHES || rest.len() < count * ENTRY {
        return None;
    }
    let slot_of = |at: usize| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&rest[at * ENTRY..][..8]);
        u64::from_le_bytes(bytes)
    };
    // How many entries are at or after the seed slot; the last of them is the first such block.
    let (mut after, mut end) = (0, count);
    while after < end {
        let middle = (after + end) / 2;
        if slot_of(middle) >= seed_slot {
            after = middle + 1;
        } else {
            end = middle;
        }
    }
    if after == 0 {
        return Some(Seeding::Ahead);
    }
    // A full list that begins after the seed slot may have lost it.
    if after == count && count == MAX_SLOT_HASHES && slot_of(count - 1) != seed_slot {
        return Some(Seeding::Missed);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(&rest[(after - 1) * ENTRY + 8..][..32]);
    Some(Seeding::Hash(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sysvar(slots: impl DoubleEndedIterator<Item = u64>, bytes: &mut [u8; 8 + 512 * 40]) -> usize {
        let mut count = 0;
        for slot in slots.rev() {
            bytes[8 + count * 40..][..8].copy_from_slice(&slot.to_le_bytes());
            bytes[16 + count * 40..][..32].fill(slot as u8);
            count += 1;
        }
        bytes[..8].copy_from_slice(&(count as u64).to_le_bytes());
        8 + count * 40
    }

    #[test]
    fn the_first_block_at_or_after_the_seed_slot_seeds() {
        let mut bytes = [0; 8 + 512 * 40];
        let length = sysvar([3, 5, 6, 9].into_iter(), &mut bytes);
        let at = |slot| find(&bytes[..length], slot).unwrap();
        assert_eq!(at(3), Seeding::Hash([3; 32]));
        assert_eq!(at(4), Seeding::Hash([5; 32]));
        assert_eq!(at(7), Seeding::Hash([9; 32]));
        assert_eq!(at(9), Seeding::Hash([9; 32]));
        assert_eq!(at(10), Seeding::Ahead);
        assert_eq!(at(1), Seeding::Hash([3; 32]));
    }

    #[test]
    fn a_full_list_that_begins_later_missed_it() {
        let mut bytes = [0; 8 + 512 * 40];
        let length = sysvar(100..612, &mut bytes);
        let at = |slot| find(&bytes[..length], slot).unwrap();
        assert_eq!(at(99), Seeding::Missed);
        assert_eq!(at(100), Seeding::Hash([100; 32]));
        assert_eq!(at(611), Seeding::Hash([99; 32]));
        assert_eq!(at(612), Seeding::Ahead);
    }

    #[test]
    fn anything_else_is_no_list() {
        assert_eq!(find(&[0; 7], 1), None);
        assert_eq!(find(&[1, 0, 0, 0, 0, 0, 0, 0], 1), None);
        assert_eq!(find(&[255; 100], 1), None);
        assert_eq!(find(&[0; 8], 1), Some(Seeding::Ahead));
    }
}
