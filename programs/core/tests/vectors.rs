//! The golden vectors that Rust and TypeScript share; tests/vectors/README.md tells their form.

use serde_json::Value;
use tolldns_core::{
    split::{Shares, Split},
    voucher::{check_batch, expiry_day, Record, Voucher, RECORD_BYTES},
};

fn rows(file: &str, group: &str) -> Vec<Value> {
    let path = format!("{}/../../tests/vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect(&path);
    let mut whole: Value = serde_json::from_str(&text).expect(&path);
    let rows = whole[group].as_array_mut().expect(group);
    assert!(!rows.is_empty(), "{file}.{group} is empty");
    std::mem::take(rows)
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_else(|| panic!("{field} of {row}"))
}

fn hex(row: &Value, field: &str) -> Vec<u8> {
    let digits = text(row, field);
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect(digits))
        .collect()
}

fn bytes<const N: usize>(row: &Value, field: &str) -> [u8; N] {
    hex(row, field).try_into().unwrap_or_else(|_| panic!("{field} of {row}"))
}

/// A `u64`, which JSON holds as text.
fn long(row: &Value, field: &str) -> u64 {
    text(row, field).parse().expect(field)
}

fn short<T: TryFrom<u64>>(row: &Value, field: &str) -> T {
    let value = row[field].as_u64().unwrap_or_else(|| panic!("{field} of {row}"));
    T::try_from(value).unwrap_or_else(|_| panic!("{field} of {row}"))
}

#[test]
fn vouchers_have_the_bytes_of_the_vectors() {
    for row in rows("voucher", "valid") {
        let voucher = Voucher {
            ledger: bytes(&row, "ledger"),
            lane: short(&row, "lane"),
            generation: short(&row, "generation"),
            expiry_day: short(&row, "expiry_day"),
            cumulative: long(&row, "cumulative"),
        };
        assert_eq!(voucher.encode().to_vec(), hex(&row, "message"), "{}", row["name"]);
        assert_eq!(Voucher::decode(&hex(&row, "message")), Some(voucher), "{}", row["name"]);
    }
}

#[test]
fn malformed_vouchers_of_the_vectors_are_refused() {
    for row in rows("voucher", "malformed") {
        assert_eq!(Voucher::decode(&hex(&row, "message")), None, "{}", row["name"]);
    }
}

#[test]
fn records_have_the_bytes_of_the_vectors_and_stand_for_their_vouchers() {
    for row in rows("record", "valid") {
        let signature = bytes(&row, "signature");
        let record = Record {
            lane: short(&row, "lane"),
            cumulative: long(&row, "cumulative"),
            expiry_offset: short(&row, "expiry_offset"),
            signature: &signature,
        };
        let encoded = bytes::<RECORD_BYTES>(&row, "record");
        assert_eq!(record.encode(), Some(encoded), "{}", row["name"]);
        assert_eq!(Record::read(&encoded), record, "{}", row["name"]);
        let voucher = Voucher {
            ledger: bytes(&row, "ledger"),
            lane: record.lane,
            generation: short(&row, "generation"),
            expiry_day: expiry_day(short(&row, "base_day"), record.expiry_offset) as u16,
            cumulative: record.cumulative,
        };
        assert_eq!(voucher.encode().to_vec(), hex(&row, "message"), "{}", row["name"]);
    }
}

#[test]
fn malformed_records_of_the_vectors_are_no_batch() {
    for row in rows("record", "malformed") {
        assert!(check_batch(&hex(&row, "record")).is_err(), "{}", row["name"]);
    }
}

#[test]
fn settle_data_of_the_vectors_is_day_length_and_whole_records() {
    for row in rows("settle", "valid") {
        let data = hex(&row, "data");
        let (head, records) = data.split_at(7);
        assert_eq!(head[0], 0);
        assert_eq!(u16::from_le_bytes([head[1], head[2]]), short::<u16>(&row, "base_day"));
        assert_eq!(u32::from_le_bytes([head[3], head[4], head[5], head[6]]) as usize, records.len());
        assert_eq!(check_batch(records), Ok(()));
        for (record, expected) in
            records.chunks_exact(RECORD_BYTES).zip(row["records"].as_array().expect("records"))
        {
            let record = Record::read(record.try_into().expect("74 bytes"));
            assert_eq!(record.lane, short::<u16>(expected, "lane"));
            assert_eq!(record.cumulative, long(expected, "cumulative"));
            assert_eq!(record.expiry_offset, short::<u8>(expected, "expiry_offset"));
            assert_eq!(record.signature.to_vec(), hex(expected, "signature"));
        }
    }
}

#[test]
fn the_split_rounds_as_the_vectors_do() {
    for row in rows("split", "valid") {
        let split = Split {
            operator_bps: short(&row, "operator_bps"),
            names_bps: short(&row, "names_bps"),
            treasury_bps: short(&row, "treasury_bps"),
        };
        assert_eq!(split.check(), Ok(()));
        let expected = Shares {
            operator: long(&row, "operator"),
            names: long(&row, "names"),
            treasury: long(&row, "treasury"),
        };
        assert_eq!(split.divide(long(&row, "amount")), expected, "{}", row["name"]);
    }
}
