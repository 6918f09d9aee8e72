//! The rules of stake: what a pool's shares are worth and weigh, what the authority may set, and the tree of weights. Told in docs/reference/stake.md.

pub mod leave;
pub mod operator;
pub mod pool;
pub mod terms;
pub mod tree;
