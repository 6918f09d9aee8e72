//! The golden vectors of the quorum program that Rust and TypeScript share: tests/vectors/quorum.json.

mod support {
    pub mod vectors;
}

use serde_json::Value;
use sha2::Digest;
use tolldns_core::quorum::{
    draw::{point, random, Stretch},
    preimage::{draw_preimage, seed_preimage, vote_message, Outcome},
    vote::is_quorum,
};

fn rows(group: &str) -> Vec<Value> {
    support::vectors::rows("quorum.json", group)
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

fn key(row: &Value, field: &str) -> [u8; 32] {
    let digits = row[field].as_str().expect(field);
    core::array::from_fn(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).expect(field))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn number<T: core::str::FromStr>(value: &Value) -> T {
    value.as_str().and_then(|text| text.parse().ok()).expect("a number")
}

fn stretch(row: &Value) -> Stretch {
    Stretch { start: number(&row["start"]), weight: number(&row["weight"]) }
}

#[test]
fn seeds_are_hashed_alike() {
    for row in rows("seeds") {
        let preimage = seed_preimage(&key(&row, "slot_hash"), &key(&row, "last_root"), number(&row["epoch"]));
        assert_eq!(sha256(&preimage), key(&row, "seed"), "{row}");
    }
}

#[test]
fn committees_are_drawn_alike() {
    for row in rows("committees") {
        let seed = key(&row, "seed");
        let weights: Vec<u64> = row["weights"].as_array().unwrap().iter().map(number).collect();
        let starts: Vec<u64> = weights
            .iter()
            .scan(0, |sum, weight| {
                let start = *sum;
                *sum += weight;
                Some(start)
            })
            .collect();
        let total: u64 = weights.iter().sum();
        let drawn = row["drawn"].as_array().unwrap();
        let mut taken: Vec<Stretch> = Vec::new();
        for (seat, expected) in drawn.iter().enumerate() {
            let number_of_seat = random(&sha256(&draw_preimage(&seed, seat as u32)));
            assert_eq!(number_of_seat, number::<u128>(&expected["random"]), "{row}");
            let weight_taken = taken.iter().map(|stretch| stretch.weight).sum();
            let at = point(number_of_seat, total, weight_taken, taken.iter().copied()).unwrap();
            let leaf = (0..weights.len())
                .find(|leaf| Stretch { start: starts[*leaf], weight: weights[*leaf] }.covers(at))
                .unwrap();
            assert_eq!(leaf as u64, expected["index"].as_u64().unwrap(), "{row}");
            assert_eq!(stretch(expected), Stretch { start: starts[leaf], weight: weights[leaf] }, "{row}");
            taken.push(stretch(expected));
            taken.sort_by_key(|stretch| stretch.start);
        }
        let seats = row["seats"].as_u64().unwrap() as usize;
        let weighing = weights.iter().filter(|weight| **weight != 0).count();
        assert_eq!(drawn.len(), seats.min(weighing), "{row}");
    }
}

#[test]
fn points_are_found_alike() {
    for row in rows("points") {
        let taken: Vec<Stretch> = row["taken"].as_array().unwrap().iter().map(stretch).collect();
        let weight_taken = taken.iter().map(|stretch| stretch.weight).sum();
        let found = point(number(&row["random"]), number(&row["total"]), weight_taken, taken.into_iter());
        assert_eq!(found.ok(), row["point"].as_str().map(|text| text.parse().unwrap()), "{row}");
    }
}

#[test]
fn votes_are_for_the_same_digest() {
    for row in rows("votes") {
        let outcome = Outcome {
            previous_root: key(&row, "previous_root"),
            root: key(&row, "root"),
            updates_root: key(&row, "updates_root"),
            count: row["count"].as_u64().unwrap() as u32,
        };
        let digest = sha256(&outcome.preimage(&key(&row, "domain"), number(&row["epoch"])));
        assert_eq!(digest, key(&row, "digest"), "{row}");
        assert_eq!(hex(&vote_message(&digest)), row["message"].as_str().unwrap(), "{row}");
    }
}

#[test]
fn two_thirds_are_counted_alike() {
    for row in rows("quorums") {
        let enough = is_quorum(number(&row["votes"]), number(&row["committee"]));
        assert_eq!(Some(enough), row["enough"].as_bool(), "{row}");
    }
}
