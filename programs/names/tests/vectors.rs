//! The golden vectors of names that Rust and TypeScript share: tests/vectors/names.json.

#[path = "../../core/tests/support"]
mod support {
    pub mod vectors;
}

use anchor_lang::hash::sha256;
use serde_json::Value;
use tolldns_core::names::{
    auction::{end_after_bid, least_bid},
    authority::Authority,
    label::check_label,
    preimage::{commitment_preimage, name_preimage, wire_name},
    terms::NamesTerms,
};

fn rows(group: &str) -> Vec<Value> {
    support::vectors::rows("names.json", group)
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().expect(field)
}

fn long(row: &Value, field: &str) -> u64 {
    text(row, field).parse().expect(field)
}

fn short(row: &Value, field: &str) -> u64 {
    row[field].as_u64().expect(field)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key(row: &Value, field: &str) -> [u8; 32] {
    let digits = text(row, field);
    core::array::from_fn(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).expect(field))
}

#[test]
fn labels_have_one_wire_name_and_one_hash() {
    for row in rows("labels") {
        let label = text(&row, "label").as_bytes();
        assert_eq!(hex(wire_name(label).unwrap().as_slice()), text(&row, "wire"), "{row}");
        assert_eq!(hex(&sha256(name_preimage(label).unwrap().as_slice())), text(&row, "hash"), "{row}");
    }
    for row in rows("bad") {
        let refusal = check_label(text(&row, "label").as_bytes()).unwrap_err();
        assert_eq!(format!("{refusal:?}"), text(&row, "refusal"), "{row}");
    }
    for row in rows("typed") {
        assert_eq!(check_label(text(&row, "label").as_bytes()), Ok(()), "{row}");
    }
}

#[test]
fn commitments_hash_alike() {
    for row in rows("commitments") {
        let preimage =
            commitment_preimage(&key(&row, "name_hash"), &key(&row, "owner"), &key(&row, "secret"));
        assert_eq!(hex(&sha256(&preimage)), text(&row, "hash"), "{row}");
    }
}

#[test]
fn bids_ends_and_prices_are_reckoned_alike() {
    for row in rows("bids") {
        let least = least_bid(long(&row, "highest"), short(&row, "increment_bps") as u16).unwrap();
        assert_eq!(least, long(&row, "least"), "{row}");
    }
    for row in rows("ends") {
        let end = end_after_bid(long(&row, "ends_at"), short(&row, "extension") as u32, long(&row, "now"));
        assert_eq!(end, long(&row, "end"), "{row}");
    }
    let terms = NamesTerms {
        prices: [50_000_000, 40_000_000, 30_000_000, 20_000_000, 5_000_000],
        term: 31_536_000,
        grace: 2_592_000,
        commit_min: 60,
        commit_max: 86_400,
        auction: 259_200,
        extension: 600,
        increment_bps: 500,
    };
    for row in rows("prices") {
        let price = terms.price_of(short(&row, "label_bytes") as usize, short(&row, "years") as u8).unwrap();
        assert_eq!(price, long(&row, "price"), "{row}");
    }
}

#[test]
fn who_signs_in_a_slot_is_told_alike() {
    for row in rows("authorities") {
        let record = Authority {
            current: key(&row, "authority"),
            since: long(&row, "authority_slot"),
            previous: key(&row, "previous"),
            previous_since: long(&row, "previous_slot"),
        };
        let signs = record.at(long(&row, "slot"));
        assert_eq!(signs.map(|key| hex(&key)).as_deref(), row["signs"].as_str(), "{row}");
    }
}
