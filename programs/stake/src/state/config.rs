use anchor_lang::prelude::*;
use tolldns_core::stake::terms::{StakeTerms, Tier};

/// The program's one configuration, at `["stake"]`. Its address owns the vault.
#[account]
pub struct StakeConfig {
    pub version: u8,
    pub bump: u8,
    pub vault_bump: u8,
    /// 0 or 1.
    pub paused: u8,
    pub reporter_bps: u16,
    pub burn_bps: u16,
    /// For equivocation, a false root, an omission.
    pub slash_bps: [u16; 3],
    pub reserved: u16,
    pub tier_weights: [u16; 4],
    /// Seconds.
    pub tier_locks: [u32; 4],
    pub exit_delay: u32,
    pub reserved_more: u32,
    /// Base units of the native token.
    pub least_self_stake: u64,
    pub authority: Address,
    /// All zero when nobody is proposed.
    pub pending_authority: Address,
    pub guardian: Address,
    pub mint: Address,
    pub token_program: Address,
    pub vault: Address,
    pub treasury: Address,
    /// The one address that may slash; all zero for nobody.
    pub slasher: Address,
}

tolldns_common::administered!(StakeConfig);

impl StakeConfig {
    pub fn terms(&self) -> StakeTerms {
        let Self { exit_delay, least_self_stake, slash_bps, reporter_bps, burn_bps, .. } = *self;
        let tiers =
            core::array::from_fn(|at| Tier { lock: self.tier_locks[at], weight_bps: self.tier_weights[at] });
        StakeTerms { exit_delay, least_self_stake, tiers, slash_bps, reporter_bps, burn_bps }
    }

    pub fn set_terms(&mut self, terms: StakeTerms) {
        let StakeTerms { exit_delay, least_self_stake, tiers, slash_bps, reporter_bps, burn_bps } = terms;
        self.exit_delay = exit_delay;
        self.least_self_stake = least_self_stake;
        self.tier_locks = tiers.map(|tier| tier.lock);
        self.tier_weights = tiers.map(|tier| tier.weight_bps);
        self.slash_bps = slash_bps;
        self.reporter_bps = reporter_bps;
        self.burn_bps = burn_bps;
    }
}
