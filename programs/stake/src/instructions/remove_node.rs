use crate::{
    error::StakeError,
    instructions::shared::{announce_node, announce_operator, check_version},
    state::{Node, Operator},
};
use anchor_lang::prelude::*;
use tolldns_core::stake::operator::ROLE_WITNESS;

/// Takes a machine away; its rent goes back. Without a witness node the operator weighs nothing from the next sync on.
#[derive(Accounts)]
pub struct RemoveNode {
    #[account(mut)]
    pub owner: Signer,
    #[account(mut, seeds = [b"operator", owner.address().as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
    #[account(
        mut,
        close = owner,
        seeds = [b"node", operator.address().as_ref(), &node.number.to_le_bytes()],
        bump = node.bump
    )]
    pub node: Account<Node>,
}

pub(crate) fn handle(accounts: &mut RemoveNode) -> Result<()> {
    let RemoveNode { owner: _, operator, node } = accounts;
    check_version(operator.version)?;
    check_version(node.version)?;
    operator.nodes = operator.nodes.checked_sub(1).ok_or(StakeError::InvariantBroken)?;
    announce_node(node, 0);
    if node.role == ROLE_WITNESS {
        operator.witness = Address::default();
        announce_operator(operator.address(), operator);
    }
    Ok(())
}
