use anchor_lang::prelude::*;
use tolldns_core::stake::tree::Tree;

/// The tree of weights, at `["tree"]`.
#[account]
pub struct StakeTree {
    pub version: u8,
    pub bump: u8,
    pub depth: u8,
    pub reserved: u8,
    pub count: u32,
    pub total: u64,
    pub root: [u8; 32],
}

impl StakeTree {
    pub fn tree(&self) -> Tree {
        let Self { depth, count, total, root, .. } = *self;
        Tree { root, total, count, depth }
    }

    pub fn set_tree(&mut self, tree: Tree) {
        let Tree { root, total, count, depth } = tree;
        self.root = root;
        self.total = total;
        self.count = count;
        self.depth = depth;
    }
}
