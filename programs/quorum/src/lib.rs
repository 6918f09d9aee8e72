//! The quorum program: how one root of all routes becomes final. What it does is told in docs/reference/quorum.md; the rules are in `tolldns-core`. This file only
//! dispatches, one line an instruction.
#![cfg_attr(not(test), no_std)]

#[cfg(target_arch = "bpf")]
extern crate tolldns_runtime;

pub mod entrypoint;
pub mod error;
pub mod event;
pub mod instructions;
mod signature;
mod slashing;
pub mod state;

use anchor_lang::prelude::*;
use tolldns_core::{
    quorum::terms::QuorumTerms,
    routes::{trace::STEP_BYTES, update::UPDATE_BYTES},
};

pub use instructions::*;
pub use state::*;

declare_id!("QUxSoEjzQBY2FZDAA4w42NUXNKbAhaKsTG7pp1sqx12");

/// `times` in seconds: length, window, evidence lifetime; then the seed's delay in slots.
fn terms_of(times: [u32; 4], committee: u8) -> QuorumTerms {
    let [length, window, evidence, seed_delay] = times;
    QuorumTerms { length, window, evidence, seed_delay, committee }
}

#[program]
pub mod quorum {
    use super::*;

    #[discrim = 0]
    pub fn initialize(
        ctx: &mut Context<Initialize>,
        times: [u32; 4],
        committee: u8,
        genesis_hash: [u8; 32],
        guardian: Address,
    ) -> Result<()> {
        instructions::initialize::handle(
            &mut ctx.accounts,
            ctx.bumps.config,
            ctx.bumps.slasher,
            terms_of(times, committee),
            genesis_hash,
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
    pub fn set_terms(ctx: &mut Context<SetTerms>, times: [u32; 4], committee: u8) -> Result<()> {
        instructions::set_terms::handle(&mut ctx.accounts, terms_of(times, committee))
    }

    #[discrim = 10]
    pub fn freeze(ctx: &mut Context<Freeze>) -> Result<()> {
        instructions::freeze::handle(&mut ctx.accounts, ctx.bumps.epoch)
    }

    #[discrim = 11]
    pub fn seed(ctx: &mut Context<Seed>) -> Result<()> {
        instructions::seed::handle(&mut ctx.accounts)
    }

    #[discrim = 12]
    pub fn draw(
        ctx: &mut Context<Draw>,
        index: u32,
        operator: Address,
        witness: Address,
        weight: u64,
        proof: &[u8],
    ) -> Result<()> {
        instructions::draw::handle(&mut ctx.accounts, index, operator, witness, weight, proof)
    }

    #[discrim = 13]
    pub fn attest(ctx: &mut Context<Attest>, seat: u8, digest: [u8; 32]) -> Result<()> {
        instructions::attest::handle(&mut ctx.accounts, seat, digest)
    }

    #[discrim = 14]
    pub fn relay(
        ctx: &mut Context<Relay>,
        root: [u8; 32],
        updates_root: [u8; 32],
        count: u32,
        rows: &[u8],
    ) -> Result<()> {
        instructions::relay::handle(&mut ctx.accounts, root, updates_root, count, rows)
    }

    #[discrim = 15]
    pub fn tally(ctx: &mut Context<Tally>, root: [u8; 32], updates_root: [u8; 32], count: u32) -> Result<()> {
        instructions::tally::handle(&mut ctx.accounts, root, updates_root, count)
    }

    #[discrim = 16]
    pub fn finalize(ctx: &mut Context<Finalize>) -> Result<()> {
        instructions::finalize::handle(&mut ctx.accounts)
    }

    #[discrim = 17]
    pub fn close(ctx: &mut Context<Close>) -> Result<()> {
        instructions::close::handle(&mut ctx.accounts)
    }

    #[discrim = 20]
    pub fn prove_equivocation(ctx: &mut Context<ProveEquivocation>, seat: u8, evidence: &[u8]) -> Result<()> {
        instructions::prove_equivocation::handle(&mut ctx.accounts, seat, evidence)
    }

    #[discrim = 21]
    pub fn challenge_signature(
        ctx: &mut Context<ChallengeSignature>,
        step: [u8; STEP_BYTES],
        signer: Address,
        signature: [u8; 64],
        proof: &[u8],
    ) -> Result<()> {
        instructions::challenge_signature::handle(&mut ctx.accounts, step, signer, signature, proof)
    }

    #[discrim = 22]
    pub fn challenge_authority(
        ctx: &mut Context<ChallengeAuthority>,
        step: [u8; STEP_BYTES],
        update: [u8; UPDATE_BYTES],
        signer: Address,
        signature: [u8; 64],
        proof: &[u8],
    ) -> Result<()> {
        instructions::challenge_authority::handle(&mut ctx.accounts, step, update, signer, signature, proof)
    }

    #[discrim = 23]
    pub fn challenge_step(
        ctx: &mut Context<ChallengeStep>,
        step: [u8; STEP_BYTES],
        update: [u8; UPDATE_BYTES],
        proofs: &[u8],
    ) -> Result<()> {
        instructions::challenge_step::handle(&mut ctx.accounts, step, update, proofs)
    }

    #[discrim = 24]
    pub fn challenge_order(ctx: &mut Context<ChallengeOrder>, claim: u8, shown: &[u8]) -> Result<()> {
        instructions::challenge_order::handle(&mut ctx.accounts, claim, shown)
    }

    #[discrim = 25]
    pub fn challenge_omission(ctx: &mut Context<ChallengeOmission>, shown: &[u8]) -> Result<()> {
        instructions::challenge_omission::handle(&mut ctx.accounts, shown)
    }

    #[discrim = 26]
    pub fn slash_vote(ctx: &mut Context<SlashVote>, seat: u8) -> Result<()> {
        instructions::slash_vote::handle(&mut ctx.accounts, seat)
    }
}
