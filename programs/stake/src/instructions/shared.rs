//! Checks, changes and announcements that several instructions share.

use crate::{
    error::StakeError,
    event::{NodeChanged, OperatorChanged, StakeConfigChanged, WeightChanged},
    state::{Node, Operator, Position, StakeConfig, StakeTree, UNLISTED, VERSION},
};
use anchor_lang::prelude::*;
use tolldns_common::{fault::OrRefuse, hash::Syscall, token};
use tolldns_core::{
    stake::{
        operator::weighted,
        tree::{Leaf, Proof},
    },
    Refusal,
};

pub use tolldns_common::{account::now, admin::check_running};

/// Refuses an account this program version doesn't know.
#[inline(always)]
pub fn check_version(version: u8) -> Result<()> {
    tolldns_common::account::check_version(version, VERSION)
}

/// Checks an account the program will pay into: of the native token, nobody else's hand on it, and not the vault.
pub fn check_share_account(account: &AccountView, config: &StakeConfig) -> Result<()> {
    token::check_share_account(account, &config.mint, &config.token_program, &[&config.vault])
}

/// Refuses a hot key of all zeroes, which stands for none.
pub fn check_hot_key(hot_key: &Address) -> Result<()> {
    require!(*hot_key != Address::default(), StakeError::HotKeyInvalid);
    Ok(())
}

/// Counts a position's shares anew: `shares` of them in a tier of `weight_bps`. What the operator counts changes by the difference.
pub fn recount(operator: &mut Operator, position: &mut Position, shares: u64, weight_bps: u16) -> Result<()> {
    let before = weighted(position.shares, position.weight_bps).or_refuse()?;
    let after = weighted(shares, weight_bps).or_refuse()?;
    let others = operator.weighted.checked_sub(before).ok_or(StakeError::InvariantBroken)?;
    operator.weighted = others.checked_add(after).ok_or(StakeError::AmountOverflow)?;
    if position.staker == operator.owner {
        operator.self_shares = shares;
    }
    position.shares = shares;
    position.weight_bps = weight_bps;
    Ok(())
}

/// Makes the tree hold what the operator weighs now: in its place, or in the next one if it has none.
pub fn list(
    tree: &mut StakeTree,
    operator: &mut Operator,
    address: &Address,
    least_self_stake: u64,
    proof: &[u8],
) -> Result<()> {
    let weight = operator.weight(least_self_stake);
    let proof = Proof::parse(proof).ok_or(Refusal::TreeProof).or_refuse()?;
    let mut grown = tree.tree();
    let from = operator.listed(address);
    let to = Leaf { witness: *operator.witness.as_array(), weight, ..from };
    if operator.index == UNLISTED {
        require!(weight != 0, StakeError::Weightless);
        operator.index = grown.count;
        grown.append::<Syscall>(&Leaf { index: grown.count, ..to }, proof).or_refuse()?;
    } else {
        grown.replace::<Syscall>(&from, &to, proof).or_refuse()?;
    }
    tree.set_tree(grown);
    operator.tree_weight = weight;
    operator.tree_witness = operator.witness;
    let Operator { witness, index, .. } = *operator;
    emit!(WeightChanged { operator: *address, witness, index, weight, total: tree.total });
    Ok(())
}

pub fn announce_config(config: &StakeConfig) {
    let StakeConfig { authority, pending_authority, guardian, slasher, paused, .. } = *config;
    emit!(StakeConfigChanged { authority, pending_authority, guardian, slasher, paused });
}

pub fn announce_operator(address: &Address, operator: &Operator) {
    let Operator { witness, commission_bps, flags, .. } = *operator;
    emit!(OperatorChanged { operator: *address, witness, commission_bps, flags });
}

/// `role` is 0 for a node that goes.
pub fn announce_node(node: &Node, role: u8) {
    let Node { operator, number, hot_key, .. } = *node;
    emit!(NodeChanged { operator, number, role, hot_key });
}
