//! The voucher a session key signs, and the record by which a keeper hands it to `settle`.

use crate::{amounts::MAX_AMOUNT, ensure, Refusal, Result};

/// First byte of a voucher. It keeps the message apart from transactions and from other messages signed with the same key.
pub const VOUCHER_TAG: u8 = 0x54;
/// With signature half (32) and key (32) it fits one SHA-512 block of 111 bytes, which halves the cost of verification on chain.
pub const VOUCHER_BYTES: usize = 47;
/// A record of `settle`.
pub const RECORD_BYTES: usize = 74;

/// A lane's promise: `cumulative` is all it has ever promised in this generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voucher {
    pub ledger: [u8; 32],
    pub lane: u16,
    pub generation: u16,
    /// Days since 1970-01-01; good through the end of that day, UTC.
    pub expiry_day: u16,
    pub cumulative: u64,
}

impl Voucher {
    /// The 47 bytes that are signed: `0x54 | ledger 32 | lane u16 | generation u16 | expiry_day u16 | cumulative u64`.
    pub fn encode(&self) -> [u8; VOUCHER_BYTES] {
        let mut message = VoucherMessage::new(&self.ledger);
        *message.set(self.lane, self.generation, self.expiry_day, self.cumulative)
    }

    /// Reads a voucher; `None` unless it is 47 bytes, begins with the tag and promises at most [`MAX_AMOUNT`].
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; VOUCHER_BYTES] = bytes.try_into().ok()?;
        let voucher = Self {
            ledger: bytes[1..33].try_into().ok()?,
            lane: u16::from_le_bytes([bytes[33], bytes[34]]),
            generation: u16::from_le_bytes([bytes[35], bytes[36]]),
            expiry_day: u16::from_le_bytes([bytes[37], bytes[38]]),
            cumulative: u64::from_le_bytes(bytes[39..].try_into().ok()?),
        };
        (bytes[0] == VOUCHER_TAG && voucher.cumulative <= MAX_AMOUNT).then_some(voucher)
    }
}

/// The bytes of a voucher, with the ledger written once for a whole batch.
pub struct VoucherMessage([u8; VOUCHER_BYTES]);

impl VoucherMessage {
    /// Starts the message of one ledger.
    #[inline(always)]
    pub fn new(ledger: &[u8; 32]) -> Self {
        let mut bytes = [0; VOUCHER_BYTES];
        bytes[0] = VOUCHER_TAG;
        bytes[1..33].copy_from_slice(ledger);
        Self(bytes)
    }

    /// Writes what differs from voucher to voucher and returns the whole message.
    #[inline(always)]
    pub fn set(
        &mut self,
        lane: u16,
        generation: u16,
        expiry_day: u16,
        cumulative: u64,
    ) -> &[u8; VOUCHER_BYTES] {
        self.0[33..35].copy_from_slice(&lane.to_le_bytes());
        self.0[35..37].copy_from_slice(&generation.to_le_bytes());
        self.0[37..39].copy_from_slice(&expiry_day.to_le_bytes());
        self.0[39..47].copy_from_slice(&cumulative.to_le_bytes());
        &self.0
    }
}

/// One row of a batch: `lane u16 | cumulative u56 | expiry offset u8 | signature 64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    pub lane: u16,
    pub cumulative: u64,
    /// Added to the batch's `base_day` gives the voucher's `expiry_day`.
    pub expiry_offset: u8,
    pub signature: &'a [u8; 64],
}

impl<'a> Record<'a> {
    /// Reads a record. The caller has checked with [`check_batch`] that the batch is whole records.
    #[inline(always)]
    pub fn read(bytes: &'a [u8; RECORD_BYTES]) -> Self {
        let (head, signature) = bytes.split_at(10);
        Self {
            lane: u16::from_le_bytes([head[0], head[1]]),
            cumulative: u64::from_le_bytes([
                head[2], head[3], head[4], head[5], head[6], head[7], head[8], 0,
            ]),
            expiry_offset: head[9],
            signature: signature.try_into().expect("74 - 10 bytes"),
        }
    }

    /// The 74 bytes; `None` if the amount needs more than seven bytes.
    pub fn encode(&self) -> Option<[u8; RECORD_BYTES]> {
        if self.cumulative > MAX_AMOUNT {
            return None;
        }
        let mut bytes = [0; RECORD_BYTES];
        bytes[..2].copy_from_slice(&self.lane.to_le_bytes());
        bytes[2..9].copy_from_slice(&self.cumulative.to_le_bytes()[..7]);
        bytes[9] = self.expiry_offset;
        bytes[10..].copy_from_slice(self.signature);
        Some(bytes)
    }
}

/// Refuses a batch that is empty or not whole records.
#[inline(always)]
pub fn check_batch(batch: &[u8]) -> Result<()> {
    ensure(!batch.is_empty(), Refusal::BatchEmpty)?;
    ensure(batch.len().is_multiple_of(RECORD_BYTES), Refusal::BatchRagged)
}

/// The expiry day of a record. It may lie past the last day a voucher can name; [`crate::lane::Lane::judge`] refuses that as expired.
#[inline(always)]
pub fn expiry_day(base_day: u16, offset: u8) -> u32 {
    base_day as u32 + offset as u32
}
