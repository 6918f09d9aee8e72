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
    policy::roster::{find_seat, place, Found},
    stake::tree::{Leaf, Proof},
};

/// Takes a seat for an operator that the snapshot gives weight. Its VERIFIER node signs by its hot key, so that a roster holds verifiers that run, at the node their
/// operator means.
#[derive(Accounts)]
pub struct Enroll {
    pub hot_key: Signer,
    #[account(mut)]
    pub roster: RosterAccount,
    pub operator: UncheckedAccount,
    pub node: UncheckedAccount,
    /// Is there only if the operator was struck before.
    #[account(seeds = [b"verifier", operator.address().as_ref()], bump)]
    pub verifier: UncheckedAccount,
}

pub(crate) fn handle(
    accounts: &mut Enroll,
    verifier_bump: u8,
    index: u32,
    witness: Address,
    weight: u64,
    proof: &[u8],
) -> Result<()> {
    let Enroll { hot_key, roster, operator, node, verifier } = accounts;
    check_version(roster.version)?;
    let now = now()?;
    roster.times().check_enrol(now).or_refuse()?;
    active_operator(operator)?;
    let (region, asn) =
        verifier_node(node, operator.address(), hot_key).map(|node| (node.region, node.asn))?;
    check_may_enrol(verifier, now)?;
    require!(weight != 0, PolicyError::OperatorWeightless);
    let leaf = Leaf { index, operator: *operator.address().as_array(), witness: *witness.as_array(), weight };
    let shown = Proof::parse(proof).and_then(|proof| roster.snapshot().verify::<Syscall>(&leaf, proof));
    require!(shown.is_some(), PolicyError::SnapshotProof);
    // One seat an operator: its place in the tree is its own for good.
    let seats = roster.iter().map(|row| (row.index, row.weighs()));
    let seat = match find_seat(index, weight, roster.room as usize, seats).or_refuse()? {
        Found::Taken(seat) => {
            require!(roster[seat].node == *node.address(), PolicyError::AlreadyEnrolled);
            return Ok(());
        }
        Found::Free(seat) => seat,
    };

    let (before, after) = roster.as_slice().split_at(seat);
    let others = before.iter().chain(after.iter().skip(1));
    let placed = place(region, asn, others.map(Seat::placed));
    let row = Seat {
        operator: *operator.address(),
        node: *node.address(),
        weight,
        asn,
        index,
        region,
        region_ordinal: placed.region_ordinal,
        network_ordinal: placed.network_ordinal,
        flags: 0,
        verifier_bump,
        reserved: [0; 2],
    };
    let before = roster.get(seat).map_or(0, Seat::weighs);
    match roster.get_mut(seat) {
        Some(lighter) => *lighter = row,
        None => roster.try_push(row)?,
    }
    let others = roster.weight.checked_sub(before).ok_or(PolicyError::InvariantBroken)?;
    roster.weight = others.checked_add(weight).ok_or(PolicyError::InvariantBroken)?;
    let number = roster.number;
    emit!(Enrolled { roster: number, seat: seat as u8, operator: *operator.address(), weight });

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
