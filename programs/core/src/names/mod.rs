//! The rules of `.dns` names: which labels there are, what is hashed, what a name costs, how long it lasts how an auction goes, and who signs for a name.

pub mod auction;
pub mod authority;
pub mod delegate;
pub mod label;
pub mod preimage;
pub mod tenure;
pub mod terms;
