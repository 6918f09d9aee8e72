//! The golden vectors of routes that Rust and TypeScript share: tests/vectors/routes.json.

mod support {
    pub mod library;
    pub mod vectors;
}

use serde_json::Value;
use support::library::Library;
use tolldns_core::{
    hash::Hash,
    routes::{
        list::{leaf, ListProof},
        map::MapProof,
        receipt::{self, Receipt},
        trace::Step,
        update::{auth_hash, domain, records_hash, signed_message, Entry, Update},
    },
};

fn rows(group: &str) -> Vec<Value> {
    support::vectors::rows("routes.json", group)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

fn long(value: &Value) -> u64 {
    value.as_str().unwrap().parse().unwrap()
}

fn short(value: &Value) -> u32 {
    value.as_u64().unwrap() as u32
}

fn entry(row: &Value) -> Entry {
    Entry {
        generation: short(&row["generation"]),
        version: long(&row["version"]),
        update_hash: array(&row["update_hash"]),
    }
}

#[test]
fn domains_and_record_sets_hash_alike() {
    for row in rows("domains") {
        let found = domain::<Library>(&array(&row["genesis_hash"]), &array(&row["config"]));
        assert_eq!(found, array(&row["domain"]), "{}", row["name"]);
    }
    for row in rows("records") {
        assert_eq!(records_hash::<Library>(&bytes(&row["records"])), array(&row["hash"]), "{}", row["name"]);
    }
}

#[test]
fn updates_have_one_form_one_hash_and_one_leaf() {
    for row in rows("updates") {
        let name = &row["name"];
        let update = Update {
            name_hash: array(&row["name_hash"]),
            generation: short(&row["generation"]),
            version: long(&row["version"]),
            expires_at: long(&row["expires_at"]),
            records_hash: array(&row["records_hash"]),
        };
        let domain = array(&row["domain"]);
        assert_eq!(update.records_hash, records_hash::<Library>(&bytes(&row["records"])), "{name}");
        assert_eq!(update.encode(&domain).as_slice(), bytes(&row["update"]), "{name}");
        assert_eq!(Update::decode(&bytes(&row["update"]), &domain), Some(update), "{name}");
        assert_eq!(update.entry::<Library>(&domain), entry(&row), "{name}");
        assert_eq!(
            signed_message(&array(&row["update_hash"])).as_slice(),
            bytes(&row["signing_bytes"]),
            "{name}"
        );
        let auth = auth_hash::<Library>(&array(&row["signer"]), &array(&row["signature"]));
        assert_eq!(auth, array(&row["auth_hash"]), "{name}");
        assert_eq!(entry(&row).leaf::<Library>(&update.name_hash), array(&row["leaf"]), "{name}");
    }
}

#[test]
fn map_proofs_lead_to_the_roots_of_the_vectors() {
    for map in rows("maps") {
        for row in list(&map["proofs"]) {
            let name_hash = array(&row["name_hash"]);
            let bytes = bytes(&row["proof"]);
            let proof = MapProof::parse(&bytes).unwrap();
            let before = (!row["before"].is_null()).then(|| entry(&row["before"]));
            let root = array(&map["root"]);
            assert_eq!(proof.root::<Library>(&name_hash, before.as_ref()), Some(root), "{}", map["name"]);
            let roots = proof.roots::<Library>(&name_hash, before.as_ref(), &entry(&row["after"]));
            assert_eq!(roots, Some((root, array(&row["root_after"]))), "{}", map["name"]);
        }
    }
    for row in rows("bad_proofs") {
        assert_eq!(MapProof::parse(&bytes(&row["proof"])), None, "{}", row["name"]);
    }
}

#[test]
fn list_proofs_lead_to_the_roots_of_the_vectors() {
    for row in rows("lists") {
        let entries = list(&row["entries"]);
        for place in list(&row["proofs"]) {
            let index = short(&place["index"]);
            let leaf = leaf::<Library>(&bytes(&entries[index as usize]));
            let bytes = bytes(&place["proof"]);
            let root = ListProof::parse(&bytes).unwrap().root::<Library>(&leaf, index, entries.len() as u32);
            assert_eq!(root, Some(array(&row["root"])), "{}", row["name"]);
        }
    }
}

#[test]
fn steps_lead_from_root_to_root_and_stand_in_the_list() {
    for row in rows("traces") {
        let domain = array(&row["domain"]);
        let steps = list(&row["steps"]);
        let mut root: Hash = array(&row["before"]);
        for (index, step) in steps.iter().enumerate() {
            let encoded = array(step);
            let step = Step::read(&encoded);
            assert_eq!(step.encode(), encoded);
            assert_eq!((step.index, step.before), (index as u32, root));
            let told = list(&row["updates"]).iter().find(|told| {
                Update::decode(&bytes(&told["update"]), &domain).unwrap().hash::<Library>(&domain)
                    == step.update_hash
            });
            let told = told.expect("an update of this hash");
            let auth = auth_hash::<Library>(&array(&told["signer"]), &array(&told["signature"]));
            assert_eq!(step.auth_hash, auth);
            let bytes = bytes(&row["proofs"][index]);
            let proof = ListProof::parse(&bytes).unwrap();
            let list_root = proof.root::<Library>(&step.leaf::<Library>(), step.index, steps.len() as u32);
            assert_eq!(list_root, Some(array(&row["updates_root"])), "{}", row["name"]);
            root = step.after;
        }
        assert_eq!(root, array(&row["root"]), "{}", row["name"]);
    }
}

#[test]
fn receipts_are_written_and_signed_alike() {
    for row in rows("receipts") {
        let epoch = long(&row["epoch"]);
        let mut receipts: Vec<_> = list(&row["seen"])
            .iter()
            .map(|seen| Receipt::new(epoch, array(&seen["update_hash"]), long(&seen["seen_at"])).encode())
            .collect();
        receipts.sort_unstable();
        receipts.dedup();
        let expected: Vec<Vec<u8>> = list(&row["receipts"]).iter().map(bytes).collect();
        assert_eq!(receipts.iter().map(|one| one.to_vec()).collect::<Vec<_>>(), expected, "{}", row["name"]);
        let count = receipts.len() as u32;
        let root = array(&row["root"]);
        let message = receipt::signed_message::<Library>(
            &array(&row["domain"]),
            &array(&row["witness"]),
            epoch,
            count,
            &root,
        );
        assert_eq!(message.as_slice(), bytes(&row["signing_bytes"]), "{}", row["name"]);
    }
}
