//! Lengths before anything else: Anchor reads the arguments it knows and ignores what follows, so that two different byte strings would mean the
//! same. Here an instruction has one encoding.

use crate::error::EscrowError;
use anchor_lang::prelude::*;

/// Bytes after the discriminator; `None` for an unknown one. `settle` is at least its day and the length of its records.
const fn argument_bytes(discriminator: u8) -> Option<usize> {
    match discriminator {
        1 => Some(32 + 3 * 2 + 2 * 4 + 32),
        2 | 4 => Some(32),
        5 => Some(1),
        3 | 6 | 12 | 23 | 40 => Some(0),
        10 | 11 | 22 => Some(8),
        20 => Some(2 + 8),
        21 => Some(2),
        30 => Some(2 + 32 + 8),
        31 => Some(2 + 2 + 8),
        32 | 34 | 35 => Some(2 + 2),
        33 => Some(2 + 2 + 32),
        _ => None,
    }
}

/// Refuses instruction data that is too short, too long or of no instruction.
#[inline(always)]
pub fn check_length(data: &[u8]) -> Result<()> {
    let (discriminator, arguments) = data.split_first().ok_or(EscrowError::InstructionUnknown)?;
    if *discriminator == 0 {
        // `base_day u16 | length u32 | records`
        let length = arguments.get(2..6).ok_or(EscrowError::InstructionLength)?;
        let records = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        require!(arguments.len() == 6 + records, EscrowError::InstructionLength);
        return Ok(());
    }
    let expected = argument_bytes(*discriminator).ok_or(EscrowError::InstructionUnknown)?;
    require!(arguments.len() == expected, EscrowError::InstructionLength);
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
