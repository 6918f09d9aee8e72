use crate::{
    error::QuorumError,
    event::VotesRelayed,
    instructions::shared::{check_version, digest_of},
    signature::is_vote,
    state::{EpochAccount, STRUCK, VOTED},
};
use anchor_lang::prelude::*;
use tolldns_core::quorum::{epoch::takes_votes, preimage::Outcome};

/// `member u8 | signature 64`.
const ROW_BYTES: usize = 65;

/// Brings the signed votes of members that don't send their own. What they voted for is opened, so that a vote of another epoch can't be brought here.
#[derive(Accounts)]
pub struct Relay {
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
}

/// Target-state: a row that stands already does nothing, a wrong one spoils no other.
pub(crate) fn handle(
    accounts: &mut Relay,
    root: [u8; 32],
    updates_root: [u8; 32],
    count: u32,
    rows: &[u8],
) -> Result<()> {
    let Relay { epoch } = accounts;
    check_version(epoch.version)?;
    require!(takes_votes(epoch.status), QuorumError::EpochStatus);
    require!(!rows.is_empty() && rows.len().is_multiple_of(ROW_BYTES), QuorumError::RowsRagged);
    let (number, domain) = (epoch.number, epoch.domain);
    let outcome = Outcome { previous_root: epoch.previous_root, root, updates_root, count };
    let digest = digest_of(&outcome, &domain, number);

    let (mut taken, mut skipped) = (0u64, 0u64);
    let members = epoch.as_mut_slice();
    for (bit, row) in rows.chunks_exact(ROW_BYTES).enumerate() {
        let bit = 1u64 << (bit & 63);
        let Some((seat, sig)) = row.split_first() else { continue };
        let Some(member) = members.get_mut(*seat as usize) else {
            skipped |= bit;
            continue;
        };
        if member.is(VOTED) && member.vote == digest {
            continue;
        }
        let mut bytes = [0; 64];
        bytes.copy_from_slice(sig);
        if member.is(VOTED | STRUCK) || !is_vote(&member.witness, &bytes, &digest) {
            skipped |= bit;
            continue;
        }
        member.vote = digest;
        member.flags |= VOTED;
        taken |= bit;
    }
    emit!(VotesRelayed { epoch: number, digest, taken, skipped });
    Ok(())
}
