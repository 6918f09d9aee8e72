//! What an observer can read from a transaction's log. State is in the accounts; these say what changed, and outlive rounds.

use anchor_lang::prelude::*;

/// A roster is open for enrolment. Times in Unix seconds.
#[event]
pub struct RosterOpened {
    pub roster: u64,
    pub enrolment_ends: u64,
    pub ends: u64,
}

/// A seat was taken, from a lighter operator where it had one.
#[event]
pub struct Enrolled {
    pub roster: u64,
    pub seat: u8,
    pub operator: Address,
    pub weight: u64,
}

/// A target was registered (`open` 1) or closed (0).
#[event]
pub struct TargetChanged {
    pub id: [u8; 32],
    pub kind: u8,
    pub open: u8,
}

/// A verifier reported a window.
#[event]
pub struct Reported {
    pub id: [u8; 32],
    pub begin: u64,
    pub roster: u64,
    pub seat: u8,
    pub total: u16,
    pub ok: u16,
    pub probes_root: [u8; 32],
}

/// A window was judged; `poor` is with the bad ones, `total` the roster's without struck seats.
#[event]
pub struct Judged {
    pub id: [u8; 32],
    pub begin: u64,
    pub verdict: u8,
    pub clean: u64,
    pub poor: u64,
    pub bad: u64,
    pub total: u64,
    pub state: u8,
}

/// A target's state changed, at the end of the window that moved it.
#[event]
pub struct Transition {
    pub id: [u8; 32],
    pub from: u8,
    pub to: u8,
    pub at: u64,
    pub begin: u64,
    pub verdict: u8,
    pub roster: u64,
    pub evidence_root: [u8; 32],
}

/// A seat counts for nothing any more, because of the report of `id` and `begin`. Kind 0 and zeroes: its operator was struck in another roster.
#[event]
pub struct Struck {
    pub operator: Address,
    pub roster: u64,
    pub seat: u8,
    pub id: [u8; 32],
    pub begin: u64,
    pub kind: u8,
}

/// A challenge set holds for windows that begin from now on.
#[event]
pub struct SetPublished {
    pub version: u32,
    pub count: u16,
    pub root: [u8; 32],
}

/// The configuration after any change of it.
#[event]
pub struct PolicyConfigChanged {
    pub authority: Address,
    pub pending_authority: Address,
    pub guardian: Address,
    pub paused: u8,
}
