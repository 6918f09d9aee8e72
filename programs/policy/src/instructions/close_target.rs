use crate::{
    error::PolicyError,
    event::TargetChanged,
    instructions::shared::{check_version, now},
    state::{PolicyConfig, Target},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::{round::check_close_target, transition::State};

/// Closes a HEALTHY target that nobody reported for long; its rent goes to who paid it. Whoever registers it again begins where this one was.
#[derive(Accounts)]
pub struct CloseTarget {
    #[account(mut, address = target.payer @ PolicyError::WrongPayer)]
    pub payer: UncheckedAccount,
    #[account(mut, seeds = [b"policy"], bump = config.bump)]
    pub config: Account<PolicyConfig>,
    #[account(mut, close = payer, seeds = [b"target", &target.id], bump = target.bump)]
    pub target: Account<Target>,
}

pub(crate) fn handle(accounts: &mut CloseTarget) -> Result<()> {
    let CloseTarget { payer: _, config, target } = accounts;
    check_version(config.version)?;
    check_version(target.version)?;
    let is_healthy = target.state == State::Healthy as u8;
    check_close_target(is_healthy, target.reported_at, now()?).or_refuse()?;

    config.targets = config.targets.checked_sub(1).ok_or(PolicyError::InvariantBroken)?;
    emit!(TargetChanged { id: target.id, kind: target.kind, open: 0 });
    Ok(())
}
