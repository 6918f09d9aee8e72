//! Lengths before anything else: Anchor reads the arguments it knows and ignores what follows, so that two different byte strings would mean the
//! same. Here an instruction has one encoding.

use crate::error::QuorumError;
use anchor_lang::prelude::*;

/// Bytes after the discriminator of instructions whose length is fixed; `None` for any other.
const fn argument_bytes(discriminator: u8) -> Option<usize> {
    match discriminator {
        2 | 10 | 11 | 16 | 17 => Some(0),
        4 | 26 => Some(1),
        1 | 3 => Some(32),
        5 => Some(17),
        0 => Some(17 + 32 + 32),
        13 => Some(1 + 32),
        15 => Some(32 + 32 + 4),
        _ => None,
    }
}

/// Where the length (`u32`) of an instruction's last argument lies, which is bytes.
const fn tail_offset(discriminator: u8) -> Option<usize> {
    match discriminator {
        // index 4, operator 32, witness 32, weight 8
        12 => Some(76),
        // root 32, updates root 32, count 4
        14 => Some(68),
        // seat 1; claim 1
        20 | 24 => Some(1),
        // step 132, signer 32, signature 64
        21 => Some(228),
        // step 132, update 133, signer 32, signature 64
        22 => Some(361),
        // step 132, update 133
        23 => Some(265),
        25 => Some(0),
        _ => None,
    }
}
/// Refuses instruction data that is too short, too long or of no instruction.
#[inline(always)]
pub fn check_length(data: &[u8]) -> Result<()> {
    let (discriminator, arguments) = data.split_first().ok_or(QuorumError::InstructionUnknown)?;
    if let Some(offset) = tail_offset(*discriminator) {
        let length = arguments.get(offset..offset + 4).ok_or(QuorumError::InstructionLength)?;
        let tail = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        require!(arguments.len() == offset + 4 + tail, QuorumError::InstructionLength);
        return Ok(());
    }
    let expected = argument_bytes(*discriminator).ok_or(QuorumError::InstructionUnknown)?;
    require!(arguments.len() == expected, QuorumError::InstructionLength);
    Ok(())
}

/// Where the loader begins. `input` and `data` are what SIMD-0321 hands over: the serialised accounts, and the instruction data with its length in
/// the eight bytes before it.
///
/// # Safety
/// Only the loader may call it, with pointers that keep to that layout.
#[cfg(all(target_os = "solana", not(feature = "cpi")))]
#[no_mangle]
pub unsafe extern "C" fn entrypoint(input: *mut u8, data: *const u8) -> u64 {
    let length = *(data.sub(8) as *const u64) as usize;
    if let Err(error) = check_length(core::slice::from_raw_parts(data, length)) {
        return error.into();
    }
    crate::__anchor_dispatch(input, data)
}

#[cfg(all(target_os = "solana", not(feature = "cpi")))]
anchor_lang::pinocchio::default_allocator!();
#[cfg(all(target_os = "solana", not(feature = "cpi")))]
anchor_lang::pinocchio::default_panic_handler!();
