use crate::{
    error::StakeError,
    instructions::shared::{announce_operator, check_version},
    state::{Operator, RETIRED},
};
use anchor_lang::prelude::*;

/// Ends an operator: it weighs nothing for good, takes no more stake, and no lock holds anybody there.
#[derive(Accounts)]
pub struct RetireOperator {
    pub owner: Signer,
    #[account(mut, seeds = [b"operator", owner.address().as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
}

pub(crate) fn handle(accounts: &mut RetireOperator) -> Result<()> {
    let RetireOperator { owner: _, operator } = accounts;
    check_version(operator.version)?;
    require!(!operator.is_retired(), StakeError::Retired);
    operator.flags |= RETIRED;
    announce_operator(operator.address(), operator);
    Ok(())
}
