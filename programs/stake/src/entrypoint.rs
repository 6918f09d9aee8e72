//! Lengths before anything else: Anchor reads the arguments it knows and ignores what follows, so that two different byte strings would mean the
//! same. Here an instruction has one encoding.

use crate::error::StakeError;
use anchor_lang::prelude::*;

/// Bytes after the discriminator of instructions whose length is fixed; `None` for any other.
const fn argument_bytes(discriminator: u8) -> Option<usize> {
    match discriminator {
        2 | 6 | 12 | 13 | 23 | 32 | 33 | 34 => Some(0),
        4 | 40 => Some(1),
        10 | 11 => Some(2),
        30 => Some(9),
        1 | 3 | 7 | 22 => Some(32),
        5 => Some(46),
        0 => Some(110),
        _ => None,
    }
}

/// Where the length (`u32`) of an instruction's last argument lies, which is bytes.
const fn tail_offset(discriminator: u8) -> Option<usize> {
    match discriminator {
        // number 2, role 1, region 2, ASN 4, hot key 32
        20 => Some(41),
        // region 2, ASN 4
        21 => Some(6),
        // shares 8
        31 => Some(8),
        50 => Some(0),
        _ => None,
    }
}

/// Refuses instruction data that is too short, too long or of no instruction.
#[inline(always)]
pub fn check_length(data: &[u8]) -> Result<()> {
    let (discriminator, arguments) = data.split_first().ok_or(StakeError::InstructionUnknown)?;
    if let Some(offset) = tail_offset(*discriminator) {
        let length = arguments.get(offset..offset + 4).ok_or(StakeError::InstructionLength)?;
        let tail = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        require!(arguments.len() == offset + 4 + tail, StakeError::InstructionLength);
        return Ok(());
    }
    let expected = argument_bytes(*discriminator).ok_or(StakeError::InstructionUnknown)?;
    require!(arguments.len() == expected, StakeError::InstructionLength);
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
