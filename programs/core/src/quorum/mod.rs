//! The rules of epochs: when they begin and end, who is drawn, which votes are enough, and what is hashed and signed. Told in docs/reference/quorum.md.

pub mod challenge;
pub mod draw;
pub mod entitled;
pub mod epoch;
pub mod preimage;
pub mod seed;
pub mod terms;
pub mod vote;
