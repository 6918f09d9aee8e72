use crate::{
    error::StakeError,
    event::ExitChanged,
    instructions::shared::{check_running, check_version, recount},
    state::{Exit, Operator, Position, StakeConfig},
};
use anchor_lang::prelude::*;

/// Exiting shares stay after all, in the position's tier and under its lock. The Exit is closed; another request begins another clock.
#[derive(Accounts)]
pub struct CancelExit {
    #[account(mut)]
    pub staker: Signer,
    #[account(seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(mut, seeds = [b"operator", operator.owner.as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
    #[account(
        mut,
        seeds = [b"position", operator.address().as_ref(), staker.address().as_ref()],
        bump = position.bump
    )]
    pub position: Account<Position>,
    #[account(
        mut,
        close = staker,
        seeds = [b"exit", position.address().as_ref(), &exit.number.to_le_bytes()],
        bump = exit.bump
    )]
    pub exit: Account<Exit>,
}

pub(crate) fn handle(accounts: &mut CancelExit) -> Result<()> {
    let CancelExit { staker, config, operator, position, exit } = accounts;
    check_version(config.version)?;
    check_version(operator.version)?;
    check_version(position.version)?;
    check_version(exit.version)?;
    check_running(config.paused)?;
    require!(!operator.is_retired(), StakeError::Retired);
    let (number, shares) = (exit.number, exit.shares);
    let sum = position.shares.checked_add(shares).ok_or(StakeError::AmountOverflow)?;

    let weight_bps = position.weight_bps;
    recount(operator, position, sum, weight_bps)?;
    position.exits = position.exits.checked_sub(1).ok_or(StakeError::InvariantBroken)?;
    exit.shares = 0;
    let (operator, staker) = (*operator.address(), *staker.address());
    emit!(ExitChanged { operator, staker, number, shares, ready_at: 0 });
    Ok(())
}
