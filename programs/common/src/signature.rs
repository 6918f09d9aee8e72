//! Checking signatures over short messages. Which signatures are good is told in docs/reference/ed25519.md.

use anchor_lang::prelude::*;
use brine_ed25519::{
    hasher::{FastSha512, Hasher},
    verify_prehashed_strict,
};

/// The longest message: with `R 32 | key 32` before it, 111 bytes are the most that SHA-512 takes in one block.
pub const MAX_MESSAGE: usize = 47;
const BEFORE_MESSAGE: usize = 64;

/// Whether `key` signed `message`, which has at most [`MAX_MESSAGE`] bytes (checked when the program is compiled). The preimage is hashed here, at
/// its fixed length, so that the one-block path is chosen when the program is compiled and not for every signature.
#[inline(always)]
pub fn holds<const N: usize>(key: &Address, signature: &[u8; 64], message: &[u8; N]) -> bool {
    const { assert!(N <= MAX_MESSAGE) };
    let mut preimage = [0; BEFORE_MESSAGE + MAX_MESSAGE];
    preimage[..32].copy_from_slice(&signature[..32]);
    preimage[32..BEFORE_MESSAGE].copy_from_slice(key.as_ref());
    preimage[BEFORE_MESSAGE..BEFORE_MESSAGE + N].copy_from_slice(message);
    verify_prehashed_strict(key, signature, &FastSha512::hash(&preimage[..BEFORE_MESSAGE + N])).is_ok()
}
