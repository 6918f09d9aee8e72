use crate::error::PolicyError;
use anchor_lang::{accounts::Slab, prelude::*};
use bytemuck::{Pod, Zeroable};
use tolldns_core::{
    policy::{
        quorum,
        roster::{Placed, Times},
        terms::MAX_SEATS,
    },
    stake::tree::Tree,
};

/// The seat counts for nothing any more.
pub const STRUCK: u8 = 1;

/// Who may report, at `["roster", number u64]`: this header, then the seats in order.
#[account]
pub struct Roster {
    pub version: u8,
    pub bump: u8,
    /// Of the snapshot's tree.
    pub depth: u8,
    /// Seats it has room for.
    pub room: u8,
    pub reserved: [u8; 4],
    pub number: u64,
    /// Who paid for the account and gets it back.
    pub payer: Address,
    /// Unix seconds, as the two that follow.
    pub opened_at: u64,
    pub enrolment_ends: u64,
    pub ends: u64,
    /// Unix seconds: from when on the next is in force; 0 while there is none.
    pub superseded_at: u64,
    /// Unix seconds: when it may be closed; 0 while it is the newest.
    pub evidence_ends: u64,
    pub snapshot_root: [u8; 32],
    pub snapshot_total: u64,
    pub snapshot_count: u32,
    /// Seconds for which its struck operators may not enrol.
    pub strike: u32,
    /// Of all seats that are not struck.
    pub weight: u64,
}

/// One seat, 88 bytes.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct Seat {
    pub operator: Address,
    pub node: Address,
    /// As the snapshot has it.
    pub weight: u64,
    pub asn: u32,
    /// The operator's place in the stake tree, which is its own for good.
    pub index: u32,
    pub region: u16,
    /// Equal where the regions are, below 64; and so for the networks.
    pub region_ordinal: u8,
    pub network_ordinal: u8,
    pub flags: u8,
    /// Of the operator's Verifier address.
    pub verifier_bump: u8,
    pub reserved: [u8; 2],
}

const _: () = assert!(core::mem::size_of::<Seat>() == 88);
// The runtime makes no account above this within an instruction.
const _: () = assert!(RosterAccount::space_for(MAX_SEATS as u32) <= 10_240);

/// A roster and its seats: `discriminator 8 | header 144 | rows u32 | padding 4 | rows of 88 bytes`.
pub type RosterAccount = Slab<Roster, Seat>;

const _: () = assert!(RosterAccount::space_for(0) == 160);

impl Roster {
    pub fn times(&self) -> Times {
        let Self { opened_at, enrolment_ends, ends, .. } = *self;
        Times { opened_at, enrolment_ends, ends }
    }

    /// The stake tree when it was opened.
    pub fn snapshot(&self) -> Tree {
        Tree {
            root: self.snapshot_root,
            total: self.snapshot_total,
            count: self.snapshot_count,
            depth: self.depth,
        }
    }
}

impl Seat {
    #[inline(always)]
    pub fn is_struck(&self) -> bool {
        self.flags & STRUCK != 0
    }

    /// What it adds to its roster's weight: a struck seat nothing.
    #[inline(always)]
    pub fn weighs(&self) -> u64 {
        if self.is_struck() {
            0
        } else {
            self.weight
        }
    }

    /// Where it is.
    #[inline(always)]
    pub fn placed(&self) -> Placed {
        let Self { region, asn, region_ordinal, network_ordinal, .. } = *self;
        Placed { region, asn, region_ordinal, network_ordinal }
    }

    /// What a verdict needs to know of it.
    #[inline(always)]
    pub fn counted(&self) -> quorum::Seat {
        quorum::Seat {
            weight: self.weight,
            region: self.region_ordinal,
            network: self.network_ordinal,
            struck: self.is_struck(),
        }
    }
}

/// The row of a seat.
#[inline(always)]
pub fn seat_of(roster: &RosterAccount, seat: u8) -> Result<&Seat> {
    roster.get(seat as usize).ok_or(PolicyError::SeatUnknown.into())
}

static NOBODY: Address = Address::new_from_array([0; 32]);

/// The operator of a seat, for addresses; all zero where there is no such seat.
pub fn operator_of(roster: &RosterAccount, seat: u8) -> &Address {
    roster.get(seat as usize).map_or(&NOBODY, |row| &row.operator)
}

/// The bump of its Verifier's address.
pub fn verifier_bump_of(roster: &RosterAccount, seat: u8) -> u8 {
    roster.get(seat as usize).map_or(0, |row| row.verifier_bump)
}

/// An operator that was struck, at `["verifier", operator]`. Never closed.
#[account]
pub struct Verifier {
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 6],
    /// Unix seconds: when it was struck last, and from when on it may enrol again.
    pub struck_at: u64,
    pub struck_until: u64,
    pub operator: Address,
}
