//! One file an instruction: its accounts, its checks, its effects, its invariant.

pub mod accept_authority;
pub mod challenge_expected;
pub mod challenge_order;
pub mod challenge_record;
mod challenged;
pub mod close_roster;
pub mod close_round;
pub mod close_target;
pub mod enroll;
pub mod initialize;
pub mod judge;
pub mod open_roster;
pub mod propose_authority;
pub mod publish_set;
pub mod register_target;
pub mod report;
pub mod set_guardian;
pub mod set_paused;
pub mod set_terms;
mod shared;
mod stakes;
pub mod strike_seat;

pub use {
    accept_authority::*, challenged::*, close_roster::*, close_round::*, close_target::*, enroll::*,
    initialize::*, judge::*, open_roster::*, propose_authority::*, publish_set::*, register_target::*,
    report::*, set_guardian::*, set_paused::*, set_terms::*, strike_seat::*,
};
