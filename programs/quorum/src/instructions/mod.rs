//! One file an instruction: its accounts, its checks, its effects, its invariant.

pub mod accept_authority;
pub mod attest;
pub mod challenge_authority;
pub mod challenge_omission;
pub mod challenge_order;
pub mod challenge_signature;
pub mod challenge_step;
mod challenged;
pub mod close;
pub mod draw;
pub mod finalize;
pub mod freeze;
pub mod initialize;
pub mod propose_authority;
pub mod prove_equivocation;
mod registry;
pub mod relay;
pub mod seed;
pub mod set_guardian;
pub mod set_paused;
pub mod set_terms;
mod shared;
pub mod slash_vote;
pub mod tally;

pub use {
    accept_authority::*, attest::*, challenge_authority::*, challenge_omission::*, challenge_order::*,
    challenge_signature::*, challenge_step::*, close::*, draw::*, finalize::*, freeze::*, initialize::*,
    propose_authority::*, prove_equivocation::*, relay::*, seed::*, set_guardian::*, set_paused::*,
    set_terms::*, slash_vote::*, tally::*,
};
