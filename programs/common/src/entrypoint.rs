//! Lengths before anything else: Anchor reads the arguments it knows and ignores what follows, so that two different byte strings would mean the
//! same. Here an instruction has one encoding.

use crate::fault::Fault;
use anchor_lang::prelude::*;

/// Refuses instruction data that is too short, too long or of no instruction. Of a discriminator, `argument_bytes` tells how many bytes follow where
/// that is fixed; `tail_offset` where the length (`u32`) of the last argument lies where that one is bytes; both `None` for an unknown one.
#[inline(always)]
pub fn check_length(
    data: &[u8],
    argument_bytes: impl Fn(u8) -> Option<usize>,
    tail_offset: impl Fn(u8) -> Option<usize>,
) -> Result<()> {
    let (discriminator, arguments) = data.split_first().ok_or(Fault::InstructionUnknown)?;
    if let Some(offset) = tail_offset(*discriminator) {
        let length = arguments.get(offset..offset + 4).ok_or(Fault::InstructionLength)?;
        let tail = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        require!(arguments.len() == offset + 4 + tail, Fault::InstructionLength);
        return Ok(());
    }
    let expected = argument_bytes(*discriminator).ok_or(Fault::InstructionUnknown)?;
    require!(arguments.len() == expected, Fault::InstructionLength);
    Ok(())
}

/// For a program's module `entrypoint`: its `check_length`, and where the loader begins, which checks lengths and lets Anchor dispatch.
///
/// `tolldns_common::entrypoint!(crate::__anchor_dispatch, argument_bytes, tail_offset);`: what Anchor made, and the functions that
/// [`check_length`] takes.
#[macro_export]
macro_rules! entrypoint {
    ($dispatch:path, $argument_bytes:path, $tail_offset:path) => {
        /// Refuses instruction data that is too short, too long or of no instruction.
        #[inline(always)]
        pub fn check_length(data: &[u8]) -> anchor_lang::prelude::Result<()> {
            $crate::entrypoint::check_length(data, $argument_bytes, $tail_offset)
        }

        /// Where the loader begins. `input` and `data` are what SIMD-0321 hands over: the serialised accounts, and the instruction data with its
        /// length in the eight bytes before it.
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
            $dispatch(input, data)
        }

        #[cfg(all(target_os = "solana", not(feature = "cpi")))]
        anchor_lang::pinocchio::default_allocator!();
        #[cfg(all(target_os = "solana", not(feature = "cpi")))]
        anchor_lang::pinocchio::default_panic_handler!();
    };
}
