//! What proves an attested root wrong. Each rule takes what a challenger shows and says whether it does; a challenge of something true never succeeds.

use crate::{
    hash::{Hash, Sha256},
    routes::{
        list::ListProof,
        map::MapProof,
        trace::Step,
        update::{Entry, Update},
        way::Way,
    },
};

/// Kinds, as an epoch notes them.
pub const SIGNATURE: u8 = 1;
pub const AUTHORITY: u8 = 2;
pub const STEP: u8 = 3;
pub const ORDER: u8 = 4;
pub const OMISSION: u8 = 5;

/// Offences of the stake program.
pub const OFFENCE_EQUIVOCATION: u8 = 1;
pub const OFFENCE_FALSE_ROOT: u8 = 2;
pub const OFFENCE_OMISSION: u8 = 3;

/// The offence of who voted for what a challenge of this kind proved wrong.
pub const fn offence_of(kind: u8) -> u8 {
    if kind == OMISSION {
        OFFENCE_OMISSION
    } else {
        OFFENCE_FALSE_ROOT
    }
}

/// A trace as a committee attested it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    pub previous_root: Hash,
    pub root: Hash,
    pub updates_root: Hash,
    pub count: u32,
}

impl Trace {
    /// Is the step in the trace, at the place its index tells?
    pub fn holds<H: Sha256>(&self, step: &Step, proof: &ListProof) -> bool {
        proof.root::<H>(&step.leaf::<H>(), step.index, self.count) == Some(self.updates_root)
    }

    /// Does it not begin at the previous root? `first` is in the trace.
    pub fn begins_wrong(&self, first: &Step) -> bool {
        first.index == 0 && first.before != self.previous_root
    }

    /// Does it not end at the root? `last` is in the trace.
    pub fn ends_wrong(&self, last: &Step) -> bool {
        last.index.checked_add(1) == Some(self.count) && last.after != self.root
    }

    /// Does the second step not go on where the first ended? Both are in the trace.
    pub fn goes_on_wrong(first: &Step, second: &Step) -> bool {
        first.index.checked_add(1) == Some(second.index) && first.after != second.before
    }

    /// Does the second step's name not come after the first's? Both are in the trace.
    pub fn is_unsorted(first: &Step, first_name: &Hash, second: &Step, second_name: &Hash) -> bool {
        first.index.checked_add(1) == Some(second.index) && first_name >= second_name
    }

    /// Is the step in the list, but elsewhere than its index and the count put it? Every leaf has another index, so that an honest trace has none such.
    pub fn is_misplaced<H: Sha256>(&self, step: &Step, way: &Way) -> bool {
        way.leads::<H>(step.leaf::<H>(), &self.updates_root) && !way.is_of(step.index, self.count)
    }
}

/// Does the step not do what its update says? `None` if the proof does not lead to where the step begins. The update is the step's.
pub fn step_is_wrong<H: Sha256>(
    step: &Step,
    update: &Update,
    held: Option<&Entry>,
    proof: &MapProof,
) -> Option<bool> {
    let next =
        Entry { generation: update.generation, version: update.version, update_hash: step.update_hash };
    let (before, after) = proof.roots::<H>(&update.name_hash, held, &next)?;
    if before != step.before {
        return None;
    }
    let rises = update.version != 0 && held.is_none_or(|held| held.is_before(&next));
    Some(!rises || after != step.after)
}

/// Is what the root has of a name older than this generation and version?
pub fn is_older(held: Option<&Entry>, generation: u32, version: u64) -> bool {
    held.is_none_or(|held| (held.generation, held.version) < (generation, version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{library::Library, routes::way::way_to};

    const MOST: usize = 33;

    fn step(index: u32) -> Step {
        Step {
            index,
            update_hash: [9; 32],
            auth_hash: [8; 32],
            before: [index as u8; 32],
            after: [index as u8 + 1; 32],
        }
    }

    /// The list's root and one leaf's way up, by the definition of RFC 9162, section 2.1.1.
    fn climb(
        leaves: &[Hash],
        index: Option<usize>,
        sides: &mut u64,
        way: &mut [Hash; 16],
        length: &mut usize,
    ) -> Hash {
        if leaves.len() == 1 {
            return leaves[0];
        }
        let split = leaves.len().next_power_of_two() / 2;
        let (low, high) = leaves.split_at(split);
        let in_low = index.filter(|index| *index < split);
        let in_high = index.filter(|index| *index >= split).map(|index| index - split);
        let left = climb(low, in_low, sides, way, length);
        let right = climb(high, in_high, sides, way, length);
        if in_low.is_some() || in_high.is_some() {
            *sides |= (in_high.is_some() as u64) << *length;
            way[*length] = if in_high.is_some() { left } else { right };
            *length += 1;
        }
        Library::hash(&[&[1], &left, &right])
    }

    fn list(count: usize, index: usize) -> (Trace, u64, [Hash; 16], usize) {
        let mut leaves = [[0; 32]; MOST];
        for (at, leaf) in leaves.iter_mut().enumerate() {
            *leaf = step(at as u32).leaf::<Library>();
        }
        let (mut sides, mut way, mut length) = (0, [[0; 32]; 16], 0);
        let updates_root = climb(&leaves[..count], Some(index), &mut sides, &mut way, &mut length);
        let trace =
            Trace { previous_root: [0; 32], root: [count as u8; 32], updates_root, count: count as u32 };
        (trace, sides, way, length)
    }

    #[test]
    fn nothing_is_misplaced_in_an_honest_trace_and_another_count_always_shows() {
        for count in 1..=MOST {
            for index in 0..count {
                let (trace, sides, way, length) = list(count, index);
                let way = Way { sides, siblings: &way[..length] };
                assert_eq!(way_to(index as u32, count as u32), Some((sides, length as u32)));
                assert!(!trace.is_misplaced::<Library>(&step(index as u32), &way));
                let wrong = Trace { updates_root: [7; 32], ..trace };
                assert!(!wrong.is_misplaced::<Library>(&step(index as u32), &way));
            }
            // Whatever else the count might say, the last leaf shows it.
            let (trace, sides, way, length) = list(count, count - 1);
            let way = Way { sides, siblings: &way[..length] };
            for lie in (1..=40).filter(|lie| *lie != count as u32) {
                let lying = Trace { count: lie, ..trace };
                let last = step(count as u32 - 1);
                assert!(lying.is_misplaced::<Library>(&last, &way), "{count} {lie}");
            }
        }
    }

    #[test]
    fn a_trace_begins_goes_on_and_ends_where_it_must() {
        let (trace, ..) = list(3, 0);
        assert!(!trace.begins_wrong(&step(0)));
        assert!(trace.begins_wrong(&Step { before: [5; 32], ..step(0) }));
        assert!(!trace.begins_wrong(&step(1)));
        assert!(!trace.ends_wrong(&step(2)));
        assert!(trace.ends_wrong(&Step { after: [5; 32], ..step(2) }));
        assert!(!trace.ends_wrong(&step(1)));
        assert!(!Trace::goes_on_wrong(&step(0), &step(1)));
        assert!(Trace::goes_on_wrong(&step(0), &Step { before: [5; 32], ..step(1) }));
        assert!(!Trace::goes_on_wrong(&step(0), &step(2)));
        assert!(!Trace::is_unsorted(&step(0), &[1; 32], &step(1), &[2; 32]));
        assert!(Trace::is_unsorted(&step(0), &[2; 32], &step(1), &[2; 32]));
        assert!(Trace::is_unsorted(&step(0), &[3; 32], &step(1), &[2; 32]));
        assert!(!Trace::is_unsorted(&step(1), &[3; 32], &step(0), &[2; 32]));
    }

    #[test]
    fn a_root_is_behind_what_it_lacks_or_has_older() {
        let held = Entry { generation: 2, version: 5, update_hash: [0; 32] };
        assert!(is_older(None, 1, 1));
        assert!(is_older(Some(&held), 2, 6) && is_older(Some(&held), 3, 1));
        assert!(!is_older(Some(&held), 2, 5) && !is_older(Some(&held), 1, 9));
    }
}
