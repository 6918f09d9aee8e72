use crate::{
    error::StakeError,
    instructions::shared::{announce_operator, check_version, now},
    state::{Operator, StakeConfig, JAILED},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{ensure, stake::leave::check_unjail, Refusal};

/// Takes an operator out of jail, an exit delay after its last slash and with the least self-stake. It weighs again from the next sync on.
#[derive(Accounts)]
pub struct Unjail {
    pub owner: Signer,
    #[account(seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(mut, seeds = [b"operator", owner.address().as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
}

pub(crate) fn handle(accounts: &mut Unjail) -> Result<()> {
    let Unjail { owner: _, config, operator } = accounts;
    check_version(config.version)?;
    check_version(operator.version)?;
    require!(operator.is_jailed(), StakeError::NotJailed);
    require!(!operator.is_retired(), StakeError::Retired);
    check_unjail(operator.slashed_at, config.exit_delay, now()?).or_refuse()?;
    let self_stake = operator.pool().worth(operator.self_shares);
    ensure(self_stake >= config.least_self_stake, Refusal::SelfStakeTooLow).or_refuse()?;
    operator.flags &= !JAILED;
    announce_operator(operator.address(), operator);
    Ok(())
}
