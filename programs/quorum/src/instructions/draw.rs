use crate::{
    error::QuorumError,
    event::SeatDrawn,
    instructions::shared::{advance, check_version, Syscall},
    state::{EpochAccount, Member},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{
    hash::Sha256,
    quorum::{
        draw::{point, random, Stretch},
        epoch::{Step, DRAWING},
        preimage::draw_preimage,
    },
    stake::tree::{Leaf, Proof},
};

/// Fills the next seat with whoever the seed draws, shown by its place in the snapshot. Whoever else is shown is refused, so anyone may send it.
#[derive(Accounts)]
pub struct Draw {
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
}

pub(crate) fn handle(
    accounts: &mut Draw,
    index: u32,
    operator: Address,
    witness: Address,
    weight: u64,
    proof: &[u8],
) -> Result<()> {
    let Draw { epoch } = accounts;
    check_version(epoch.version)?;
    require!(epoch.status == DRAWING, QuorumError::EpochStatus);
    let leaf = Leaf { index, operator: *operator.as_array(), witness: *witness.as_array(), weight };
    let start = prove(epoch, &leaf, proof).ok_or(QuorumError::SnapshotProof)?;

    let seats = epoch.len();
    let hash = Syscall::hash(&[&draw_preimage(&epoch.seed, seats as u32)]);
    let (total, taken) = (epoch.snapshot_total, epoch.weight);
    let drawn = {
        let members = epoch.as_slice();
        let stretches = epoch.order()[..seats].iter().map(|seat| members[*seat as usize].stretch());
        point(random(&hash), total, taken, stretches).or_refuse()?
    };
    require!(Stretch { start, weight }.covers(drawn), QuorumError::NotDrawn);

    let before = epoch.as_slice().iter().filter(|member| member.start < start).count();
    epoch.insert_in_order(before, seats, seats as u8);
    epoch.try_push(Member { witness, vote: [0; 32], start, weight, operator: index, flags: 0 })?;
    epoch.weight = taken.checked_add(weight).ok_or(QuorumError::InvariantBroken)?;
    require!(epoch.weight <= total, QuorumError::InvariantBroken);
    emit!(SeatDrawn { epoch: epoch.number, seat: seats as u8, operator, witness, weight });
    if epoch.len() == epoch.committee as usize || epoch.weight == total {
        advance(epoch, Step::Complete)?;
    }
    Ok(())
}

/// Where the leaf's stretch starts, if the proof leads to the snapshot.
fn prove(epoch: &EpochAccount, leaf: &Leaf, proof: &[u8]) -> Option<u64> {
    let proof = Proof::parse(proof)?;
    if leaf.index >= epoch.snapshot_count || proof.depth() != epoch.depth {
        return None;
    }
    let root = proof.root::<Syscall>(leaf)?;
    (root.hash == epoch.snapshot_root && root.sum == epoch.snapshot_total).then_some(root.start)
}
