use anchor_lang::prelude::*;

/// What one staker has with one operator, at `["position", operator, staker]`.
#[account]
pub struct Position {
    pub version: u8,
    pub bump: u8,
    pub tier: u8,
    pub reserved: u8,
    /// The tier's when stake was added last.
    pub weight_bps: u16,
    pub reserved_more: u16,
    /// Number of the next Exit, and how many there are.
    pub next_exit: u32,
    pub exits: u32,
    /// Without what is exiting.
    pub shares: u64,
    /// Unix seconds.
    pub locked_until: u64,
    pub operator: Address,
    pub staker: Address,
}

/// Shares on their way out, at `["exit", position, number u32]`. One a request, each with a clock of its own.
#[account]
pub struct Exit {
    pub version: u8,
    pub bump: u8,
    pub reserved: u16,
    pub number: u32,
    pub shares: u64,
    /// Unix seconds.
    pub ready_at: u64,
    pub position: Address,
}
