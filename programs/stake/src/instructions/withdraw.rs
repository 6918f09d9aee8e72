use crate::{
    error::StakeError,
    event::Withdrawn,
    instructions::shared::{check_version, now},
    state::{Exit, Operator, Position, StakeConfig},
};
use anchor_lang::prelude::*;
use tolldns_common::{
    fault::OrRefuse,
    token::{amount_of, check_token_program, pay, TokenAccount},
};
use tolldns_core::stake::leave::check_ready;

/// Pays what exiting shares are worth now, to any token account the staker names, and closes the Exit. Never paused.
#[derive(Accounts)]
pub struct Withdraw {
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
    #[account(mut, address = config.vault @ StakeError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(mut)]
    pub destination: UncheckedAccount,
    pub token_program: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut Withdraw) -> Result<()> {
    let Withdraw { staker, config, operator, position, exit, vault, destination, token_program } = accounts;
    check_version(config.version)?;
    check_version(operator.version)?;
    check_version(position.version)?;
    check_version(exit.version)?;
    check_ready(exit.ready_at, now()?).or_refuse()?;
    // Else the same stake could stand for two operators in one snapshot.
    require!(operator.tree_weight <= operator.weight(config.least_self_stake), StakeError::TreeStale);
    check_token_program(&config.token_program, token_program.address())?;
    TokenAccount::read(destination, &config.mint, &config.token_program)?;
    require!(*destination.address() != config.vault, StakeError::TokenAccountReserved);
    let (shares, mut pool) = (exit.shares, operator.pool());
    let amount = pool.withdraw(shares).or_refuse()?;

    let vault_before = amount_of(vault)?;
    exit.shares = 0;
    operator.set_pool(pool);
    position.exits = position.exits.checked_sub(1).ok_or(StakeError::InvariantBroken)?;
    pay(&config.token_program, (config.view(), b"stake", config.bump), vault, destination, amount)?;
    let (operator, staker) = (*operator.address(), *staker.address());
    emit!(Withdrawn { operator, staker, shares, amount });

    let paid = vault_before.checked_sub(amount_of(vault)?);
    require!(paid == Some(amount), StakeError::InvariantBroken);
    Ok(())
}
