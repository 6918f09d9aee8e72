//! The escrow program: Index Units, lanes and credits. What it does is told in docs/reference/escrow.md; the rules are in `tolldns-core`. This
//! file only dispatches, one line an instruction.
#![cfg_attr(not(test), no_std)]

#[cfg(target_arch = "bpf")]
extern crate tolldns_runtime;

pub mod entrypoint;
pub mod error;
pub mod event;
pub mod instructions;
pub mod state;
mod token;

use anchor_lang::prelude::*;

pub use instructions::*;
pub use state::*;

declare_id!("Esco2R5zYqWD7BS7T4sX4G6ZsdtXyCzbYKvMUpfxqqaF");

#[program]
pub mod escrow {
    use super::*;

    #[discrim = 0]
    pub fn settle(ctx: &mut Context<Settle>, base_day: u16, records: &[u8]) -> Result<()> {
        instructions::settle::handle(&mut ctx.accounts, base_day, records)
    }

    #[discrim = 1]
    pub fn initialize(
        ctx: &mut Context<Initialize>,
        genesis_hash: [u8; 32],
        operator_bps: u16,
        names_bps: u16,
        treasury_bps: u16,
        settlement_interval: u32,
        grace_seconds: u32,
        guardian: Address,
    ) -> Result<()> {
        let terms = instructions::initialize::Terms {
            genesis_hash,
            operator_bps,
            names_bps,
            treasury_bps,
            settlement_interval,
            grace_seconds,
            guardian,
        };
        instructions::initialize::handle(&mut ctx.accounts, ctx.bumps.config, ctx.bumps.vault, terms)
    }

    #[discrim = 2]
    pub fn propose_authority(ctx: &mut Context<ProposeAuthority>, new_authority: Address) -> Result<()> {
        instructions::propose_authority::handle(&mut ctx.accounts, new_authority)
    }

    #[discrim = 3]
    pub fn accept_authority(ctx: &mut Context<AcceptAuthority>) -> Result<()> {
        instructions::accept_authority::handle(&mut ctx.accounts)
    }

    #[discrim = 4]
    pub fn set_guardian(ctx: &mut Context<SetGuardian>, guardian: Address) -> Result<()> {
        instructions::set_guardian::handle(&mut ctx.accounts, guardian)
    }

    #[discrim = 5]
    pub fn set_paused(ctx: &mut Context<SetPaused>, paused: u8) -> Result<()> {
        instructions::set_paused::handle(&mut ctx.accounts, paused)
    }

    #[discrim = 6]
    pub fn set_treasury(ctx: &mut Context<SetTreasury>) -> Result<()> {
        instructions::set_treasury::handle(&mut ctx.accounts)
    }

    #[discrim = 10]
    pub fn deposit(ctx: &mut Context<Deposit>, amount: u64) -> Result<()> {
        instructions::deposit::handle(&mut ctx.accounts, ctx.bumps.balance, amount)
    }

    #[discrim = 11]
    pub fn withdraw(ctx: &mut Context<Withdraw>, amount: u64) -> Result<()> {
        instructions::withdraw::handle(&mut ctx.accounts, amount)
    }

    #[discrim = 12]
    pub fn close_balance(ctx: &mut Context<CloseBalance>) -> Result<()> {
        instructions::close_balance::handle(&mut ctx.accounts)
    }

    #[discrim = 20]
    pub fn open_ledger(ctx: &mut Context<OpenLedger>, index: u16, min_reserve: u64) -> Result<()> {
        instructions::open_ledger::handle(&mut ctx.accounts, ctx.bumps.ledger, index, min_reserve)
    }

    #[discrim = 21]
    pub fn extend_ledger(ctx: &mut Context<ExtendLedger>, rows: u16) -> Result<()> {
        instructions::extend_ledger::handle(&mut ctx.accounts, rows)
    }

    #[discrim = 22]
    pub fn set_ledger(ctx: &mut Context<SetLedger>, min_reserve: u64) -> Result<()> {
        instructions::set_ledger::handle(&mut ctx.accounts, min_reserve)
    }

    #[discrim = 23]
    pub fn close_ledger(ctx: &mut Context<CloseLedger>) -> Result<()> {
        instructions::close_ledger::handle(&mut ctx.accounts)
    }

    #[discrim = 30]
    pub fn open_lane(
        ctx: &mut Context<OpenLane>,
        lane: u16,
        session_key: Address,
        reserve: u64,
    ) -> Result<()> {
        instructions::open_lane::handle(&mut ctx.accounts, lane, session_key, reserve)
    }

    #[discrim = 31]
    pub fn top_up_lane(ctx: &mut Context<TopUpLane>, lane: u16, generation: u16, amount: u64) -> Result<()> {
        instructions::top_up_lane::handle(&mut ctx.accounts, lane, generation, amount)
    }

    #[discrim = 32]
    pub fn revoke_lane(ctx: &mut Context<RevokeLane>, lane: u16, generation: u16) -> Result<()> {
        instructions::revoke_lane::handle(&mut ctx.accounts, lane, generation)
    }

    #[discrim = 33]
    pub fn rekey_lane(
        ctx: &mut Context<RekeyLane>,
        lane: u16,
        generation: u16,
        session_key: Address,
    ) -> Result<()> {
        instructions::rekey_lane::handle(&mut ctx.accounts, lane, generation, session_key)
    }

    #[discrim = 34]
    pub fn request_close(ctx: &mut Context<RequestClose>, lane: u16, generation: u16) -> Result<()> {
        instructions::request_close::handle(&mut ctx.accounts, lane, generation)
    }

    #[discrim = 35]
    pub fn close_lane(ctx: &mut Context<CloseLane>, lane: u16, generation: u16) -> Result<()> {
        instructions::close_lane::handle(&mut ctx.accounts, lane, generation)
    }

    #[discrim = 40]
    pub fn distribute(ctx: &mut Context<Distribute>) -> Result<()> {
        instructions::distribute::handle(&mut ctx.accounts)
    }
}
