use crate::{
    error::StakeError,
    event::ExitChanged,
    instructions::shared::{check_version, list, now, recount},
    state::{Exit, Operator, Position, StakeConfig, StakeTree, VERSION},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::fault::OrRefuse;
use tolldns_core::{ensure, stake::leave::check_unlocked, time::deadline_after, Refusal};

/// Shares begin to leave, with a clock of their own. From here on they weigh nothing, and so that no snapshot counts them later the tree is brought up to date
/// at once. They bear every slash until they are withdrawn. Never paused.
#[derive(Accounts)]
pub struct RequestExit {
    #[account(mut)]
    pub staker: Signer,
    #[account(seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(mut, seeds = [b"tree"], bump = tree.bump)]
    pub tree: Account<StakeTree>,
    #[account(mut, seeds = [b"operator", operator.owner.as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
    #[account(
        mut,
        seeds = [b"position", operator.address().as_ref(), staker.address().as_ref()],
        bump = position.bump
    )]
    pub position: Account<Position>,
    #[account(
        init,
        payer = staker,
        seeds = [b"exit", position.address().as_ref(), &position.next_exit.to_le_bytes()],
        bump
    )]
    pub exit: Account<Exit>,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut RequestExit, bump: u8, shares: u64, proof: &[u8]) -> Result<()> {
    let RequestExit { staker, config, tree, operator, position, exit, system_program: _ } = accounts;
    check_version(config.version)?;
    check_version(tree.version)?;
    check_version(operator.version)?;
    check_version(position.version)?;
    let now = now()?;
    ensure(shares != 0, Refusal::AmountZero).or_refuse()?;
    let left = position.shares.checked_sub(shares).ok_or(Refusal::SharesInsufficient).or_refuse()?;
    check_unlocked(position.locked_until, operator.frees(), now).or_refuse()?;
    let (number, ready_at) = (position.next_exit, deadline_after(now, config.exit_delay));

    **exit =
        Exit { version: VERSION, bump, reserved: 0, number, shares, ready_at, position: *position.address() };
    let weight_bps = position.weight_bps;
    recount(operator, position, left, weight_bps)?;
    position.next_exit = number.checked_add(1).ok_or(StakeError::AmountOverflow)?;
    position.exits = position.exits.checked_add(1).ok_or(StakeError::AmountOverflow)?;
    let address = *operator.address();
    if operator.tree_weight > operator.weight(config.least_self_stake) {
        list(tree, operator, &address, config.least_self_stake, proof)?;
    }
    emit!(ExitChanged { operator: address, staker: *staker.address(), number, shares, ready_at });

    require!(operator.tree_weight <= operator.weight(config.least_self_stake), StakeError::InvariantBroken);
    Ok(())
}
