//! One record of what a verifier measured, and what no honest one writes of it. Bytes: docs/reference/verifier.md.

use super::terms::MAX_PROBES;
use crate::{
    hash::{Hash, Sha256},
    routes::list::leaf,
};

/// Bytes of a record.
pub const RECORD_BYTES: usize = 118;

/// What was shown, as a strike's event tells it; 0 is none.
pub const OUTCOME: u8 = 1;
pub const TIME: u8 = 2;
pub const PLACE: u8 = 3;
pub const COUNT: u8 = 4;
pub const END: u8 = 5;
pub const ORDER: u8 = 6;
pub const EXPECTED: u8 = 7;
pub const FORM: u8 = 8;

pub(super) const OK: u8 = 1;
pub(super) const WRONG: u8 = 2;
const FAILED: u8 = 3;
const SILENT: u8 = 4;

const NO_REASON: u8 = 0;
const TIMED_OUT: u8 = 11;
/// Reasons for which an answer that has a digest is FAILED: response code, toll, transport, form.
const fn fails(reason: u8) -> bool {
    matches!(reason, 1 | 8 | 9 | 10)
}

/// Buckets of latency are below this; where there was no answer stands 255.
const BUCKETS: u8 = 16;
const NO_LATENCY: u8 = 255;

const ZERO: [u8; 32] = [0; 32];

/// One probe, as its 118 bytes say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    pub index: u16,
    /// Milliseconds since the window's begin.
    pub at: u32,
    pub transport: u8,
    pub challenge: u16,
    pub outcome: u8,
    pub latency: u8,
    pub reason: u8,
    pub running_ok: u16,
    pub expected: &'a [u8; 32],
    pub answer: &'a [u8; 32],
    bytes: &'a [u8; RECORD_BYTES],
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn hash_at(bytes: &[u8; RECORD_BYTES], at: usize) -> &[u8; 32] {
    // Every caller's place is within the record.
    bytes[at..].first_chunk().unwrap_or(&ZERO)
}

impl<'a> Record<'a> {
    pub fn read(bytes: &'a [u8; RECORD_BYTES]) -> Self {
        Self {
            index: u16_at(bytes, 0),
            at: u32::from_le_bytes([bytes[2], bytes[3], bytes[4], bytes[5]]),
            transport: bytes[6],
            challenge: u16_at(bytes, 7),
            outcome: bytes[9],
            latency: bytes[10],
            reason: bytes[11],
            running_ok: u16_at(bytes, 12),
            expected: hash_at(bytes, 14),
            answer: hash_at(bytes, 46),
            bytes,
        }
    }

    pub(super) fn leaf<H: Sha256>(&self) -> Hash {
        leaf::<H>(self.bytes)
    }

    pub(super) fn is_ok(&self) -> bool {
        self.outcome == OK
    }

    /// Are all fields such as are written?
    fn is_formed(&self) -> bool {
        self.index < MAX_PROBES
            && (1..=4).contains(&self.transport)
            && (OK..=SILENT).contains(&self.outcome)
            && (self.latency < BUCKETS || self.latency == NO_LATENCY)
            && self.reason <= TIMED_OUT
            && self.bytes[110..].iter().all(|byte| *byte == 0)
    }

    /// The one outcome that goes with digests and reason; `None` where none does.
    fn outcome(&self) -> Option<u8> {
        let Self { reason, expected, answer, .. } = *self;
        if *answer == ZERO {
            match reason {
                NO_REASON => None,
                TIMED_OUT => Some(SILENT),
                _ => Some(FAILED),
            }
        } else if expected == answer {
            (reason == NO_REASON).then_some(OK)
        } else if fails(reason) {
            Some(FAILED)
        } else {
            (reason != NO_REASON && reason != TIMED_OUT).then_some(WRONG)
        }
    }

    /// How many records there are up to this one.
    pub(super) fn count(&self) -> u16 {
        self.index.saturating_add(1)
    }

    /// What is wrong with a record by itself, of a window of so many seconds; `None` if an honest verifier may have written it.
    pub fn fault(&self, seconds: u64) -> Option<u8> {
        if !self.is_formed() {
            Some(FORM)
        } else if self.outcome() != Some(self.outcome) {
            Some(OUTCOME)
        } else if self.at as u64 >= seconds.saturating_mul(1_000) {
            Some(TIME)
        } else if self.running_ok > self.count() {
            Some(COUNT)
        } else {
            None
        }
    }
}
