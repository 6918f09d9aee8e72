//! One file an instruction: its accounts, its checks, its effects, its invariant.

pub mod accept_authority;
// Anchor binds an instruction's arguments in code that does not use them.
#[allow(unused_variables)]
pub mod add_node;
pub mod add_stake;
pub mod cancel_exit;
pub mod close_position;
pub mod initialize;
pub mod propose_authority;
pub mod register_operator;
pub mod remove_node;
pub mod request_exit;
pub mod retire_operator;
pub mod rotate_hot_key;
pub mod set_commission;
pub mod set_guardian;
pub mod set_node;
pub mod set_paused;
pub mod set_slasher;
pub mod set_terms;
pub mod set_treasury;
mod shared;
pub mod slash;
pub mod sync;
pub mod unjail;
pub mod withdraw;

pub use {
    accept_authority::*, add_node::*, add_stake::*, cancel_exit::*, close_position::*, initialize::*,
    propose_authority::*, register_operator::*, remove_node::*, request_exit::*, retire_operator::*,
    rotate_hot_key::*, set_commission::*, set_guardian::*, set_node::*, set_paused::*, set_slasher::*,
    set_terms::*, set_treasury::*, slash::*, sync::*, unjail::*, withdraw::*,
};
