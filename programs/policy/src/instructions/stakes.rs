//! What the stake program's accounts say of a verifier, read as that program wrote them.

use crate::error::PolicyError;
use anchor_lang::prelude::*;
use stake::{Node, Operator, StakeConfig};
use tolldns_core::policy::roster::ROLE_VERIFIER;

fn check_version(version: u8) -> Result<()> {
    tolldns_common::account::check_version(version, stake::VERSION)
}

/// An operator that is neither in jail nor retired.
pub fn active_operator(account: &UncheckedAccount) -> Result<Account<Operator>> {
    let operator = Account::<Operator>::load(*account.account())?;
    check_version(operator.version)?;
    require!(operator.flags == 0, PolicyError::OperatorBarred);
    Ok(operator)
}

/// An active operator that weighs something now, whatever the tree has of it.
pub fn check_weighs(account: &UncheckedAccount, config: &UncheckedAccount) -> Result<()> {
    let operator = active_operator(account)?;
    let config = Account::<StakeConfig>::load(*config.account())?;
    check_version(config.version)?;
    require!(operator.weight(config.least_self_stake) != 0, PolicyError::OperatorWeightless);
    Ok(())
}

/// The VERIFIER node of this operator whose hot key signed.
pub fn verifier_node(
    account: &UncheckedAccount,
    operator: &Address,
    hot_key: &Signer,
) -> Result<Account<Node>> {
    let node = Account::<Node>::load(*account.account())?;
    check_version(node.version)?;
    require!(node.operator == *operator, PolicyError::WrongOperator);
    require!(node.role == ROLE_VERIFIER, PolicyError::NotVerifier);
    require!(node.hot_key == *hot_key.address(), PolicyError::NotHotKey);
    Ok(node)
}
