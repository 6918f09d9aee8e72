//! The golden vectors that Rust and TypeScript share.

use serde_json::Value;

/// The rows of one group of a file of tests/vectors.
pub fn rows(file: &str, group: &str) -> Vec<Value> {
    let path = format!("{}/../../tests/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let whole: Value = serde_json::from_str(&std::fs::read_to_string(path).expect(file)).expect("JSON");
    let rows = whole[group].as_array().expect(group).clone();
    assert!(!rows.is_empty(), "{group} is empty");
    rows
}
