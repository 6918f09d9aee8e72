use crate::{
    instructions::shared::{check_version, list},
    state::{Operator, StakeConfig, StakeTree},
};
use anchor_lang::prelude::*;

/// Makes the tree hold what an operator weighs now. Anyone may: what it weighs is reckoned here, and only its place is shown.
#[derive(Accounts)]
pub struct Sync {
    #[account(seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(mut, seeds = [b"tree"], bump = tree.bump)]
    pub tree: Account<StakeTree>,
    #[account(mut, seeds = [b"operator", operator.owner.as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
}

pub(crate) fn handle(accounts: &mut Sync, proof: &[u8]) -> Result<()> {
    let Sync { config, tree, operator } = accounts;
    check_version(config.version)?;
    check_version(tree.version)?;
    check_version(operator.version)?;
    let address = *operator.address();
    list(tree, operator, &address, config.least_self_stake, proof)
}
