//! Checking a voucher's signature. Which signatures are good is told in docs/reference/ed25519.md.

use anchor_lang::prelude::*;
use brine_ed25519::{
    hasher::{FastSha512, Hasher},
    verify_prehashed_strict,
};
use tolldns_core::voucher::VOUCHER_BYTES;

/// `R 32 | key 32 | voucher 47`: what Ed25519 hashes. 111 bytes are the most that SHA-512 takes in one block.
const PREIMAGE_BYTES: usize = 64 + VOUCHER_BYTES;

/// Whether the session key signed this voucher. The preimage is hashed here, at its fixed length, so that the one-block path is chosen when the
/// program is compiled and not for every voucher.
#[inline(always)]
pub fn holds(session_key: &Address, signature: &[u8; 64], voucher: &[u8; VOUCHER_BYTES]) -> bool {
    let mut preimage = [0; PREIMAGE_BYTES];
    preimage[..32].copy_from_slice(&signature[..32]);
    preimage[32..64].copy_from_slice(session_key.as_ref());
    preimage[64..].copy_from_slice(voucher);
    verify_prehashed_strict(session_key, signature, &FastSha512::hash(&preimage)).is_ok()
}
