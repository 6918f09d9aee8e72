//! The rules of `.dns` names: which labels there are, what is hashed, what a name costs, how long it lasts and how an auction goes.

pub mod auction;
pub mod label;
pub mod preimage;
pub mod tenure;
pub mod terms;
