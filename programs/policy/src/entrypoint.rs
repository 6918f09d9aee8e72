//! Lengths before anything else: Anchor reads the arguments it knows and ignores what follows, so that two different byte strings would mean the
//! same. Here an instruction has one encoding.

use crate::error::PolicyError;
use anchor_lang::prelude::*;
use tolldns_core::policy::record::{ENTRY_BYTES, RECORD_BYTES};

/// Seven times u32, four shares u16, eight counts u8.
const TERMS_BYTES: usize = 7 * 4 + 4 * 2 + 8;

/// Bytes after the discriminator of instructions whose length is fixed; `None` for any other.
const fn argument_bytes(discriminator: u8) -> Option<usize> {
    match discriminator {
        2 | 10 | 15 | 16 | 17 => Some(0),
        4 | 23 => Some(1),
        1 | 3 => Some(32),
        5 => Some(TERMS_BYTES),
        0 => Some(TERMS_BYTES + 32 + 32),
        6 => Some(4 + 2 + 32),
        13 => Some(8 + 1 + 2 + 2 + 32),
        14 => Some(8),
        _ => None,
    }
}

/// Where the length (`u32`) of an instruction's last argument lies, which is bytes.
const fn tail_offset(discriminator: u8) -> Option<usize> {
    match discriminator {
        // index 4, witness 32, weight 8
        11 => Some(44),
        // kind 1
        12 => Some(1),
        // seat 1, record, sides 8
        20 => Some(1 + RECORD_BYTES + 8),
        // seat 1, two records
        21 => Some(1 + 2 * RECORD_BYTES),
        // seat 1, record, entry
        22 => Some(1 + RECORD_BYTES + ENTRY_BYTES),
        _ => None,
    }
}

/// Refuses instruction data that is too short, too long or of no instruction.
#[inline(always)]
pub fn check_length(data: &[u8]) -> Result<()> {
    let (discriminator, arguments) = data.split_first().ok_or(PolicyError::InstructionUnknown)?;
    if let Some(offset) = tail_offset(*discriminator) {
        let length = arguments.get(offset..offset + 4).ok_or(PolicyError::InstructionLength)?;
        let tail = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        require!(arguments.len() == offset + 4 + tail, PolicyError::InstructionLength);
        return Ok(());
    }
    let expected = argument_bytes(*discriminator).ok_or(PolicyError::InstructionUnknown)?;
    require!(arguments.len() == expected, PolicyError::InstructionLength);
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
