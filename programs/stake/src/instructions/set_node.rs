use crate::{
    instructions::shared::{announce_node, check_version},
    state::{Node, Operator},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::stake::operator::check_endpoint;

/// Says where a node is now. Its role is its own for good; its key is changed by `rotate_hot_key`.
#[derive(Accounts)]
pub struct SetNode {
    pub owner: Signer,
    #[account(seeds = [b"operator", owner.address().as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
    #[account(
        mut,
        seeds = [b"node", operator.address().as_ref(), &node.number.to_le_bytes()],
        bump = node.bump
    )]
    pub node: Account<Node>,
}

pub(crate) fn handle(accounts: &mut SetNode, region: u16, asn: u32, endpoint: &[u8]) -> Result<()> {
    let SetNode { owner: _, operator, node } = accounts;
    check_version(operator.version)?;
    check_version(node.version)?;
    check_endpoint(endpoint).or_refuse()?;
    node.region = region;
    node.asn = asn;
    node.set_endpoint(endpoint);
    announce_node(node, node.role);
    Ok(())
}
