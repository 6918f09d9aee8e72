//! Checking a vote's or an update's signature. Which signatures are good is told in docs/reference/ed25519.md.

use anchor_lang::prelude::*;
use brine_ed25519::{
    hasher::{FastSha512, Hasher},
    verify_prehashed_strict,
};

/// Whether the key signed this message of at most 47 bytes, with which `R 32 | key 32 | message` is one block of SHA-512.
#[inline(never)]
pub fn holds<const N: usize>(key: &Address, signature: &[u8; 64], message: &[u8; N]) -> bool {
    const { assert!(N <= 47) };
    let mut preimage = [0; 111];
    preimage[..32].copy_from_slice(&signature[..32]);
    preimage[32..64].copy_from_slice(key.as_ref());
    preimage[64..64 + N].copy_from_slice(message);
    verify_prehashed_strict(key, signature, &FastSha512::hash(&preimage[..64 + N])).is_ok()
}
