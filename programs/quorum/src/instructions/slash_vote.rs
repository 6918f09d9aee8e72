use crate::{
    error::QuorumError,
    event::VoteSlashed,
    instructions::shared::check_version,
    slashing::Slashing,
    state::{member_mut, EpochAccount, QuorumConfig, SLASHED, VOTED},
};
use anchor_lang::prelude::*;
use tolldns_common::token::TokenAccount;
use tolldns_core::quorum::{challenge::offence_of, epoch::REJECTED};

/// Slashes a member that voted for what a challenge proved wrong. Anyone may send it; the reporter's share goes to who proved it.
#[derive(Accounts)]
pub struct SlashVote {
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
    #[account(seeds = [b"quorum"], bump = config.bump)]
    pub config: Account<QuorumConfig>,
    #[account(seeds = [b"slasher"], bump = config.slasher_bump)]
    pub slasher: UncheckedAccount,
    pub stake_config: UncheckedAccount,
    #[account(mut)]
    pub operator: UncheckedAccount,
    #[account(mut)]
    pub vault: UncheckedAccount,
    #[account(mut)]
    pub mint: UncheckedAccount,
    /// The challenger's.
    #[account(mut)]
    pub reporter_tokens: UncheckedAccount,
    #[account(mut)]
    pub treasury: UncheckedAccount,
    pub token_program: UncheckedAccount,
    pub stake_program: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut SlashVote, seat: u8) -> Result<()> {
    let SlashVote {
        epoch,
        config,
        slasher,
        stake_config,
        operator,
        vault,
        mint,
        reporter_tokens,
        treasury,
        token_program,
        stake_program,
    } = accounts;
    check_version(config.version)?;
    check_version(epoch.version)?;
    require!(epoch.status == REJECTED, QuorumError::EpochStatus);
    let (number, digest, challenger) = (epoch.number, epoch.digest, epoch.challenger);
    let offence = offence_of(epoch.challenge);
    let member = member_mut(epoch, seat)?;
    require!(member.is(VOTED) && member.vote == digest, QuorumError::VotedRight);
    require!(!member.is(SLASHED), QuorumError::AlreadySlashed);
    let owner = TokenAccount::read(reporter_tokens, mint.address(), token_program.address())?.owner();
    require!(owner == challenger, QuorumError::WrongReporter);

    member.flags |= SLASHED;
    Slashing {
        slasher: slasher.account(),
        slasher_bump: config.slasher_bump,
        stake_config: stake_config.account(),
        operator: operator.account(),
        vault: vault.account(),
        mint: mint.account(),
        reporter_tokens: reporter_tokens.account(),
        treasury: treasury.account(),
        token_program: token_program.account(),
        stake_program: stake_program.account(),
    }
    .run(member, offence)?;
    emit!(VoteSlashed { epoch: number, seat, offence });
    Ok(())
}
