use anchor_lang::prelude::*;
use tolldns_core::stake::{operator::Standing, pool::Pool, tree::Leaf};

/// It was slashed and weighs nothing until its owner takes it out.
pub const JAILED: u8 = 1;
/// It is over: weighs nothing for good, and everybody may leave.
pub const RETIRED: u8 = 2;
/// `index` of an operator that has no place in the tree yet.
pub const UNLISTED: u32 = u32::MAX;

/// One operator, at `["operator", owner]`. Never closed: its place in the tree is its own for good.
#[account]
pub struct Operator {
    pub version: u8,
    pub bump: u8,
    pub flags: u8,
    pub reserved: u8,
    pub commission_bps: u16,
    pub nodes: u16,
    /// Place in the tree.
    pub index: u32,
    pub reserved_more: u32,
    /// Base units of the native token, exiting ones too.
    pub pool: u64,
    /// All shares, exiting ones too.
    pub shares: u64,
    /// What positions weigh in their tiers, without what is exiting.
    pub weighted: u64,
    /// The owner's, without what is exiting.
    pub self_shares: u64,
    /// Unix seconds: when it was slashed last, and when its commission rose last.
    pub slashed_at: u64,
    pub commission_rose_at: u64,
    /// What the tree holds of it.
    pub tree_weight: u64,
    pub tree_witness: Address,
    pub owner: Address,
    /// Hot key of its witness node; all zero without one.
    pub witness: Address,
}

impl Operator {
    pub fn pool(&self) -> Pool {
        Pool { tokens: self.pool, shares: self.shares }
    }

    pub fn set_pool(&mut self, pool: Pool) {
        let Pool { tokens, shares } = pool;
        self.pool = tokens;
        self.shares = shares;
    }

    pub fn is_jailed(&self) -> bool {
        self.flags & JAILED != 0
    }

    pub fn is_retired(&self) -> bool {
        self.flags & RETIRED != 0
    }

    /// May stake leave before its lock is over? Where nobody can be served by it any more.
    pub fn frees(&self) -> bool {
        self.is_retired() || self.pool().is_dead()
    }

    /// What it weighs now.
    pub fn weight(&self, least_self_stake: u64) -> u64 {
        let barred = self.flags != 0 || self.witness == Address::default();
        let Self { weighted, self_shares, .. } = *self;
        Standing { pool: self.pool(), weighted, self_shares, barred }.weight(least_self_stake)
    }

    /// What the tree holds of it. `address` is this account's.
    pub fn listed(&self, address: &Address) -> Leaf {
        let (operator, witness) = (*address.as_array(), *self.tree_witness.as_array());
        Leaf { index: self.index, operator, witness, weight: self.tree_weight }
    }
}

/// One machine of an operator, at `["node", operator, number u16]`.
#[account]
pub struct Node {
    pub version: u8,
    pub bump: u8,
    /// 1 INGRESS, 2 GATEWAY, 3 CACHE, 4 ANYCAST, 5 SCRUBBING, 6 VERIFIER, 7 WITNESS.
    pub role: u8,
    pub endpoint_length: u8,
    pub number: u16,
    pub region: u16,
    pub asn: u32,
    pub reserved: u32,
    pub operator: Address,
    pub hot_key: Address,
    /// `endpoint_length` bytes, then zeroes. In rows of 32, which is what the IDL's reader can lay out.
    pub endpoint: [[u8; 32]; 4],
}

impl Node {
    /// Writes an endpoint, whose length was checked.
    pub fn set_endpoint(&mut self, endpoint: &[u8]) {
        self.endpoint = [[0; 32]; 4];
        self.endpoint.as_flattened_mut()[..endpoint.len()].copy_from_slice(endpoint);
        self.endpoint_length = endpoint.len() as u8;
    }
}
