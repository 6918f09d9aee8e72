//! The rules of health: who may report, what a quorum of reports says, when a target changes its state, and what proves a report wrong. Told in
//! docs/reference/policy.md.

pub mod challenge;
pub mod preimage;
pub mod quorum;
pub mod record;
pub mod roster;
pub mod round;
pub mod terms;
pub mod transition;
