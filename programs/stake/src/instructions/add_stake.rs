use crate::{
    error::StakeError,
    event::Staked,
    instructions::shared::{check_running, check_version, now, recount},
    state::{Operator, Position, StakeConfig, VERSION},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::{
    fault::OrRefuse,
    token::{amount_of, check_token_program, pull, TokenAccount},
};
use tolldns_core::stake::leave::{check_tier, locked_until};

/// Puts tokens into an operator's pool for shares of it. Counts from the next sync on, and in an epoch only if that is before its freeze.
#[derive(Accounts)]
pub struct AddStake {
    #[account(mut)]
    pub staker: Signer,
    #[account(seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(mut, seeds = [b"operator", operator.owner.as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
    #[account(
        init_if_needed,
        payer = staker,
        seeds = [b"position", operator.address().as_ref(), staker.address().as_ref()],
        bump
    )]
    pub position: Account<Position>,
    /// The staker's native tokens.
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(mut, address = config.vault @ StakeError::WrongVault)]
    pub vault: UncheckedAccount,
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut AddStake, bump: u8, amount: u64, tier: u8) -> Result<()> {
    let AddStake { staker, config, operator, position, source, vault, token_program, system_program: _ } =
        accounts;
    check_version(config.version)?;
    check_version(operator.version)?;
    check_running(config.paused)?;
    require!(!operator.is_retired(), StakeError::Retired);
    let chosen = config.terms().tier(tier).or_refuse()?;
    check_token_program(&config.token_program, token_program.address())?;
    TokenAccount::read(source, &config.mint, &config.token_program)?.check_owner(staker.address())?;
    if position.version == 0 {
        // Just created: the runtime gave zeroes.
        **position = Position {
            version: VERSION,
            bump,
            tier,
            operator: *operator.address(),
            staker: *staker.address(),
            ..bytemuck::Zeroable::zeroed()
        };
    }
    check_version(position.version)?;
    check_tier(position.shares, position.tier, tier).or_refuse()?;
    let mut pool = operator.pool();
    let shares = pool.deposit(amount).or_refuse()?;
    let sum = position.shares.checked_add(shares).ok_or(StakeError::AmountOverflow)?;

    let vault_before = amount_of(vault)?;
    pull(&config.token_program, source, vault, staker, amount)?;
    recount(operator, position, sum, chosen.weight_bps)?;
    operator.set_pool(pool);
    position.tier = tier;
    position.locked_until = locked_until(position.locked_until, chosen, now()?);
    let (operator, staker) = (*operator.address(), *staker.address());
    emit!(Staked { operator, staker, amount, shares, tier });

    let received = amount_of(vault)?.checked_sub(vault_before);
    require!(received == Some(amount), StakeError::InvariantBroken);
    Ok(())
}
