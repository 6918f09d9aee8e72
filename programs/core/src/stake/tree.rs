//! The Merkle sum tree of weights: one leaf an operator, in the order in which they came. Hashing is the caller's.
//!
//! Preimages differ in length (77 and 81 bytes) and in their first byte, so that no leaf is a node.

use crate::{
    ensure,
    hash::{Hash, Sha256, EMPTY},
    Refusal, Result,
};

/// A proof has at most as many steps; there are at most 2^20 operators.
pub const MAX_DEPTH: u8 = 20;
/// `sibling hash 32 | sibling sum u64`
const STEP_BYTES: usize = 40;
const LEAF: &[u8] = &[0];
const NODE: &[u8] = &[1];

/// One operator's place and weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    pub index: u32,
    pub operator: [u8; 32],
    pub witness: [u8; 32],
    pub weight: u64,
}

impl Leaf {
    /// `SHA-256(0x00 | index u32 | operator 32 | witness key 32 | weight u64)`
    pub fn hash<H: Sha256>(&self) -> Hash {
        let Self { index, operator, witness, weight } = self;
        H::hash(&[LEAF, &index.to_le_bytes(), operator, witness, &weight.to_le_bytes()])
    }
}

/// A subtree's hash and the weight below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    hash: Hash,
    sum: u64,
}

/// A place never used, as every empty subtree's leaves are.
const UNUSED: Node = Node { hash: EMPTY, sum: 0 };

/// `SHA-256(0x01 | left 32 | left sum u64 | right 32 | right sum u64)`; `None` if the sum leaves 64 bits.
fn join<H: Sha256>(left: &Node, right: &Node) -> Option<Node> {
    let sum = left.sum.checked_add(right.sum)?;
    let hash = H::hash(&[NODE, &left.hash, &left.sum.to_le_bytes(), &right.hash, &right.sum.to_le_bytes()]);
    Some(Node { hash, sum })
}

/// Siblings from a leaf upwards.
#[derive(Clone, Copy)]
pub struct Proof<'a>(&'a [[u8; STEP_BYTES]]);

/// Where a proof leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Root {
    pub hash: Hash,
    pub sum: u64,
    /// Weight of all leaves before this one: where its stretch of the line of weights begins.
    pub start: u64,
}

impl<'a> Proof<'a> {
    /// `None` if the last step is cut, or there are more than [`MAX_DEPTH`].
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (steps, rest) = bytes.as_chunks::<STEP_BYTES>();
        (rest.is_empty() && steps.len() <= MAX_DEPTH as usize).then_some(Self(steps))
    }

    /// Steps: the depth of the tree it is of.
    pub fn depth(&self) -> u8 {
        self.0.len() as u8
    }

    /// The root that the leaf leads to; `None` if a sum leaves 64 bits or the index is past the last place of a tree of this depth.
    pub fn root<H: Sha256>(&self, leaf: &Leaf) -> Option<Root> {
        self.climb::<H>(leaf.index, Node { hash: leaf.hash::<H>(), sum: leaf.weight })
    }

    fn climb<H: Sha256>(&self, index: u32, node: Node) -> Option<Root> {
        if u64::from(index) >> self.depth() != 0 {
            return None;
        }
        let Node { mut hash, mut sum } = node;
        let mut start = 0u64;
        // Two places in turn, and steps as they lie, so that nothing is copied: hash and sum follow each other there as in the preimage.
        let (mut own, mut next) = (&mut hash, &mut EMPTY.clone());
        for (level, step) in self.0.iter().enumerate() {
            let (bytes, its) = (sum.to_le_bytes(), sum_of(step));
            if index >> level & 1 == 0 {
                H::hash_into(&[NODE, own, &bytes, step], next);
            } else {
                start = start.checked_add(its)?;
                H::hash_into(&[NODE, step, own, &bytes], next);
            }
            sum = sum.checked_add(its)?;
            (own, next) = (next, own);
        }
        Some(Root { hash: *own, sum, start })
    }
}

/// The sum that follows the hash in a step.
fn sum_of(step: &[u8; STEP_BYTES]) -> u64 {
    let mut sum = [0; 8];
    sum.copy_from_slice(&step[32..]);
    u64::from_le_bytes(sum)
}

/// What an account keeps of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tree {
    pub root: Hash,
    pub total: u64,
    pub count: u32,
    pub depth: u8,
}

impl Tree {
    /// One without leaves: depth 0, the root a place never used.
    pub const EMPTY: Self = Self { root: EMPTY, total: 0, count: 0, depth: 0 };

    /// Is the leaf in the tree? Says where its stretch begins.
    pub fn verify<H: Sha256>(&self, leaf: &Leaf, proof: Proof<'_>) -> Option<u64> {
        if leaf.index >= self.count || proof.depth() != self.depth {
            return None;
        }
        let root = proof.root::<H>(leaf)?;
        (root.hash == self.root && root.sum == self.total).then_some(root.start)
    }

    /// Puts `to` in the place of `from`, which the proof shows to be there. Both have the same index.
    pub fn replace<H: Sha256>(&mut self, from: &Leaf, to: &Leaf, proof: Proof<'_>) -> Result<()> {
        ensure(from.index == to.index, Refusal::InvariantBroken)?;
        self.verify::<H>(from, proof).ok_or(Refusal::TreeProof)?;
        self.put::<H>(to, proof)
    }

    /// Puts a leaf, whose index is the count, in the next place, which the proof shows to be unused. Where the tree is full it grows by a level first: the proof
    /// is then one of the grown tree.
    pub fn append<H: Sha256>(&mut self, leaf: &Leaf, proof: Proof<'_>) -> Result<()> {
        ensure(leaf.index == self.count, Refusal::InvariantBroken)?;
        let grown = self.grown::<H>()?;
        ensure(proof.depth() == grown.depth, Refusal::TreeProof)?;
        let unused = proof.climb::<H>(leaf.index, UNUSED).ok_or(Refusal::TreeProof)?;
        ensure(unused.hash == grown.root && unused.sum == grown.total, Refusal::TreeProof)?;
        *self = Self { count: self.count + 1, ..grown };
        self.put::<H>(leaf, proof)
    }

    fn put<H: Sha256>(&mut self, leaf: &Leaf, proof: Proof<'_>) -> Result<()> {
        let root = proof.root::<H>(leaf).ok_or(Refusal::WeightOverflow)?;
        (self.root, self.total) = (root.hash, root.sum);
        Ok(())
    }

    /// The same leaves, with room for one more.
    fn grown<H: Sha256>(&self) -> Result<Self> {
        if u64::from(self.count) < 1 << self.depth {
            return Ok(*self);
        }
        ensure(self.depth < MAX_DEPTH, Refusal::TreeFull)?;
        let mut empty = UNUSED;
        for _ in 0..self.depth {
            empty = join::<H>(&empty, &empty).ok_or(Refusal::InvariantBroken)?;
        }
        let old = Node { hash: self.root, sum: self.total };
        let root = join::<H>(&old, &empty).ok_or(Refusal::InvariantBroken)?;
        Ok(Self { root: root.hash, depth: self.depth + 1, ..*self })
    }
}
