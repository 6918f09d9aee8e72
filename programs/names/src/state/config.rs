use anchor_lang::prelude::*;
use tolldns_core::names::terms::NamesTerms;

/// The program's one configuration, at `["names"]`. Its address owns the auction vault and mints the tokens.
#[account]
pub struct NamesConfig {
    pub version: u8,
    pub bump: u8,
    pub vault_bump: u8,
    /// 0 or 1.
    pub paused: u8,
    pub increment_bps: u16,
    pub reserved: [u8; 2],
    /// Seconds, as the five that follow.
    pub term: u32,
    pub grace: u32,
    pub commit_min: u32,
    pub commit_max: u32,
    pub auction: u32,
    pub extension: u32,
    /// micro-IU a term, for labels of 1, 2, 3, 4 and 5 or more bytes.
    pub prices: [u64; 5],
    pub authority: Address,
    /// All zero when nobody is proposed.
    pub pending_authority: Address,
    pub guardian: Address,
    pub mint: Address,
    pub token_program: Address,
    pub vault: Address,
    pub treasury: Address,
}

tolldns_common::administered!(NamesConfig);

impl NamesConfig {
    pub fn terms(&self) -> NamesTerms {
        NamesTerms {
            prices: self.prices,
            term: self.term,
            grace: self.grace,
            commit_min: self.commit_min,
            commit_max: self.commit_max,
            auction: self.auction,
            extension: self.extension,
            increment_bps: self.increment_bps,
        }
    }

    pub fn set_terms(&mut self, terms: NamesTerms) {
        let NamesTerms { prices, term, grace, commit_min, commit_max, auction, extension, increment_bps } =
            terms;
        self.prices = prices;
        self.term = term;
        self.grace = grace;
        self.commit_min = commit_min;
        self.commit_max = commit_max;
        self.auction = auction;
        self.extension = extension;
        self.increment_bps = increment_bps;
    }
}
