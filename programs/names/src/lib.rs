//! The names program: the only owner of record. What it does is told in docs/reference/names.md; the rules are in `tolldns-core`. This file only
//! dispatches, one line an instruction.
#![cfg_attr(not(test), no_std)]

#[cfg(target_arch = "bpf")]
extern crate tolldns_runtime;

// With the feature `cpi` only what other programs read is there: accounts, errors, the address. Two programs' dispatchers can't be in one binary.
#[cfg(not(feature = "cpi"))]
pub mod entrypoint;
pub mod error;
#[cfg(not(feature = "cpi"))]
pub mod event;
#[cfg(not(feature = "cpi"))]
pub mod instructions;
#[cfg(not(feature = "cpi"))]
mod nft;
pub mod state;
#[cfg(not(feature = "cpi"))]
mod token;

use anchor_lang::prelude::*;
#[cfg(not(feature = "cpi"))]
use tolldns_core::names::terms::NamesTerms;

#[cfg(not(feature = "cpi"))]
pub use instructions::*;
pub use state::*;

declare_id!("NQ1Yfm4cbYXmXjopqUqMvAL51MzBQKNphAZmncoSd3g");

/// `times` in seconds: term, grace, youngest and oldest commitment, auction, extension.
#[cfg(not(feature = "cpi"))]
fn terms_of(prices: [u64; 5], times: [u32; 6], increment_bps: u16) -> NamesTerms {
    let [term, grace, commit_min, commit_max, auction, extension] = times;
    NamesTerms { prices, term, grace, commit_min, commit_max, auction, extension, increment_bps }
}

#[cfg(not(feature = "cpi"))]
#[program]
pub mod names {
    use super::*;

    #[discrim = 0]
    pub fn initialize(
        ctx: &mut Context<Initialize>,
        prices: [u64; 5],
        times: [u32; 6],
        increment_bps: u16,
        guardian: Address,
    ) -> Result<()> {
        instructions::initialize::handle(
            &mut ctx.accounts,
            ctx.bumps.config,
            ctx.bumps.vault,
            terms_of(prices, times, increment_bps),
            guardian,
        )
    }

    #[discrim = 1]
    pub fn propose_authority(ctx: &mut Context<ProposeAuthority>, new_authority: Address) -> Result<()> {
        instructions::propose_authority::handle(&mut ctx.accounts, new_authority)
    }

    #[discrim = 2]
    pub fn accept_authority(ctx: &mut Context<AcceptAuthority>) -> Result<()> {
        instructions::accept_authority::handle(&mut ctx.accounts)
    }

    #[discrim = 3]
    pub fn set_guardian(ctx: &mut Context<SetGuardian>, guardian: Address) -> Result<()> {
        instructions::set_guardian::handle(&mut ctx.accounts, guardian)
    }

    #[discrim = 4]
    pub fn set_paused(ctx: &mut Context<SetPaused>, paused: u8) -> Result<()> {
        instructions::set_paused::handle(&mut ctx.accounts, paused)
    }

    #[discrim = 5]
    pub fn set_terms(
        ctx: &mut Context<SetTerms>,
        prices: [u64; 5],
        times: [u32; 6],
        increment_bps: u16,
    ) -> Result<()> {
        instructions::set_terms::handle(&mut ctx.accounts, terms_of(prices, times, increment_bps))
    }

    #[discrim = 6]
    pub fn set_treasury(ctx: &mut Context<SetTreasury>) -> Result<()> {
        instructions::set_treasury::handle(&mut ctx.accounts)
    }

    #[discrim = 10]
    pub fn commit(ctx: &mut Context<Commit>, hash: [u8; 32]) -> Result<()> {
        instructions::commit::handle(&mut ctx.accounts, ctx.bumps.commitment, hash)
    }

    #[discrim = 11]
    pub fn register(
        ctx: &mut Context<Register>,
        name_hash: [u8; 32],
        secret: [u8; 32],
        years: u8,
        label: &[u8],
    ) -> Result<()> {
        instructions::register::handle(&mut ctx.accounts, ctx.bumps.name, name_hash, secret, years, label)
    }

    #[discrim = 12]
    pub fn renew(ctx: &mut Context<Renew>, years: u8) -> Result<()> {
        instructions::renew::handle(&mut ctx.accounts, years)
    }

    #[discrim = 13]
    pub fn cancel_commitment(ctx: &mut Context<CancelCommitment>) -> Result<()> {
        instructions::cancel_commitment::handle(&mut ctx.accounts)
    }

    #[discrim = 20]
    pub fn open_auction(
        ctx: &mut Context<OpenAuction>,
        name_hash: [u8; 32],
        amount: u64,
        label: &[u8],
    ) -> Result<()> {
        instructions::open_auction::handle(
            &mut ctx.accounts,
            ctx.bumps.name,
            ctx.bumps.bid,
            name_hash,
            amount,
            label,
        )
    }

    #[discrim = 21]
    pub fn bid(ctx: &mut Context<PlaceBid>, amount: u64) -> Result<()> {
        instructions::bid::handle(&mut ctx.accounts, ctx.bumps.bid, amount)
    }

    #[discrim = 22]
    pub fn withdraw_bid(ctx: &mut Context<WithdrawBid>) -> Result<()> {
        instructions::withdraw_bid::handle(&mut ctx.accounts)
    }

    #[discrim = 23]
    pub fn settle_auction(ctx: &mut Context<SettleAuction>) -> Result<()> {
        instructions::settle_auction::handle(&mut ctx.accounts)
    }

    #[discrim = 30]
    pub fn offer_control(ctx: &mut Context<OfferControl>, to: Address) -> Result<()> {
        instructions::offer_control::handle(&mut ctx.accounts, to)
    }

    #[discrim = 31]
    pub fn accept_control(ctx: &mut Context<AcceptControl>) -> Result<()> {
        instructions::accept_control::handle(&mut ctx.accounts)
    }

    #[discrim = 32]
    pub fn withdraw_offer(ctx: &mut Context<WithdrawOffer>) -> Result<()> {
        instructions::withdraw_offer::handle(&mut ctx.accounts)
    }

    #[discrim = 33]
    pub fn appoint_delegate(
        ctx: &mut Context<AppointDelegate>,
        delegate: Address,
        role: u8,
        expires_at: u64,
    ) -> Result<()> {
        instructions::appoint_delegate::handle(
            &mut ctx.accounts,
            ctx.bumps.record,
            delegate,
            role,
            expires_at,
        )
    }

    #[discrim = 34]
    pub fn dismiss_delegate(ctx: &mut Context<DismissDelegate>) -> Result<()> {
        instructions::dismiss_delegate::handle(&mut ctx.accounts)
    }

    #[discrim = 35]
    pub fn close_delegate(ctx: &mut Context<CloseDelegate>) -> Result<()> {
        instructions::close_delegate::handle(&mut ctx.accounts)
    }

    #[discrim = 36]
    pub fn record_authority(ctx: &mut Context<RecordAuthority>) -> Result<()> {
        instructions::record_authority::handle(&mut ctx.accounts)
    }

    #[discrim = 40]
    pub fn post_route(
        ctx: &mut Context<PostRoute>,
        version: u64,
        expires_at: u64,
        records_hash: [u8; 32],
        domain: [u8; 32],
        signature: [u8; 64],
    ) -> Result<()> {
        let posting = Posting { version, expires_at, records_hash, domain, signature };
        instructions::post_route::handle(&mut ctx.accounts, posting)
    }

    #[discrim = 50]
    pub fn issue_passport(ctx: &mut Context<IssuePassport>) -> Result<()> {
        instructions::issue_passport::handle(&mut ctx.accounts, ctx.bumps.passport)
    }

    #[discrim = 51]
    pub fn set_hint(ctx: &mut Context<SetHint>, kind: u8, hint: &[u8]) -> Result<()> {
        instructions::set_hint::handle(&mut ctx.accounts, kind, hint)
    }
}
