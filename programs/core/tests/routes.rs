//! Map and list proofs against trees built the naive way.

mod support {
    pub mod library;
}

use support::library::Library;
use tolldns_core::{
    hash::{Hash, Sha256, EMPTY},
    routes::{
        list::{leaf, ListProof},
        map::{MapProof, Place},
        update::{Entry, Update, BODY_BYTES},
    },
};

type Rows = Vec<(Hash, Entry)>;

fn bit(hash: &Hash, at: usize) -> bool {
    hash[at / 8] << (at % 8) & 0x80 != 0
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Library::hash(&[&[1], left, right])
}

fn map_root(rows: &[(Hash, Entry)], level: usize) -> Hash {
    match rows {
        [] => EMPTY,
        [(name, entry)] => entry.leaf::<Library>(name),
        _ => {
            let (right, left): (Rows, Rows) = rows.iter().partition(|(name, _)| bit(name, level));
            let (left, right) = (map_root(&left, level + 1), map_root(&right, level + 1));
            match (left, right) {
                (EMPTY, one) | (one, EMPTY) => one,
                _ => Library::hash(&[&[1, level as u8], &left, &right]),
            }
        }
    }
}

fn prove(rows: &[(Hash, Entry)], name: &Hash) -> Vec<u8> {
    let mut rows = rows.to_vec();
    let mut nodes = Vec::new();
    for level in 0..256 {
        let (own, other): (Rows, Rows) =
            rows.iter().partition(|(one, _)| bit(one, level) == bit(name, level));
        if rows.len() > 1 && !own.is_empty() && !other.is_empty() {
            nodes.push((level, map_root(&other, level + 1)));
            rows = own;
        }
    }
    let mut bytes = vec![nodes.len() as u8];
    match rows.first() {
        None => bytes.push(1),
        Some((one, _)) if one == name => bytes.push(0),
        Some((one, entry)) => {
            bytes.push(2);
            bytes.extend_from_slice(one);
            bytes.extend_from_slice(&entry.generation.to_le_bytes());
            bytes.extend_from_slice(&entry.version.to_le_bytes());
            bytes.extend_from_slice(&entry.update_hash);
        }
    }
    for (level, hash) in nodes.iter().rev() {
        bytes.push(*level as u8);
        bytes.extend_from_slice(hash);
    }
    bytes
}

fn entry(seed: u32) -> Entry {
    Entry {
        generation: 1 + seed % 3,
        version: seed as u64 + 1,
        update_hash: Library::hash(&[b"update", &seed.to_le_bytes()]),
    }
}

/// Names whose hashes are chosen: `bits` in front, the rest from the seed.
fn name(bits: &[u8], seed: u32) -> Hash {
    let mut hash = Library::hash(&[b"name", &seed.to_le_bytes()]);
    hash[..bits.len()].copy_from_slice(bits);
    hash
}

/// Maps that have lone names high up, crowds, and two names that part at bit 63.
fn maps() -> Vec<Rows> {
    let crowd = |count: u32| (0..count).map(|seed| (name(&[], seed), entry(seed))).collect::<Rows>();
    let mut close = crowd(9);
    let (mut one, mut two) = (name(&[0x5a; 8], 100), name(&[0x5a; 8], 101));
    (one[7], two[7]) = (0x5a, 0x5b);
    close.extend([(one, entry(100)), (two, entry(101))]);
    vec![crowd(0), crowd(1), crowd(2), crowd(3), crowd(17), crowd(200), close]
}

#[test]
fn a_map_proof_shows_what_is_there_and_what_is_not() {
    for rows in maps() {
        let root = map_root(&rows, 0);
        for (name, entry) in &rows {
            let bytes = prove(&rows, name);
            let proof = MapProof::parse(&bytes).unwrap();
            assert_eq!(proof.place(), Place::Name);
            assert_eq!(proof.root::<Library>(name, Some(entry)), Some(root));
            assert_eq!(proof.root::<Library>(name, None), None);
            let other = Entry { version: entry.version + 1, ..*entry };
            assert_ne!(proof.root::<Library>(name, Some(&other)), Some(root));
        }
        for seed in 1_000..1_100 {
            let name = name(&[], seed);
            let bytes = prove(&rows, &name);
            let proof = MapProof::parse(&bytes).unwrap();
            assert_eq!(proof.root::<Library>(&name, None), Some(root));
            assert_eq!(proof.root::<Library>(&name, Some(&entry(seed))), None);
        }
    }
}

#[test]
fn roots_before_and_after_an_update_come_from_one_proof() {
    for rows in maps() {
        let root = map_root(&rows, 0);
        for (at, (name, held)) in rows.iter().enumerate() {
            let mut after = rows.clone();
            after[at].1 = Entry { version: held.version + 5, ..*held };
            let bytes = prove(&rows, name);
            let roots = MapProof::parse(&bytes).unwrap().roots::<Library>(name, Some(held), &after[at].1);
            assert_eq!(roots, Some((root, map_root(&after, 0))));
        }
        let near = [(name(&[0x5a; 8], 102), 102), (name(&[0x5a; 5], 103), 103), (name(&[0x5a; 3], 104), 104)];
        for (name, seed) in (1_000..1_050).map(|seed| (name(&[], seed), seed)).chain(near) {
            let mut after = rows.clone();
            after.push((name, entry(seed)));
            let bytes = prove(&rows, &name);
            let roots = MapProof::parse(&bytes).unwrap().roots::<Library>(&name, None, &entry(seed));
            assert_eq!(roots, Some((root, map_root(&after, 0))));
        }
    }
}

#[test]
fn a_flipped_bit_in_a_map_proof_proves_nothing() {
    let rows = &maps()[6];
    let root = map_root(rows, 0);
    let absent = [(name(&[], 1_000), None), (name(&[0x5a; 8], 102), None), (name(&[0x5a; 5], 103), None)];
    for (name, held) in rows.iter().map(|(name, held)| (*name, Some(*held))).chain(absent) {
        let good = prove(rows, &name);
        for bit in 0..8 * good.len() {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let found = MapProof::parse(&bad).and_then(|proof| proof.root::<Library>(&name, held.as_ref()));
            assert_ne!(found, Some(root), "bit {bit}");
        }
    }
}

#[test]
fn a_proof_of_absence_by_another_leaf_needs_that_leaf_where_the_name_belongs() {
    let rows = &maps()[6];
    let near = name(&[0x5a; 8], 102);
    let far = name(&[0xa5; 7], 103);
    let bytes = prove(rows, &near);
    let proof = MapProof::parse(&bytes).unwrap();
    let Place::Other { name_hash, entry } = proof.place() else { panic!("a leaf has the place") };
    assert_eq!(proof.root::<Library>(&near, None), Some(map_root(rows, 0)));
    assert_eq!(proof.root::<Library>(&far, None), None);
    // The leaf's own name isn't absent by its own leaf, and is shown by a proof of kind 0 only.
    assert_eq!(proof.root::<Library>(&name_hash, None), None);
    assert_eq!(proof.root::<Library>(&name_hash, Some(&entry)), None);
}

#[test]
fn a_map_proof_has_one_form() {
    let rows = &maps()[6];
    let (name, _) = rows[9];
    let good = prove(rows, &name);
    assert_eq!(good[2], 63, "the lowest node");
    assert!(MapProof::parse(&good).is_some());
    for length in 0..good.len() {
        assert_eq!(MapProof::parse(&good[..length]), None, "{length} bytes");
    }
    let node = |level: u8, byte: u8| [&[level][..], &[byte; 32]].concat();
    let with = |head: [u8; 2], nodes: &[Vec<u8>]| [&head[..], &nodes.concat()].concat();
    assert_eq!(MapProof::parse(&[&good[..], &[0]].concat()), None);
    assert_eq!(MapProof::parse(&[&good[..], &node(0, 7)].concat()), None);
    assert_eq!(MapProof::parse(&[0, 3]), None, "unknown kind");
    assert!(MapProof::parse(&[0, 1]).is_some(), "empty map");
    assert_eq!(MapProof::parse(&with([1, 1], &[node(0, 7)])), None, "an empty place beside names");
    assert_eq!(MapProof::parse(&with([1, 0], &[node(0, 0)])), None, "empty sibling");
    assert_eq!(MapProof::parse(&with([2, 0], &[node(3, 7), node(3, 7)])), None, "a level twice");
    assert_eq!(MapProof::parse(&with([2, 0], &[node(3, 7), node(4, 7)])), None, "levels that rise");
    assert!(MapProof::parse(&with([2, 0], &[node(255, 7), node(0, 7)])).is_some());
}

fn list_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY,
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            node(&list_root(&leaves[..split]), &list_root(&leaves[split..]))
        }
    }
}

fn list_path(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() < 2 {
        return vec![];
    }
    let split = leaves.len().next_power_of_two() / 2;
    let (mut path, beside) = if index < split {
        (list_path(&leaves[..split], index), list_root(&leaves[split..]))
    } else {
        (list_path(&leaves[split..], index - split), list_root(&leaves[..split]))
    };
    path.push(beside);
    path
}

#[test]
fn a_list_proof_shows_its_leaf_in_its_place_of_its_size_only() {
    let all: Vec<Hash> = (0u32..40).map(|at| leaf::<Library>(&at.to_le_bytes())).collect();
    for size in 1..=all.len() {
        let leaves = &all[..size];
        let root = list_root(leaves);
        for index in 0..size {
            let path = list_path(leaves, index);
            let bytes: Vec<u8> = [path.len() as u8].into_iter().chain(path.concat()).collect();
            let proof = ListProof::parse(&bytes).unwrap();
            let (at, of) = (index as u32, size as u32);
            assert_eq!(proof.root::<Library>(&leaves[index], at, of), Some(root));
            for other in (0..of).filter(|other| *other != at) {
                assert_ne!(proof.root::<Library>(&leaves[index], other, of), Some(root), "{other} of {of}");
            }
            assert_eq!(proof.root::<Library>(&leaves[index], of, of), None);
            let longer = [&[bytes[0] + 1], &bytes[1..], &[7; 32]].concat();
            assert_eq!(ListProof::parse(&longer).unwrap().root::<Library>(&leaves[index], at, of), None);
            if !path.is_empty() {
                let shorter = [&[bytes[0] - 1], &bytes[1..bytes.len() - 32]].concat();
                assert_eq!(ListProof::parse(&shorter).unwrap().root::<Library>(&leaves[index], at, of), None);
            }
            assert_eq!(ListProof::parse(&bytes[..bytes.len() - 1]), None);
        }
    }
}

#[test]
fn no_node_passes_for_a_leaf() {
    let leaves: Vec<Hash> = (0u32..4).map(|at| leaf::<Library>(&at.to_le_bytes())).collect();
    let root = list_root(&leaves);
    let inside = [leaves[0], leaves[1]].concat();
    let bytes = [&[1][..], &node(&leaves[2], &leaves[3])].concat();
    let proof = ListProof::parse(&bytes).unwrap();
    assert_eq!(proof.root::<Library>(&node(&leaves[0], &leaves[1]), 0, 2), Some(root), "as a hash it fits");
    assert_ne!(proof.root::<Library>(&leaf::<Library>(&inside), 0, 2), Some(root), "as an entry it does not");
}

#[test]
fn an_update_reads_as_it_was_written_and_of_its_own_domain_only() {
    let update =
        Update { name_hash: [1; 32], generation: 2, version: 3, expires_at: 4, records_hash: [5; 32] };
    let bytes = update.encode(&[9; 32]);
    assert_eq!(Update::decode(&bytes, &[9; 32]), Some(update));
    assert_eq!(Update::decode(&bytes, &[8; 32]), None);
    assert_eq!(Update::decode(&bytes[..132], &[9; 32]), None);
    let body: [u8; BODY_BYTES] = bytes[49..].try_into().unwrap();
    assert_eq!(Update::read_body(&body), update);
    assert_eq!(update.hash::<Library>(&[9; 32]), Library::hash(&[&bytes]));
}

#[test]
fn a_later_registration_or_a_higher_version_comes_after() {
    let at = |generation, version| Entry { generation, version, update_hash: EMPTY };
    assert!(at(1, 5).is_before(&at(1, 6)) && at(1, 5).is_before(&at(2, 1)));
    assert!(
        !at(1, 5).is_before(&at(1, 5)) && !at(1, 5).is_before(&at(1, 4)) && !at(2, 1).is_before(&at(1, 9))
    );
}
