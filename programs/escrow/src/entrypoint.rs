//! The lengths of instructions; see `tolldns_common::entrypoint`.

/// Bytes after the discriminator of instructions whose length is fixed; `None` for any other.
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

/// Where the length (`u32`) of an instruction's last argument lies, which is bytes.
const fn tail_offset(discriminator: u8) -> Option<usize> {
    match discriminator {
        // settle: base day 2
        0 => Some(2),
        _ => None,
    }
}

tolldns_common::entrypoint!(crate::__anchor_dispatch, argument_bytes, tail_offset);
