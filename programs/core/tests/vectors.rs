//! The golden vectors of tests/vectors, which the SDK reads too: written once, agreed on by both.

use serde_json::Value;
use tolldns_core::{
    split::Split,
    voucher::{expiry_day, Record, Voucher, VoucherMessage, RECORD_BYTES},
};

fn read(name: &str) -> Value {
    let path = format!("{}/../../tests/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn cases<'a>(file: &'a Value, group: &str) -> &'a Vec<Value> {
    let cases = file[group].as_array().unwrap();
    assert!(!cases.is_empty());
    cases
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

fn amount(value: &Value) -> u64 {
    value.as_str().unwrap().parse().unwrap()
}

fn small(value: &Value) -> u16 {
    value.as_u64().unwrap().try_into().unwrap()
}

#[test]
fn vouchers_encode_and_decode_as_in_the_vectors() {
    let file = read("voucher");
    for case in cases(&file, "valid") {
        let voucher = Voucher {
            ledger: array(&case["ledger"]),
            lane: small(&case["lane"]),
            generation: small(&case["generation"]),
            expiry_day: small(&case["expiry_day"]),
            cumulative: amount(&case["cumulative"]),
        };
        let message = bytes(&case["message"]);
        assert_eq!(voucher.encode().as_slice(), message, "{}", case["name"]);
        assert_eq!(Voucher::decode(&message), Some(voucher), "{}", case["name"]);
    }
}

#[test]
fn malformed_vouchers_are_refused() {
    let file = read("voucher");
    for case in cases(&file, "malformed") {
        assert_eq!(Voucher::decode(&bytes(&case["message"])), None, "{}", case["name"]);
    }
}

#[test]
fn records_encode_decode_and_stand_for_the_vouchers_of_the_vectors() {
    let file = read("record");
    for case in cases(&file, "valid") {
        let signature = array(&case["signature"]);
        let record = Record {
            lane: small(&case["lane"]),
            cumulative: amount(&case["cumulative"]),
            expiry_offset: small(&case["expiry_offset"]) as u8,
            signature: &signature,
        };
        let encoded: [u8; RECORD_BYTES] = array(&case["record"]);
        assert_eq!(record.encode(), Some(encoded), "{}", case["name"]);
        assert_eq!(Record::read(&encoded), record, "{}", case["name"]);
        let day = expiry_day(small(&case["base_day"]), record.expiry_offset);
        let mut message = VoucherMessage::new(&array(&case["ledger"]));
        let message = message.set(record.lane, small(&case["generation"]), day as u16, record.cumulative);
        assert_eq!(message.as_slice(), bytes(&case["message"]), "{}", case["name"]);
    }
}

#[test]
fn malformed_records_have_another_length() {
    let file = read("record");
    for case in cases(&file, "malformed") {
        assert_ne!(bytes(&case["record"]).len(), RECORD_BYTES, "{}", case["name"]);
    }
}

#[test]
fn the_split_rounds_as_in_the_vectors() {
    let file = read("split");
    for case in cases(&file, "valid") {
        let split = Split {
            operator_bps: small(&case["operator_bps"]),
            names_bps: small(&case["names_bps"]),
            treasury_bps: small(&case["treasury_bps"]),
        };
        assert_eq!(split.check(), Ok(()));
        let shares = split.divide(amount(&case["amount"]));
        let expected = [&case["operator"], &case["names"], &case["treasury"]].map(amount);
        assert_eq!([shares.operator, shares.names, shares.treasury], expected, "{}", case["name"]);
    }
}
