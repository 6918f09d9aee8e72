//! The stake program: operators and their nodes, stake, exits, slashing, and the tree of weights that committees are drawn from. What it does is told in
//! docs/reference/stake.md; the rules are in `tolldns-core`. This file only dispatches, one line an instruction.
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
pub mod state;

use anchor_lang::prelude::*;
#[cfg(not(feature = "cpi"))]
use tolldns_core::stake::terms::{StakeTerms, Tier};

#[cfg(not(feature = "cpi"))]
pub use instructions::*;
pub use state::*;

declare_id!("AsJ4RS145F19X7dkQdPbL6N7A3w5XcJyiyjosmqCcgNr");

/// Locks in seconds, weights in basis points. `slash`: equivocation, a false root, an omission; the reporter's part of it; what is burned of the rest.
#[cfg(not(feature = "cpi"))]
fn terms_of(
    exit_delay: u32,
    least_self_stake: u64,
    locks: [u32; 4],
    weights: [u16; 4],
    slash: [u16; 5],
) -> StakeTerms {
    let tiers = core::array::from_fn(|at| Tier { lock: locks[at], weight_bps: weights[at] });
    let [equivocation, false_root, omission, reporter_bps, burn_bps] = slash;
    let slash_bps = [equivocation, false_root, omission];
    StakeTerms { exit_delay, least_self_stake, tiers, slash_bps, reporter_bps, burn_bps }
}

#[cfg(not(feature = "cpi"))]
#[program]
pub mod stake {
    use super::*;

    #[discrim = 0]
    pub fn initialize(
        ctx: &mut Context<Initialize>,
        exit_delay: u32,
        least_self_stake: u64,
        tier_locks: [u32; 4],
        tier_weights: [u16; 4],
        slash_bps: [u16; 5],
        guardian: Address,
        slasher: Address,
    ) -> Result<()> {
        let terms = terms_of(exit_delay, least_self_stake, tier_locks, tier_weights, slash_bps);
        let bumps = [ctx.bumps.config, ctx.bumps.tree, ctx.bumps.vault];
        instructions::initialize::handle(&mut ctx.accounts, bumps, terms, guardian, slasher)
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
        exit_delay: u32,
        least_self_stake: u64,
        tier_locks: [u32; 4],
        tier_weights: [u16; 4],
        slash_bps: [u16; 5],
    ) -> Result<()> {
        let terms = terms_of(exit_delay, least_self_stake, tier_locks, tier_weights, slash_bps);
        instructions::set_terms::handle(&mut ctx.accounts, terms)
    }

    #[discrim = 6]
    pub fn set_treasury(ctx: &mut Context<SetTreasury>) -> Result<()> {
        instructions::set_treasury::handle(&mut ctx.accounts)
    }

    #[discrim = 7]
    pub fn set_slasher(ctx: &mut Context<SetSlasher>, slasher: Address) -> Result<()> {
        instructions::set_slasher::handle(&mut ctx.accounts, slasher)
    }

    #[discrim = 10]
    pub fn register_operator(ctx: &mut Context<RegisterOperator>, commission_bps: u16) -> Result<()> {
        instructions::register_operator::handle(&mut ctx.accounts, ctx.bumps.operator, commission_bps)
    }

    #[discrim = 11]
    pub fn set_commission(ctx: &mut Context<SetCommission>, commission_bps: u16) -> Result<()> {
        instructions::set_commission::handle(&mut ctx.accounts, commission_bps)
    }

    #[discrim = 12]
    pub fn retire_operator(ctx: &mut Context<RetireOperator>) -> Result<()> {
        instructions::retire_operator::handle(&mut ctx.accounts)
    }

    #[discrim = 13]
    pub fn unjail(ctx: &mut Context<Unjail>) -> Result<()> {
        instructions::unjail::handle(&mut ctx.accounts)
    }

    #[discrim = 20]
    pub fn add_node(
        ctx: &mut Context<AddNode>,
        number: u16,
        role: u8,
        region: u16,
        asn: u32,
        hot_key: Address,
        endpoint: &[u8],
    ) -> Result<()> {
        let place = add_node::Place { number, role, region, asn };
        instructions::add_node::handle(&mut ctx.accounts, ctx.bumps.node, place, hot_key, endpoint)
    }

    #[discrim = 21]
    pub fn set_node(ctx: &mut Context<SetNode>, region: u16, asn: u32, endpoint: &[u8]) -> Result<()> {
        instructions::set_node::handle(&mut ctx.accounts, region, asn, endpoint)
    }

    #[discrim = 22]
    pub fn rotate_hot_key(ctx: &mut Context<RotateHotKey>, hot_key: Address) -> Result<()> {
        instructions::rotate_hot_key::handle(&mut ctx.accounts, hot_key)
    }

    #[discrim = 23]
    pub fn remove_node(ctx: &mut Context<RemoveNode>) -> Result<()> {
        instructions::remove_node::handle(&mut ctx.accounts)
    }

    #[discrim = 30]
    pub fn stake(ctx: &mut Context<AddStake>, amount: u64, tier: u8) -> Result<()> {
        instructions::add_stake::handle(&mut ctx.accounts, ctx.bumps.position, amount, tier)
    }

    #[discrim = 31]
    pub fn request_exit(ctx: &mut Context<RequestExit>, shares: u64, proof: &[u8]) -> Result<()> {
        instructions::request_exit::handle(&mut ctx.accounts, ctx.bumps.exit, shares, proof)
    }

    #[discrim = 32]
    pub fn cancel_exit(ctx: &mut Context<CancelExit>) -> Result<()> {
        instructions::cancel_exit::handle(&mut ctx.accounts)
    }

    #[discrim = 33]
    pub fn withdraw(ctx: &mut Context<Withdraw>) -> Result<()> {
        instructions::withdraw::handle(&mut ctx.accounts)
    }

    #[discrim = 34]
    pub fn close_position(ctx: &mut Context<ClosePosition>) -> Result<()> {
        instructions::close_position::handle(&mut ctx.accounts)
    }

    #[discrim = 40]
    pub fn slash(ctx: &mut Context<Slash>, offence: u8) -> Result<()> {
        instructions::slash::handle(&mut ctx.accounts, offence)
    }

    #[discrim = 50]
    pub fn sync(ctx: &mut Context<Sync>, proof: &[u8]) -> Result<()> {
        instructions::sync::handle(&mut ctx.accounts, proof)
    }
}
