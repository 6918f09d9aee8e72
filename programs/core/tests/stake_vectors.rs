//! The golden vectors of stake that Rust and TypeScript share: tests/vectors/stake.json.

mod support {
    pub mod library;
    pub mod vectors;
}

use serde_json::Value;
use support::library::Library;
use tolldns_core::{
    hash::Hash,
    stake::{
        operator::{weighted, Standing},
        pool::Pool,
        tree::{Leaf, Proof, Tree},
    },
};

fn rows(group: &str) -> Vec<Value> {
    support::vectors::rows("stake.json", group)
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn hash(value: &Value) -> Hash {
    bytes(value).try_into().unwrap()
}

fn amount(value: &Value) -> u64 {
    value.as_str().unwrap().parse().unwrap()
}

fn small(value: &Value) -> u32 {
    value.as_u64().unwrap().try_into().unwrap()
}

fn leaf(value: &Value) -> Leaf {
    Leaf {
        index: small(&value["index"]),
        operator: hash(&value["operator"]),
        witness: hash(&value["witness"]),
        weight: amount(&value["weight"]),
    }
}

fn tree(value: &Value) -> Tree {
    Tree {
        root: hash(&value["root"]),
        total: amount(&value["total"]),
        count: small(&value["count"]),
        depth: small(&value["depth"]) as u8,
    }
}

#[test]
fn trees_hold_their_leaves_and_take_the_next() {
    for row in rows("trees") {
        let tree = tree(&row);
        for place in row["leaves"].as_array().unwrap() {
            let proof = bytes(&place["proof"]);
            let start = tree.verify::<Library>(&leaf(place), Proof::parse(&proof).unwrap());
            assert_eq!(start, Some(amount(&place["start"])), "{}", row["name"]);
        }
        let (next, mut grown) = (&row["next"], tree);
        let proof = bytes(&next["proof"]);
        grown.append::<Library>(&leaf(next), Proof::parse(&proof).unwrap()).unwrap();
        assert_eq!(grown, self::tree(&next["tree"]), "{}", row["name"]);
    }
}

#[test]
fn bad_proofs_show_nothing() {
    for row in rows("bad_proofs") {
        let proof = bytes(&row["proof"]);
        let shown =
            Proof::parse(&proof).and_then(|proof| tree(&row).verify::<Library>(&leaf(&row["leaf"]), proof));
        assert_eq!(shown, None, "{}", row["name"]);
    }
}

#[test]
fn operators_weigh_alike() {
    for row in rows("weights") {
        let standing = Standing {
            pool: Pool { tokens: amount(&row["pool"]), shares: amount(&row["shares"]) },
            weighted: amount(&row["weighted"]),
            self_shares: amount(&row["self_shares"]),
            barred: row["barred"].as_bool().unwrap(),
        };
        assert_eq!(standing.weight(amount(&row["least"])), amount(&row["weight"]), "{}", row["name"]);
    }
    for row in rows("positions") {
        let counts = weighted(amount(&row["shares"]), small(&row["bps"]) as u16);
        assert_eq!(counts, Ok(amount(&row["counts"])), "{}", row["name"]);
    }
}

#[test]
fn deposits_get_as_many_shares() {
    for row in rows("deposits") {
        let mut pool = Pool { tokens: amount(&row["pool"]), shares: amount(&row["shares"]) };
        let gets = row["gets"].as_str().map(|text| text.parse().unwrap());
        assert_eq!(pool.deposit(amount(&row["tokens"])).ok(), gets, "{}", row["name"]);
    }
}
