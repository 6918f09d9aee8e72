use crate::{
    error::StakeError,
    instructions::shared::check_version,
    state::{Operator, Position},
};
use anchor_lang::prelude::*;

/// Closes a position from which everything has left; its rent goes back.
#[derive(Accounts)]
pub struct ClosePosition {
    #[account(mut)]
    pub staker: Signer,
    #[account(seeds = [b"operator", operator.owner.as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
    #[account(
        mut,
        close = staker,
        seeds = [b"position", operator.address().as_ref(), staker.address().as_ref()],
        bump = position.bump
    )]
    pub position: Account<Position>,
}

pub(crate) fn handle(accounts: &mut ClosePosition) -> Result<()> {
    let ClosePosition { staker: _, operator, position } = accounts;
    check_version(operator.version)?;
    check_version(position.version)?;
    require!(position.shares == 0 && position.exits == 0, StakeError::PositionNotEmpty);
    Ok(())
}
