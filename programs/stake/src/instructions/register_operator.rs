use crate::{
    instructions::shared::{announce_operator, check_running, check_version, now},
    state::{Operator, StakeConfig, UNLISTED, VERSION},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::fault::OrRefuse;
use tolldns_core::{ensure, stake::operator::MAX_COMMISSION_BPS, Refusal};

/// Opens an operator under its owner's cold key. It weighs nothing until it has a witness key and stake.
#[derive(Accounts)]
pub struct RegisterOperator {
    #[account(mut)]
    pub owner: Signer,
    #[account(seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(init, payer = owner, seeds = [b"operator", owner.address().as_ref()], bump)]
    pub operator: Account<Operator>,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut RegisterOperator, bump: u8, commission_bps: u16) -> Result<()> {
    let RegisterOperator { owner, config, operator, system_program: _ } = accounts;
    check_version(config.version)?;
    check_running(config.paused)?;
    ensure(commission_bps <= MAX_COMMISSION_BPS, Refusal::CommissionTooHigh).or_refuse()?;
    **operator = Operator {
        version: VERSION,
        bump,
        commission_bps,
        index: UNLISTED,
        commission_rose_at: now()?,
        owner: *owner.address(),
        ..bytemuck::Zeroable::zeroed()
    };
    announce_operator(operator.address(), operator);
    Ok(())
}
