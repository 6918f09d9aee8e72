//! The golden vectors that need the program: instruction data of `settle`, signatures and derived addresses.

use anchor_lang::prelude::Address;
use escrow::entrypoint::check_length;
use serde_json::Value;
use tolldns_common::signature;
use tolldns_core::voucher::{check_batch, Record, VoucherMessage, RECORD_BYTES, VOUCHER_BYTES};

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

#[test]
fn settle_data_is_read_as_in_the_vectors() {
    let file = read("settle");
    for case in cases(&file, "valid") {
        let data = bytes(&case["data"]);
        assert_eq!(data[0], 0);
        check_length(&data).unwrap();
        assert_eq!(u16::from_le_bytes([data[1], data[2]]) as u64, case["base_day"].as_u64().unwrap());
        check_batch(&data[7..]).unwrap();
        let records = case["records"].as_array().unwrap();
        assert_eq!(data[7..].len(), records.len() * RECORD_BYTES);
        for (row, expected) in data[7..].chunks_exact(RECORD_BYTES).zip(records) {
            let record = Record::read(row.try_into().unwrap());
            assert_eq!(record.lane as u64, expected["lane"].as_u64().unwrap());
            assert_eq!(record.cumulative.to_string(), expected["cumulative"].as_str().unwrap());
            assert_eq!(record.expiry_offset as u64, expected["expiry_offset"].as_u64().unwrap());
            assert_eq!(record.signature.as_slice(), bytes(&expected["signature"]));
        }
    }
}

#[test]
fn malformed_settle_data_is_refused() {
    let file = read("settle");
    for case in cases(&file, "malformed") {
        let data = bytes(&case["data"]);
        let refused =
            data.first() != Some(&0) || check_length(&data).is_err() || check_batch(&data[7..]).is_err();
        assert!(refused, "{}", case["name"]);
    }
}

#[test]
fn signatures_of_the_vectors_hold_or_do_not() {
    let file = read("voucher");
    for case in cases(&file, "valid") {
        let key = Address::new_from_array(array(&case["session_key"]));
        assert!(
            signature::holds(&key, &array(&case["signature"]), &array::<VOUCHER_BYTES>(&case["message"])),
            "{}",
            case["name"]
        );
    }
    for case in cases(&file, "unsigned") {
        let key = Address::new_from_array(array(&case["session_key"]));
        assert!(
            !signature::holds(&key, &array(&case["signature"]), &array::<VOUCHER_BYTES>(&case["message"])),
            "{}",
            case["name"]
        );
    }
}

#[test]
fn signatures_of_the_records_hold() {
    let file = read("record");
    for case in cases(&file, "valid") {
        let record: [u8; RECORD_BYTES] = array(&case["record"]);
        let record = Record::read(&record);
        let base_day = case["base_day"].as_u64().unwrap() as u16;
        let generation = case["generation"].as_u64().unwrap() as u16;
        let mut message = VoucherMessage::new(&array(&case["ledger"]));
        let day = base_day + record.expiry_offset as u16;
        let message = message.set(record.lane, generation, day, record.cumulative);
        let key = Address::new_from_array(array(&case["session_key"]));
        assert!(signature::holds(&key, record.signature, message), "{}", case["name"]);
    }
}
