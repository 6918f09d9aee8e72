use crate::{error::EscrowError, instructions::shared::check_version, state::Balance};
use anchor_lang::prelude::*;

/// Closes an empty Balance and returns its rent.
#[derive(Accounts)]
pub struct CloseBalance {
    #[account(mut)]
    pub owner: Signer,
    #[account(mut, close = owner, seeds = [b"balance", owner.address().as_ref()], bump = balance.bump)]
    pub balance: Account<Balance>,
}

pub(crate) fn handle(accounts: &mut CloseBalance) -> Result<()> {
    let CloseBalance { owner: _, balance } = accounts;
    check_version(balance.version)?;
    require!(balance.free == 0, EscrowError::BalanceNotEmpty);
    require!(balance.open_lanes == 0, EscrowError::BalanceHasLanes);
    Ok(())
}
