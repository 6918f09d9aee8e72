use crate::{
    instructions::shared::{announce_operator, check_version, now},
    state::Operator,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::stake::operator::check_commission;

/// Sets what delegates pay: down at once, up by at most 500 basis points, a day after it rose last.
#[derive(Accounts)]
pub struct SetCommission {
    pub owner: Signer,
    #[account(mut, seeds = [b"operator", owner.address().as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
}

pub(crate) fn handle(accounts: &mut SetCommission, commission_bps: u16) -> Result<()> {
    let SetCommission { owner: _, operator } = accounts;
    check_version(operator.version)?;
    let (from, rose_at) = (operator.commission_bps, operator.commission_rose_at);
    operator.commission_rose_at = check_commission(now()?, from, commission_bps, rose_at).or_refuse()?;
    operator.commission_bps = commission_bps;
    announce_operator(operator.address(), operator);
    Ok(())
}
