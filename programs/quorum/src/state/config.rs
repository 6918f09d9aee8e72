use anchor_lang::prelude::*;
use tolldns_core::quorum::terms::QuorumTerms;

/// How many final roots the configuration remembers.
pub const RECENT: usize = 16;

/// The program's one configuration, at `["quorum"]`: what every client checks a root against.
#[account]
pub struct QuorumConfig {
    pub version: u8,
    pub bump: u8,
    pub slasher_bump: u8,
    /// 0 or 1.
    pub paused: u8,
    /// Members of a committee.
    pub committee: u8,
    /// 1 while the epoch `epoch` has not ended.
    pub running: u8,
    pub reserved: [u8; 2],
    /// Seconds, as the two that follow.
    pub length: u32,
    pub window: u32,
    pub evidence: u32,
    /// Slots from the freeze to the seed slot.
    pub seed_delay: u32,
    /// Number of the epoch frozen last; 0 before the first.
    pub epoch: u64,
    /// Unix seconds from which on the next may be frozen.
    pub next_at: u64,
    /// What everything signed about routes and roots contains.
    pub domain: [u8; 32],
    pub stake_program: Address,
    pub names_program: Address,
    pub authority: Address,
    /// All zero when nobody is proposed.
    pub pending_authority: Address,
    pub guardian: Address,
    /// The last final epoch; 0 and zeroes before the first.
    pub final_epoch: u64,
    /// Unix seconds.
    pub final_at: u64,
    pub final_root: [u8; 32],
    pub final_updates_root: [u8; 32],
    pub final_digest: [u8; 32],
    /// How many epochs became final: the last one's place below is `(finals - 1) % 16`.
    pub finals: u64,
    pub recent_epochs: [u64; RECENT],
    pub recent_roots: [[u8; 32]; RECENT],
}

tolldns_common::administered!(QuorumConfig);

impl QuorumConfig {
    pub fn terms(&self) -> QuorumTerms {
        QuorumTerms {
            length: self.length,
            window: self.window,
            evidence: self.evidence,
            seed_delay: self.seed_delay,
            committee: self.committee,
        }
    }

    pub fn set_terms(&mut self, terms: QuorumTerms) {
        let QuorumTerms { length, window, evidence, seed_delay, committee } = terms;
        self.length = length;
        self.window = window;
        self.evidence = evidence;
        self.seed_delay = seed_delay;
        self.committee = committee;
    }
}
