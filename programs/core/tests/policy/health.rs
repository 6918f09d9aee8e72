//! The records of tests/vectors/health.json, which TypeScript is held to as well: what an honest verifier may write, nobody can be struck for.

use serde_json::Value;
use tolldns_core::policy::record::{Record, RECORD_BYTES};

fn bytes(hex: &Value) -> [u8; RECORD_BYTES] {
    let hex = hex.as_str().expect("hexadecimal");
    assert_eq!(hex.len(), 2 * RECORD_BYTES);
    core::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hexadecimal"))
}

#[test]
fn a_record_has_a_fault_exactly_where_typescript_finds_one() {
    let rows = super::support::vectors::rows("health.json", "faults");
    assert!(rows.len() > 100);
    for row in rows {
        let bytes = bytes(&row["record"]);
        let fault = Record::read(&bytes).fault(row["seconds"].as_u64().unwrap());
        assert_eq!(fault.is_none(), row["honest"].as_bool().unwrap(), "{}: {fault:?}", row["name"]);
    }
}
