//! What an observer can read from a transaction's log. State is in the accounts; these say what changed. Amounts in base units of the native token.

use anchor_lang::prelude::*;

/// The configuration after any change of it.
#[event]
pub struct StakeConfigChanged {
    pub authority: Address,
    pub pending_authority: Address,
    pub guardian: Address,
    pub slasher: Address,
    pub paused: u8,
}

/// An operator after it registered, changed its commission or witness key, retired, or left jail.
#[event]
pub struct OperatorChanged {
    pub operator: Address,
    pub witness: Address,
    pub commission_bps: u16,
    pub flags: u8,
}

/// A node after any change; `role` is 0 if it is gone.
#[event]
pub struct NodeChanged {
    pub operator: Address,
    pub number: u16,
    pub role: u8,
    pub hot_key: Address,
}

/// Tokens came in.
#[event]
pub struct Staked {
    pub operator: Address,
    pub staker: Address,
    pub amount: u64,
    pub shares: u64,
    pub tier: u8,
}

/// Shares began to leave (`ready_at` in Unix seconds), or stay after all (0).
#[event]
pub struct ExitChanged {
    pub operator: Address,
    pub staker: Address,
    pub number: u32,
    pub shares: u64,
    pub ready_at: u64,
}

/// Tokens left.
#[event]
pub struct Withdrawn {
    pub operator: Address,
    pub staker: Address,
    pub shares: u64,
    pub amount: u64,
}

/// An operator was slashed and jailed.
#[event]
pub struct Slashed {
    pub operator: Address,
    pub offence: u8,
    pub taken: u64,
    pub reporter: u64,
    pub burned: u64,
    pub treasury: u64,
}

/// The tree holds another weight or key for an operator.
#[event]
pub struct WeightChanged {
    pub operator: Address,
    pub witness: Address,
    pub index: u32,
    pub weight: u64,
    pub total: u64,
}
