//! One file an instruction: its accounts, its checks, its effects, its invariant.

pub mod accept_authority;
pub mod accept_control;
// Anchor binds an instruction's arguments in code that does not use them.
#[allow(unused_variables)]
pub mod appoint_delegate;
pub mod bid;
pub mod cancel_commitment;
pub mod close_delegate;
// Anchor binds an instruction's arguments in code that does not use them.
#[allow(unused_variables)]
pub mod commit;
pub mod dismiss_delegate;
pub mod initialize;
pub mod issue_passport;
pub mod offer_control;
// Anchor binds an instruction's arguments in code that does not use them.
#[allow(unused_variables)]
pub mod open_auction;
pub mod post_route;
pub mod propose_authority;
pub mod record_authority;
// Anchor binds an instruction's arguments in code that does not use them.
#[allow(unused_variables)]
pub mod register;
pub mod renew;
pub mod set_guardian;
pub mod set_hint;
pub mod set_paused;
pub mod set_terms;
pub mod set_treasury;
pub mod settle_auction;
mod shared;
pub mod withdraw_bid;
pub mod withdraw_offer;

pub use {
    accept_authority::*, accept_control::*, appoint_delegate::*, bid::*, cancel_commitment::*,
    close_delegate::*, commit::*, dismiss_delegate::*, initialize::*, issue_passport::*, offer_control::*,
    open_auction::*, post_route::*, propose_authority::*, record_authority::*, register::*, renew::*,
    set_guardian::*, set_hint::*, set_paused::*, set_terms::*, set_treasury::*, settle_auction::*,
    withdraw_bid::*, withdraw_offer::*,
};
