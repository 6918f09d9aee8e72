//! The lengths of instructions; see `tolldns_common::entrypoint`.

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
        // kind 1; seat 1
        12 | 20..=22 => Some(1),
        _ => None,
    }
}

tolldns_common::entrypoint!(crate::__anchor_dispatch, argument_bytes, tail_offset);
