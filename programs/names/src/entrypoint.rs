//! The lengths of instructions; see `tolldns_common::entrypoint`.

/// Bytes after the discriminator of instructions whose length is fixed; `None` for any other.
const fn argument_bytes(discriminator: u8) -> Option<usize> {
    match discriminator {
        2 | 6 | 13 | 22 | 23 | 31 | 32 | 34..=36 | 50 => Some(0),
        4 | 12 => Some(1),
        21 => Some(8),
        1 | 3 | 10 | 30 => Some(32),
        40 => Some(8 + 8 + 32 + 32 + 64),
        33 => Some(41),
        5 => Some(66),
        0 => Some(98),
        _ => None,
    }
}

/// Where the length (`u32`) of an instruction's last argument lies, which is bytes.
const fn tail_offset(discriminator: u8) -> Option<usize> {
    match discriminator {
        // name hash 32, secret 32, years 1
        11 => Some(65),
        // name hash 32, amount 8
        20 => Some(40),
        // kind 1
        51 => Some(1),
        _ => None,
    }
}

tolldns_common::entrypoint!(crate::__anchor_dispatch, argument_bytes, tail_offset);
