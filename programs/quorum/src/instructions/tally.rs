use crate::{
    error::QuorumError,
    instructions::shared::{advance, check_version, digest_of, now},
    state::EpochAccount,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::quorum::{
    epoch::{next, Step},
    preimage::Outcome,
    vote::{check_outcome, is_quorum},
};

/// Counts the votes for one outcome; two thirds of the committee's weight open the challenge window.
#[derive(Accounts)]
pub struct Tally {
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
}

pub(crate) fn handle(accounts: &mut Tally, root: [u8; 32], updates_root: [u8; 32], count: u32) -> Result<()> {
    let Tally { epoch } = accounts;
    check_version(epoch.version)?;
    next(epoch.status, Step::Attest).or_refuse()?;
    let now = now()?;
    epoch.times().check_attest(now).or_refuse()?;
    let outcome = Outcome { previous_root: epoch.previous_root, root, updates_root, count };
    check_outcome(&outcome).or_refuse()?;
    let digest = digest_of(&outcome, &epoch.domain, epoch.number);
    let mut votes = 0u64;
    for member in epoch.as_slice() {
        if member.votes_for(&digest) {
            votes = votes.checked_add(member.weight).ok_or(QuorumError::InvariantBroken)?;
        }
    }
    require!(is_quorum(votes, epoch.weight), QuorumError::QuorumMissing);

    epoch.root = root;
    epoch.updates_root = updates_root;
    epoch.count = count;
    epoch.digest = digest;
    epoch.attested_at = now;
    epoch.attested_weight = votes;
    advance(epoch, Step::Attest)
}
