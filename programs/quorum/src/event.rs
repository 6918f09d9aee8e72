//! What an observer can read from a transaction's log. State is in the accounts; these say what changed.

use anchor_lang::prelude::*;

/// An epoch after a step of its life. `root` is what was attested, zeroes before.
#[event]
pub struct EpochMoved {
    pub epoch: u64,
    pub status: u8,
    pub root: [u8; 32],
}

/// The seed slot fell out of SlotHashes before anybody came: another was named.
#[event]
pub struct SeedMissed {
    pub epoch: u64,
    pub seed_slot: u64,
}

/// A seat was filled.
#[event]
pub struct SeatDrawn {
    pub epoch: u64,
    pub seat: u8,
    pub operator: Address,
    pub witness: Address,
    pub weight: u64,
}

/// A member voted itself.
#[event]
pub struct VoteCast {
    pub epoch: u64,
    pub seat: u8,
    pub digest: [u8; 32],
}

/// Votes were brought. Bit `i` tells of row `i`: newly taken; not taken, because it is wrong, struck or stands against another vote.
#[event]
pub struct VotesRelayed {
    pub epoch: u64,
    pub digest: [u8; 32],
    pub taken: u64,
    pub skipped: u64,
}

/// A member was shown to have voted for two digests.
#[event]
pub struct MemberStruck {
    pub epoch: u64,
    pub seat: u8,
}

/// A challenge was proven: 1 signature, 2 authority, 3 step, 4 order, 5 omission.
#[event]
pub struct ChallengeProven {
    pub epoch: u64,
    pub kind: u8,
    pub challenger: Address,
}

/// Who voted for what was proven wrong answered for it.
#[event]
pub struct VoteSlashed {
    pub epoch: u64,
    pub seat: u8,
    pub offence: u8,
}

/// The configuration after any change of it.
#[event]
pub struct QuorumConfigChanged {
    pub authority: Address,
    pub pending_authority: Address,
    pub guardian: Address,
    pub paused: u8,
}
