//! SHA-256 by a library, where the chain has a system call.

use sha2::Digest;
use tolldns_core::hash::{Hash, Sha256};

pub struct Library;

impl Sha256 for Library {
    fn hash(parts: &[&[u8]]) -> Hash {
        let mut hasher = sha2::Sha256::new();
        parts.iter().for_each(|part| hasher.update(part));
        hasher.finalize().into()
    }
}
