//! When a target changes its state, and who must have said so. Told in docs/reference/policy.md.

pub mod quorum;
pub mod terms;
pub mod transition;
