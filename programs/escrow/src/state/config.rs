use anchor_lang::prelude::*;
use tolldns_core::split::Split;

/// The protocol's one configuration, at `["config"]`. It is also the address that owns the vault.
#[account]
pub struct Config {
    pub version: u8,
    pub bump: u8,
    pub vault_bump: u8,
    /// 0 or 1.
    pub paused: u8,
    pub operator_bps: u16,
    pub names_bps: u16,
    pub treasury_bps: u16,
    pub reserved: [u8; 2],
    /// Seconds within which keepers settle.
    pub settlement_interval: u32,
    /// Seconds between a request to close and the close; copied into a ledger when it opens.
    pub grace_seconds: u32,
    pub authority: Address,
    /// All zero when nobody is proposed.
    pub pending_authority: Address,
    pub guardian: Address,
    pub mint: Address,
    pub token_program: Address,
    pub vault: Address,
    pub treasury: Address,
    pub names_pool: Address,
    /// Hash of the cluster's first block; part of every ledger's address.
    pub genesis_hash: [u8; 32],
}

tolldns_common::administered!(Config);

impl Config {
    pub fn split(&self) -> Split {
        Split { operator_bps: self.operator_bps, names_bps: self.names_bps, treasury_bps: self.treasury_bps }
    }
}
