//! One file an instruction: its accounts, its checks, its effects, its invariant.

pub mod accept_authority;
pub mod close_balance;
pub mod close_lane;
pub mod close_ledger;
pub mod deposit;
pub mod distribute;
pub mod extend_ledger;
pub mod initialize;
pub mod open_lane;
// Anchor binds an instruction's arguments in code that does not use them.
#[allow(unused_variables)]
pub mod open_ledger;
pub mod propose_authority;
pub mod rekey_lane;
pub mod request_close;
pub mod revoke_lane;
pub mod set_guardian;
pub mod set_ledger;
pub mod set_paused;
pub mod set_treasury;
pub mod settle;
mod shared;
pub mod top_up_lane;
pub mod withdraw;

pub use {
    accept_authority::*, close_balance::*, close_lane::*, close_ledger::*, deposit::*, distribute::*,
    extend_ledger::*, initialize::*, open_lane::*, open_ledger::*, propose_authority::*, rekey_lane::*,
    request_close::*, revoke_lane::*, set_guardian::*, set_ledger::*, set_paused::*, set_treasury::*,
    settle::*, top_up_lane::*, withdraw::*,
};
