//! The lengths of instructions; see `tolldns_common::entrypoint`.

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

tolldns_common::entrypoint!(crate::__anchor_dispatch, argument_bytes, tail_offset);
