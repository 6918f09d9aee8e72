use crate::{
    instructions::shared::{announce_node, announce_operator, check_hot_key, check_version},
    state::{Node, Operator},
};
use anchor_lang::prelude::*;
use tolldns_core::stake::operator::ROLE_WITNESS;

/// Gives a node another key. A witness votes with the old one until the next sync, and in epochs frozen before it until they end.
#[derive(Accounts)]
pub struct RotateHotKey {
    pub owner: Signer,
    #[account(mut, seeds = [b"operator", owner.address().as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
    #[account(
        mut,
        seeds = [b"node", operator.address().as_ref(), &node.number.to_le_bytes()],
        bump = node.bump
    )]
    pub node: Account<Node>,
}

pub(crate) fn handle(accounts: &mut RotateHotKey, hot_key: Address) -> Result<()> {
    let RotateHotKey { owner: _, operator, node } = accounts;
    check_version(operator.version)?;
    check_version(node.version)?;
    check_hot_key(&hot_key)?;
    node.hot_key = hot_key;
    announce_node(node, node.role);
    if node.role == ROLE_WITNESS {
        operator.witness = hot_key;
        announce_operator(operator.address(), operator);
    }
    Ok(())
}
