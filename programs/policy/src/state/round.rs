use anchor_lang::{accounts::Slab, prelude::*};
use bytemuck::{Pod, Zeroable};
use tolldns_core::policy::{quorum::Masks, terms::MAX_SEATS};

/// What verifiers said of a target's window, at `["round", id, begin u64]`: this header, then the reports in the order in which they came.
#[account]
pub struct Round {
    pub version: u8,
    pub bump: u8,
    /// 0 UNKNOWN, 1 CLEAN, 2 POOR, 3 BAD; it says nothing before it was judged.
    pub verdict: u8,
    /// 0 or 1.
    pub judged: u8,
    pub reserved: [u8; 4],
    /// Number of the roster that reports.
    pub roster: u64,
    /// Who paid for the account and gets it back.
    pub payer: Address,
    /// The target's.
    pub id: [u8; 32],
    /// Of the window, Unix seconds, as the three that follow.
    pub begin: u64,
    pub end: u64,
    pub reports_until: u64,
    pub evidence_until: u64,
    /// The challenge set that was to be used; 0 and zeroes for none.
    pub set_version: u32,
    pub set_count: u16,
    pub reserved_set: u16,
    pub set_root: [u8; 32],
    pub evidence_root: [u8; 32],
    /// A bit a seat; no seat is in two.
    pub clean: u64,
    pub poor: u64,
    pub bad: u64,
}

/// One report, 38 bytes.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct RoundReport {
    pub probes_root: [u8; 32],
    pub total: u16,
    pub ok: u16,
    pub seat: u8,
    pub reserved: u8,
}

const _: () = assert!(core::mem::size_of::<RoundReport>() == 38);

/// A round and its reports, room for one a seat: `discriminator 8 | header 208 | rows u32 | rows of 38 bytes`.
pub type RoundAccount = Slab<Round, RoundReport>;

const _: () = assert!(RoundAccount::space_for(0) == 220);
const _: () = assert!(RoundAccount::space_for(MAX_SEATS as u32) <= 10_240);

impl Round {
    pub fn masks(&self) -> Masks {
        let Self { clean, poor, bad, .. } = *self;
        Masks { clean, poor, bad }
    }

    pub fn set_masks(&mut self, masks: Masks) {
        let Masks { clean, poor, bad } = masks;
        self.clean = clean;
        self.poor = poor;
        self.bad = bad;
    }
}

/// What a seat reported.
pub fn report_of(round: &RoundAccount, seat: u8) -> Option<&RoundReport> {
    round.iter().find(|row| row.seat == seat)
}
