//! What proves a report wrong: a record its verifier committed to that no honest one writes. Bytes: docs/reference/verifier.md.

use super::terms::MAX_PROBES;
use crate::{
    ensure,
    hash::{Hash, Sha256},
    quorum::challenge::way_to,
    routes::list::{leaf, ListProof},
    Refusal, Result,
};

/// Bytes of a record, and of a challenge set's entry.
pub const RECORD_BYTES: usize = 118;
pub const ENTRY_BYTES: usize = 70;

/// What was shown, as a strike's event tells it; 0 is none.
pub const OUTCOME: u8 = 1;
pub const TIME: u8 = 2;
pub const PLACE: u8 = 3;
pub const COUNT: u8 = 4;
pub const END: u8 = 5;
pub const ORDER: u8 = 6;
pub const EXPECTED: u8 = 7;
pub const FORM: u8 = 8;

const OK: u8 = 1;
const WRONG: u8 = 2;
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

/// An expected answer that is a digest of the set's own.
const DIGEST: u8 = 2;

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

/// What a seat reported of a window, and the set it was to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported<'a> {
    pub total: u16,
    pub ok: u16,
    pub probes_root: &'a Hash,
    /// Of the window, seconds.
    pub seconds: u64,
    /// Challenges in the set; 0 where none was published.
    pub set_count: u16,
    pub set_root: &'a Hash,
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
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

    fn leaf<H: Sha256>(&self) -> Hash {
        leaf::<H>(self.bytes)
    }

    fn is_ok(&self) -> bool {
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

    /// May the outcome be what digests and reason say?
    fn is_outcome(&self) -> bool {
        let equal = self.expected == self.answer;
        let answered = *self.answer != ZERO;
        let should = if equal && self.reason == NO_REASON {
            OK
        } else if !answered {
            if self.reason == TIMED_OUT {
                SILENT
            } else {
                FAILED
            }
        } else if !equal && !fails(self.reason) {
            WRONG
        } else {
            FAILED
        };
        // An answer that differs may be called WRONG for any reason there is.
        let wrong = answered && !equal && self.outcome == WRONG && self.reason != NO_REASON;
        self.outcome == should || wrong
    }

    /// What is wrong with a record at its place; `None` if an honest verifier may have written it.
    fn fault(&self, reported: &Reported) -> Option<u8> {
        let count = self.index.saturating_add(1);
        let first = self.index == 0 && self.running_ok != self.is_ok() as u16;
        if !self.is_formed() {
            Some(FORM)
        } else if !self.is_outcome() {
            Some(OUTCOME)
        } else if self.at as u64 >= reported.seconds.saturating_mul(1_000) {
            Some(TIME)
        } else if first || self.running_ok > count {
            Some(COUNT)
        } else if count == reported.total && self.running_ok != reported.ok {
            Some(END)
        } else if reported.set_count != 0 && self.challenge >= reported.set_count {
            Some(EXPECTED)
        } else {
            None
        }
    }
}

impl Reported<'_> {
    /// Reads a record that a list proof (`length u8 | siblings`) shows at its place.
    fn shown<'a, H: Sha256>(&self, bytes: &'a [u8; RECORD_BYTES], proof: &ListProof) -> Result<Record<'a>> {
        let record = Record::read(bytes);
        let root = proof.root::<H>(&record.leaf::<H>(), record.index as u32, self.total as u32);
        ensure(root.as_ref() == Some(self.probes_root), Refusal::RecordProof)?;
        Ok(record)
    }

    /// What is wrong with one record, by itself. `sides` and `siblings` are its true way up from the leaf; bit `i` of `sides` tells that sibling `i` is on the left. A
    /// list has one way to each leaf, so that a record on another way than its index and the count give was not put there by an honest verifier.
    pub fn challenge_record<H: Sha256>(
        &self,
        bytes: &[u8; RECORD_BYTES],
        sides: u64,
        siblings: &[Hash],
    ) -> Result<u8> {
        let length = siblings.len();
        ensure(length < 64 && sides >> length == 0, Refusal::RecordProof)?;
        let record = Record::read(bytes);
        let (mut own, mut next) = (&mut record.leaf::<H>(), &mut Hash::default());
        for (level, sibling) in siblings.iter().enumerate() {
            let (left, right) = if sides >> level & 1 == 1 { (sibling, &*own) } else { (&*own, sibling) };
            H::hash_into(&[&[1], left, right], next);
            (own, next) = (next, own);
        }
        ensure(*own == *self.probes_root, Refusal::RecordProof)?;
        if way_to(record.index as u32, self.total as u32) != Some((sides, length as u32)) {
            return Ok(PLACE);
        }
        record.fault(self).ok_or(Refusal::RecordHolds)
    }

    /// Whether two records in a row don't follow each other: in time, or in the count of those that are OK.
    pub fn challenge_order<H: Sha256>(
        &self,
        first: (&[u8; RECORD_BYTES], &ListProof),
        second: (&[u8; RECORD_BYTES], &ListProof),
    ) -> Result<u8> {
        let before = self.shown::<H>(first.0, first.1)?;
        let record = self.shown::<H>(second.0, second.1)?;
        ensure(before.index.checked_add(1) == Some(record.index), Refusal::RecordsApart)?;
        let follows = before.running_ok.checked_add(record.is_ok() as u16) == Some(record.running_ok);
        ensure(!follows || record.at < before.at, Refusal::RecordsFollow)?;
        Ok(ORDER)
    }

    /// Whether a record expects of a challenge something else than the published set. `entry`: `number u16 | kind u8 | surface u8 | type u16 | name hash 32 | digest 32`,
    /// at the place of its number.
    pub fn challenge_expected<H: Sha256>(
        &self,
        bytes: &[u8; RECORD_BYTES],
        proof: &ListProof,
        entry: &[u8; ENTRY_BYTES],
        entry_proof: &ListProof,
    ) -> Result<u8> {
        let record = self.shown::<H>(bytes, proof)?;
        let number = u16_at(entry, 0);
        let root = entry_proof.root::<H>(&leaf::<H>(entry), number as u32, self.set_count as u32);
        ensure(root.as_ref() == Some(self.set_root) && number == record.challenge, Refusal::EntryProof)?;
        ensure(entry[2] == DIGEST && entry[38..] != *record.expected, Refusal::ExpectedHolds)?;
        Ok(EXPECTED)
    }
}
