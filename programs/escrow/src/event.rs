//! What an observer can read from a transaction's log. State is in the accounts; these say what changed.

use anchor_lang::prelude::*;

/// A batch took `amount` micro Index Units from `vouchers` lanes of a ledger; `credited` is the ledger's total ever.
#[event]
pub struct Settled {
    pub ledger: Address,
    pub vouchers: u16,
    pub amount: u64,
    pub credited: u64,
}

/// A ledger's credits were paid out, in micro Index Units.
#[event]
pub struct Distributed {
    pub ledger: Address,
    pub operator: u64,
    pub names: u64,
    pub treasury: u64,
}

/// A balance after a deposit or a withdrawal.
#[event]
pub struct BalanceChanged {
    pub owner: Address,
    pub free: u64,
}

/// A lane after any instruction but `settle`. A closed lane shows as FREE with nothing in it.
#[event]
pub struct LaneChanged {
    pub ledger: Address,
    pub owner: Address,
    pub lane: u16,
    pub generation: u16,
    pub state: u8,
    pub reserve: u64,
    pub settled: u64,
    pub deadline: u64,
}

/// The configuration after any change of it.
#[event]
pub struct ConfigChanged {
    pub authority: Address,
    pub pending_authority: Address,
    pub guardian: Address,
    pub paused: u8,
}
