//! SHA-256 for the rules of `tolldns-core`.

use tolldns_core::hash::{Hash, Sha256};

/// SHA-256 by system call on the chain; elsewhere by the library that Anchor has.
pub struct Syscall;

impl Sha256 for Syscall {
    #[inline(always)]
    fn hash(parts: &[&[u8]]) -> Hash {
        let mut out = [0; 32];
        Self::hash_into(parts, &mut out);
        out
    }

    #[inline(always)]
    fn hash_into(parts: &[&[u8]], out: &mut Hash) {
        #[cfg(target_os = "solana")]
        // SAFETY: a slice of slices lies in memory as the system call reads it, and it writes exactly 32 bytes.
        unsafe {
            anchor_lang::pinocchio::syscalls::sol_sha256(
                parts.as_ptr().cast(),
                parts.len() as u64,
                out.as_mut_ptr(),
            );
        }
        #[cfg(not(target_os = "solana"))]
        {
            *out = anchor_lang::hash::sha256(&parts.concat());
        }
    }
}
