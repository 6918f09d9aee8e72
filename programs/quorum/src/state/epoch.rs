use crate::error::QuorumError;
use anchor_lang::{accounts::Slab, prelude::*};
use bytemuck::{Pod, Zeroable};
use tolldns_core::quorum::{draw::Stretch, epoch::Times, preimage::Outcome, terms::MAX_COMMITTEE};

/// The member voted; its digest is in the row.
pub const VOTED: u32 = 1;
/// It was shown to have voted for two digests: its vote counts no more.
pub const STRUCK: u32 = 2;
/// It was slashed for having voted for a digest that was proven wrong.
pub const SLASHED: u32 = 4;

/// One epoch, at `["epoch", number u64]`: this header, then the committee's rows in order of seats.
#[account]
pub struct Epoch {
    pub version: u8,
    pub bump: u8,
    pub status: u8,
    /// Kind of the challenge that was proven, 0 if none was.
    pub challenge: u8,
    /// Seats.
    pub committee: u8,
    /// Of the snapshot's tree.
    pub depth: u8,
    pub reserved: [u8; 2],
    pub number: u64,
    /// Who paid for the account and gets it back.
    pub payer: Address,
    pub frozen_slot: u64,
    /// Unix seconds.
    pub frozen_at: u64,
    pub seed_slot: u64,
    /// Seconds, as the two that follow; as they were at the freeze.
    pub length: u32,
    pub window: u32,
    pub evidence: u32,
    /// Slots.
    pub seed_delay: u32,
    pub seed: [u8; 32],
    pub snapshot_root: [u8; 32],
    pub snapshot_total: u64,
    pub snapshot_count: u32,
    /// Updates in the attested trace.
    pub count: u32,
    pub domain: [u8; 32],
    pub previous_root: [u8; 32],
    /// What was attested, zeroes before.
    pub root: [u8; 32],
    pub updates_root: [u8; 32],
    pub digest: [u8; 32],
    /// Unix seconds; 0 before.
    pub attested_at: u64,
    /// Unix seconds; 0 before.
    pub ended_at: u64,
    /// Who proved the root wrong; zeroes if nobody did.
    pub challenger: Address,
    /// Weight of all members.
    pub weight: u64,
    /// Weight that voted for the digest when it was tallied.
    pub attested_weight: u64,
    /// The seats in order of where their stretches start.
    pub order: [[u8; 26]; 4],
}

/// One seat, 88 bytes. The operator is known by its place in the stake tree, which is its own for good.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct Member {
    pub witness: Address,
    pub vote: [u8; 32],
    pub start: u64,
    pub weight: u64,
    pub operator: u32,
    pub flags: u32,
}

const _: () = assert!(core::mem::size_of::<Member>() == 88);
const _: () = assert!(core::mem::size_of::<[[u8; 26]; 4]>() >= MAX_COMMITTEE as usize);
// The runtime makes no account above this within an instruction.
const _: () = assert!(EpochAccount::space_for(MAX_COMMITTEE as u32) <= 10_240);

/// An epoch and its committee: `discriminator 8 | header 496 | rows u32 | padding 4 | rows of 88 bytes`.
pub type EpochAccount = Slab<Epoch, Member>;

const _: () = assert!(EpochAccount::space_for(0) == 512);

impl Epoch {
    pub fn times(&self) -> Times {
        Times { frozen_at: self.frozen_at, length: self.length, window: self.window, evidence: self.evidence }
    }

    /// What was attested.
    pub fn outcome(&self) -> Outcome {
        Outcome {
            previous_root: self.previous_root,
            root: self.root,
            updates_root: self.updates_root,
            count: self.count,
        }
    }

    /// The seats in order of where they start.
    pub fn order(&self) -> &[u8] {
        self.order.as_flattened()
    }

    /// Puts a seat in its place in that order, before the one that is `at`-th of `seats` now.
    pub fn insert_in_order(&mut self, at: usize, seats: usize, seat: u8) {
        let order = self.order.as_flattened_mut();
        order.copy_within(at..seats, at + 1);
        order[at] = seat;
    }
}

impl Member {
    #[inline(always)]
    pub fn is(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    pub fn stretch(&self) -> Stretch {
        Stretch { start: self.start, weight: self.weight }
    }

    /// Does its vote count for this digest?
    #[inline(always)]
    pub fn votes_for(&self, digest: &[u8; 32]) -> bool {
        self.is(VOTED) && !self.is(STRUCK) && self.vote == *digest
    }
}

/// The row of a seat.
#[inline(always)]
pub fn member_mut(epoch: &mut EpochAccount, seat: u8) -> Result<&mut Member> {
    epoch.get_mut(seat as usize).ok_or(QuorumError::MemberUnknown.into())
}
