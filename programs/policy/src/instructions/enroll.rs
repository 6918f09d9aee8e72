use crate::{
    error::PolicyError,
    event::Enrolled,
    instructions::{
        shared::{check_version, now, Syscall},
        stakes::{active_operator, verifier_node},
    },
    state::{RosterAccount, Seat, Verifier},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{
    policy::roster::{gives_way, ordinal},
    stake::tree::{Leaf, Proof},
};

/// Takes a seat for an operator that the snapshot gives weight. Its VERIFIER node signs by its hot key, so that a roster holds verifiers that run, at the node their
/// operator means.
#[derive(Accounts)]
pub struct Enroll {
    pub hot_key: Signer,
    #[account(mut, seeds = [b"roster", &roster.number.to_le_bytes()], bump = roster.bump)]
    pub roster: RosterAccount,
    pub operator: UncheckedAccount,
    pub node: UncheckedAccount,
    /// Is there only if the operator was struck before.
    #[account(seeds = [b"verifier", operator.address().as_ref()], bump)]
    pub verifier: UncheckedAccount,
}

pub(crate) fn handle(
    accounts: &mut Enroll,
    index: u32,
    witness: Address,
    weight: u64,
    proof: &[u8],
) -> Result<()> {
    let Enroll { hot_key, roster, operator, node, verifier } = accounts;
    check_version(roster.version)?;
    let now = now()?;
    roster.times().check_enrol(now).or_refuse()?;
    let (operator_address, node_address) = (*operator.address(), *node.address());
    active_operator(operator)?;
    let node = verifier_node(node, &operator_address, hot_key)?;
    check_may_enrol(verifier, now)?;
    require!(weight != 0, PolicyError::OperatorWeightless);
    let leaf = Leaf { index, operator: *operator_address.as_array(), witness: *witness.as_array(), weight };
    let shown = Proof::parse(proof).and_then(|proof| roster.snapshot().verify::<Syscall>(&leaf, proof));
    require!(shown.is_some(), PolicyError::SnapshotProof);
    // One seat an operator: its place in the tree is its own for good.
    if let Some(row) = roster.iter().find(|row| row.index == index) {
        require!(row.node == node_address, PolicyError::AlreadyEnrolled);
        return Ok(());
    }

    let is_full = roster.len() >= roster.room as usize;
    let seat = if is_full {
        gives_way(weight, roster.iter().map(|row| row.weight)).or_refuse()?
    } else {
        roster.len()
    };
    let others = || roster.iter().enumerate().filter(|(at, _)| *at != seat).map(|(_, row)| row);
    let row = Seat {
        operator: operator_address,
        node: node_address,
        weight,
        asn: node.asn,
        index,
        region: node.region,
        region_ordinal: ordinal(node.region, others().map(|row| (row.region, row.region_ordinal))),
        network_ordinal: ordinal(node.asn, others().map(|row| (row.asn, row.network_ordinal))),
        flags: 0,
        reserved: [0; 3],
    };
    let before = roster.get(seat).map_or(0, |row| row.weight);
    if is_full {
        roster[seat] = row;
    } else {
        roster.try_push(row)?;
    }
    let others = roster.weight.checked_sub(before).ok_or(PolicyError::InvariantBroken)?;
    roster.weight = others.checked_add(weight).ok_or(PolicyError::InvariantBroken)?;
    let number = roster.number;
    emit!(Enrolled { roster: number, seat: seat as u8, operator: operator_address, weight });

    require!(roster.weight <= roster.snapshot_total, PolicyError::InvariantBroken);
    Ok(())
}

/// Refuses an operator that was struck lately. `verifier` is at its address.
fn check_may_enrol(verifier: &UncheckedAccount, now: u64) -> Result<()> {
    if !verifier.owned_by(&crate::ID) {
        return Ok(());
    }
    let record = Account::<Verifier>::load(*verifier.account())?;
    check_version(record.version)?;
    require!(now >= record.struck_until, PolicyError::OperatorStruck);
    Ok(())
}
