//! The tree of weights against one built the naive way.

mod support {
    pub mod library;
}

use support::library::Library;
use tolldns_core::{
    hash::{Hash, Sha256, EMPTY},
    stake::tree::{Leaf, Proof, Tree, MAX_DEPTH},
    Refusal,
};

fn leaf(index: u32, weight: u64) -> Leaf {
    Leaf { index, operator: [index as u8 + 1; 32], witness: [index as u8 + 101; 32], weight }
}

type Node = (Hash, u64);

/// All levels, leaves first.
fn levels(leaves: &[Leaf], depth: u8) -> Vec<Vec<Node>> {
    let mut level: Vec<Node> = leaves.iter().map(|leaf| (leaf.hash::<Library>(), leaf.weight)).collect();
    level.resize(1 << depth, (EMPTY, 0));
    let mut all = vec![level];
    while all.last().unwrap().len() > 1 {
        let join = |pair: &[Node]| {
            let [(left, a), (right, b)] = [pair[0], pair[1]];
            (Library::hash(&[&[1], &left, &a.to_le_bytes(), &right, &b.to_le_bytes()]), a.wrapping_add(b))
        };
        all.push(all.last().unwrap().chunks(2).map(join).collect());
    }
    all
}

fn proof(leaves: &[Leaf], depth: u8, index: u32) -> Vec<u8> {
    let levels = levels(leaves, depth);
    let siblings = (0..depth as usize).map(|level| levels[level][(index as usize >> level) ^ 1]);
    siblings.flat_map(|(hash, sum)| [&hash[..], &sum.to_le_bytes()].concat()).collect()
}

fn depth_of(count: usize) -> u8 {
    count.next_power_of_two().trailing_zeros() as u8
}

fn append(tree: &mut Tree, leaves: &mut Vec<Leaf>, weight: u64) {
    let leaf = leaf(leaves.len() as u32, weight);
    let bytes = proof(leaves, depth_of(leaves.len() + 1), leaf.index);
    tree.append::<Library>(&leaf, Proof::parse(&bytes).unwrap()).unwrap();
    leaves.push(leaf);
}

fn grow(count: u32) -> (Tree, Vec<Leaf>) {
    let (mut tree, mut leaves) = (Tree::EMPTY, vec![]);
    (0..count).for_each(|at| append(&mut tree, &mut leaves, 10 + at as u64));
    (tree, leaves)
}

#[test]
fn a_tree_grown_leaf_by_leaf_is_the_one_built_at_once() {
    let (mut tree, mut leaves) = (Tree::EMPTY, vec![]);
    for count in 1..=40usize {
        append(&mut tree, &mut leaves, count as u64 * 3);
        let (root, total) = levels(&leaves, tree.depth).pop().unwrap()[0];
        assert_eq!(tree, Tree { root, total, count: count as u32, depth: depth_of(count) });
        let mut start = 0;
        for leaf in &leaves {
            let bytes = proof(&leaves, tree.depth, leaf.index);
            assert_eq!(tree.verify::<Library>(leaf, Proof::parse(&bytes).unwrap()), Some(start));
            start += leaf.weight;
        }
    }
}

#[test]
fn a_leaf_is_replaced_by_who_shows_where_it_is() {
    let (mut tree, mut leaves) = grow(11);
    for index in [0u32, 5, 10] {
        let bytes = proof(&leaves, tree.depth, index);
        let to = Leaf { weight: 1_000, ..leaves[index as usize] };
        tree.replace::<Library>(&leaves[index as usize], &to, Proof::parse(&bytes).unwrap()).unwrap();
        leaves[index as usize] = to;
        let (root, total) = levels(&leaves, tree.depth).pop().unwrap()[0];
        assert_eq!((tree.root, tree.total), (root, total));
    }
}

#[test]
fn what_is_not_so_is_not_proven() {
    let (tree, leaves) = grow(11);
    let bytes = proof(&leaves, tree.depth, 4);
    let good = leaves[4];
    let verify = |leaf: &Leaf, bytes: &[u8]| tree.verify::<Library>(leaf, Proof::parse(bytes)?);
    assert!(verify(&good, &bytes).is_some());
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        assert_eq!(verify(&good, &flipped), None, "byte {at}");
    }
    for wrong in [
        Leaf { index: 5, ..good },
        Leaf { index: 20, ..good },
        Leaf { weight: good.weight + 1, ..good },
        Leaf { operator: [9; 32], ..good },
        Leaf { witness: [9; 32], ..good },
    ] {
        assert_eq!(verify(&wrong, &bytes), None, "{wrong:?}");
    }
    assert_eq!(verify(&good, &bytes[..bytes.len() - 40]), None);
    assert_eq!(verify(&good, &bytes[..bytes.len() - 1]), None);
    assert_eq!(verify(&good, &[&bytes[..], &[0; 40]].concat()), None);
    assert!(Proof::parse(&[0; 40 * 20]).is_some());
    assert!(Proof::parse(&[0; 40 * 21]).is_none());
    // An unused place is no leaf of weight 0.
    let unused = proof(&leaves, tree.depth, 12);
    assert_eq!(verify(&Leaf { index: 12, operator: [0; 32], witness: [0; 32], weight: 0 }, &unused), None);
}

#[test]
fn a_place_that_is_used_or_not_the_next_takes_no_leaf() {
    let (mut tree, leaves) = grow(4);
    let used = proof(&leaves, 3, 3);
    let before = tree;
    let parse = |bytes| Proof::parse(bytes).unwrap();
    assert_eq!(tree.append::<Library>(&leaf(4, 1), parse(&used)), Err(Refusal::TreeProof));
    assert_eq!(tree.append::<Library>(&leaf(4, 1), parse(&used[..80])), Err(Refusal::TreeProof));
    assert_eq!(tree.append::<Library>(&leaf(3, 1), parse(&used)), Err(Refusal::InvariantBroken));
    assert_eq!(tree.append::<Library>(&leaf(5, 1), parse(&used)), Err(Refusal::InvariantBroken));
    assert_eq!(tree, before);
}

#[test]
fn weights_past_64_bits_are_refused() {
    let (mut tree, leaves) = grow(2);
    let bytes = proof(&leaves, 1, 0);
    let to = Leaf { weight: u64::MAX, ..leaves[0] };
    let proof = Proof::parse(&bytes).unwrap();
    assert_eq!(tree.replace::<Library>(&leaves[0], &to, proof), Err(Refusal::WeightOverflow));
    let most = Leaf { weight: u64::MAX - leaves[1].weight, ..to };
    assert_eq!(tree.replace::<Library>(&leaves[0], &most, proof), Ok(()));
    assert_eq!(tree.total, u64::MAX);
}

#[test]
fn a_full_tree_of_twenty_levels_takes_no_more() {
    let mut tree = Tree { root: [7; 32], total: 5, count: 1 << MAX_DEPTH, depth: MAX_DEPTH };
    let full = Leaf { index: 1 << MAX_DEPTH, ..leaf(0, 1) };
    let proof = [0; 40 * 20];
    let proof = Proof::parse(&proof).unwrap();
    assert_eq!(tree.append::<Library>(&full, proof), Err(Refusal::TreeFull));
}
