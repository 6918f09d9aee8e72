use crate::{
    error::StakeError,
    instructions::shared::{announce_node, announce_operator, check_hot_key, check_running, check_version},
    state::{Node, Operator, StakeConfig, VERSION},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::fault::OrRefuse;
use tolldns_core::stake::operator::{check_endpoint, check_role, ROLE_WITNESS};

/// What a node is and where.
pub struct Place {
    pub number: u16,
    pub role: u8,
    pub region: u16,
    pub asn: u32,
}

/// Adds a machine. The hot key of the one witness node is the operator's witness key, which counts from the next sync on.
#[derive(Accounts)]
#[instruction(number: u16)]
pub struct AddNode {
    #[account(mut)]
    pub owner: Signer,
    #[account(seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(mut, seeds = [b"operator", owner.address().as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
    #[account(
        init,
        payer = owner,
        seeds = [b"node", operator.address().as_ref(), &number.to_le_bytes()],
        bump
    )]
    pub node: Account<Node>,
    pub system_program: Program<System>,
}

pub(crate) fn handle(
    accounts: &mut AddNode,
    bump: u8,
    place: Place,
    hot_key: Address,
    endpoint: &[u8],
) -> Result<()> {
    let AddNode { owner: _, config, operator, node, system_program: _ } = accounts;
    let Place { number, role, region, asn } = place;
    check_version(config.version)?;
    check_version(operator.version)?;
    check_running(config.paused)?;
    require!(!operator.is_retired(), StakeError::Retired);
    check_role(role).or_refuse()?;
    check_hot_key(&hot_key)?;
    check_endpoint(endpoint).or_refuse()?;
    let is_witness = role == ROLE_WITNESS;
    require!(!is_witness || operator.witness == Address::default(), StakeError::WitnessExists);

    **node = Node {
        version: VERSION,
        bump,
        role,
        number,
        region,
        asn,
        operator: *operator.address(),
        hot_key,
        ..bytemuck::Zeroable::zeroed()
    };
    node.set_endpoint(endpoint);
    operator.nodes = operator.nodes.checked_add(1).ok_or(StakeError::AmountOverflow)?;
    announce_node(node, role);
    if is_witness {
        operator.witness = hot_key;
        announce_operator(operator.address(), operator);
    }
    Ok(())
}
