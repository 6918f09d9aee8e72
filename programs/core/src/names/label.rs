//! Normalisation, version 1: the ASCII form that the chain keeps. Mapping Unicode to it (UTS 46, non-transitional) is the client's part.

use crate::{ensure, Refusal, Result};

/// Version of these rules, written into every name.
pub const NORMALISATION: u8 = 1;
/// Longest label, bytes (RFC 1035, section 2.3.4).
pub const MAX_LABEL: usize = 63;
/// Labels up to this length are sold by auction.
pub const PREMIUM_BYTES: usize = 4;

/// Checks a label in its one written form: 1 to 63 of `a-z 0-9 -`, no hyphen at either end, and hyphens in third and fourth place only where they
/// mark an A-label (RFC 5890, section 2.3.1), which then has something after them.
pub fn check_label(label: &[u8]) -> Result<()> {
    ensure(!label.is_empty() && label.len() <= MAX_LABEL, Refusal::LabelLength)?;
    let known = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    ensure(label.iter().all(known), Refusal::LabelCharacter)?;
    ensure(label[0] != b'-' && label[label.len() - 1] != b'-', Refusal::LabelHyphen)?;
    if label.len() >= 4 && label[2] == b'-' && label[3] == b'-' {
        ensure(label.starts_with(b"xn--") && label.len() > 4, Refusal::LabelHyphen)?;
    }
    Ok(())
}

/// Is a label of this many bytes sold by auction and not by registration?
pub const fn is_premium(bytes: usize) -> bool {
    bytes <= PREMIUM_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_1_to_63_bytes_of_its_alphabet() {
        assert_eq!(check_label(b""), Err(Refusal::LabelLength));
        assert_eq!(check_label(b"a"), Ok(()));
        assert_eq!(check_label(&[b'a'; 63]), Ok(()));
        assert_eq!(check_label(&[b'a'; 64]), Err(Refusal::LabelLength));
        for byte in 0..=u8::MAX {
            let inside = matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
            assert_eq!(check_label(&[b'a', byte, b'a']).is_ok(), inside, "{byte}");
        }
    }

    #[test]
    fn hyphens_stand_inside_and_mark_nothing_but_a_labels() {
        for label in [&b"-"[..], b"-a", b"a-", b"ab--cd", b"xn--", b"xm--a"] {
            assert_eq!(check_label(label), Err(Refusal::LabelHyphen));
        }
        for label in [&b"a-b"[..], b"a--b", b"abc--d", b"xn--mnchen-3ya", b"a-b-c"] {
            assert_eq!(check_label(label), Ok(()));
        }
    }

    #[test]
    fn four_bytes_are_premium_and_five_are_not() {
        assert!(is_premium(1) && is_premium(4) && !is_premium(5));
    }
}
