//! The policy program: which backends and gateways may be asked, by the word of verifiers that differ. What it does is told in docs/reference/policy.md; the rules are
//! in `tolldns-core`. This file only dispatches, one line an instruction.
#![cfg_attr(not(test), no_std)]

#[cfg(target_arch = "bpf")]
extern crate tolldns_runtime;

pub mod entrypoint;
pub mod error;
pub mod event;
pub mod instructions;
pub mod state;

use anchor_lang::prelude::*;
use tolldns_core::policy::terms::PolicyTerms;

pub use instructions::*;
pub use state::*;

declare_id!("PojphenKmFrgsMVoqykSBZFwKani66ra5dm8nFSxMRg");

#[program]
pub mod policy {
    use super::*;

    #[discrim = 0]
    pub fn initialize(
        ctx: &mut Context<Initialize>,
        times: [u32; 7],
        shares: [u16; 4],
        counts: [u8; 8],
        genesis_hash: [u8; 32],
        guardian: Address,
    ) -> Result<()> {
        let terms = PolicyTerms::of(times, shares, counts);
        instructions::initialize::handle(&mut ctx.accounts, ctx.bumps.config, terms, genesis_hash, guardian)
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
        times: [u32; 7],
        shares: [u16; 4],
        counts: [u8; 8],
    ) -> Result<()> {
        instructions::set_terms::handle(&mut ctx.accounts, PolicyTerms::of(times, shares, counts))
    }

    #[discrim = 6]
    pub fn publish_set(
        ctx: &mut Context<PublishSet>,
        version: u32,
        count: u16,
        root: [u8; 32],
    ) -> Result<()> {
        instructions::publish_set::handle(&mut ctx.accounts, version, count, root)
    }

    #[discrim = 10]
    pub fn open_roster(ctx: &mut Context<OpenRoster>) -> Result<()> {
        instructions::open_roster::handle(&mut ctx.accounts, ctx.bumps.roster)
    }

    #[discrim = 11]
    pub fn enroll(
        ctx: &mut Context<Enroll>,
        index: u32,
        witness: Address,
        weight: u64,
        proof: &[u8],
    ) -> Result<()> {
        instructions::enroll::handle(&mut ctx.accounts, ctx.bumps.verifier, index, witness, weight, proof)
    }

    #[discrim = 12]
    pub fn register_target(ctx: &mut Context<RegisterTarget>, kind: u8, name: &[u8]) -> Result<()> {
        instructions::register_target::handle(&mut ctx.accounts, kind, name)
    }

    #[discrim = 13]
    pub fn report(
        ctx: &mut Context<Report>,
        begin: u64,
        seat: u8,
        total: u16,
        ok: u16,
        probes_root: [u8; 32],
    ) -> Result<()> {
        let said = instructions::report::Said { begin, seat, total, ok, probes_root };
        instructions::report::handle(&mut ctx.accounts, ctx.bumps.round, said)
    }

    #[discrim = 14]
    pub fn judge(ctx: &mut Context<Judge>, begin: u64) -> Result<()> {
        instructions::judge::handle(&mut ctx.accounts, begin)
    }

    #[discrim = 15]
    pub fn close_round(ctx: &mut Context<CloseRound>) -> Result<()> {
        instructions::close_round::handle(&mut ctx.accounts)
    }

    #[discrim = 16]
    pub fn close_roster(ctx: &mut Context<CloseRoster>) -> Result<()> {
        instructions::close_roster::handle(&mut ctx.accounts)
    }

    #[discrim = 17]
    pub fn close_target(ctx: &mut Context<CloseTarget>) -> Result<()> {
        instructions::close_target::handle(&mut ctx.accounts)
    }

    #[discrim = 20]
    pub fn challenge_record(ctx: &mut Context<Challenge>, seat: u8, shown: &[u8]) -> Result<()> {
        instructions::challenge_record::handle(&mut ctx.accounts, seat, shown)
    }

    #[discrim = 21]
    pub fn challenge_order(ctx: &mut Context<Challenge>, seat: u8, shown: &[u8]) -> Result<()> {
        instructions::challenge_order::handle(&mut ctx.accounts, seat, shown)
    }

    #[discrim = 22]
    pub fn challenge_expected(ctx: &mut Context<Challenge>, seat: u8, shown: &[u8]) -> Result<()> {
        instructions::challenge_expected::handle(&mut ctx.accounts, seat, shown)
    }

    #[discrim = 23]
    pub fn strike_seat(ctx: &mut Context<StrikeSeat>, seat: u8) -> Result<()> {
        instructions::strike_seat::handle(&mut ctx.accounts, seat)
    }
}
