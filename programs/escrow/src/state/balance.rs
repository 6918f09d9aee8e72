use anchor_lang::prelude::*;

/// One wallet's money that is in no lane, at `["balance", owner]`.
#[account]
pub struct Balance {
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 2],
    /// Lanes this owner has anywhere; the Balance may not close while money could still come back to it.
    pub open_lanes: u32,
    /// Micro Index Units.
    pub free: u64,
    pub owner: Address,
}
