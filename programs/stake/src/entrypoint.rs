//! The lengths of instructions; see `tolldns_common::entrypoint`.

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

tolldns_common::entrypoint!(crate::__anchor_dispatch, argument_bytes, tail_offset);
