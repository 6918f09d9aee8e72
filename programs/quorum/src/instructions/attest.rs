use crate::{
    error::QuorumError,
    event::VoteCast,
    instructions::shared::check_version,
    state::{member_mut, EpochAccount, STRUCK, VOTED},
};
use anchor_lang::prelude::*;
use tolldns_core::quorum::epoch::takes_votes;

/// A member votes by its own signature on the transaction. Its first vote is its only one.
#[derive(Accounts)]
pub struct Attest {
    pub witness: Signer,
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
}

pub(crate) fn handle(accounts: &mut Attest, seat: u8, digest: [u8; 32]) -> Result<()> {
    let Attest { witness, epoch } = accounts;
    check_version(epoch.version)?;
    require!(takes_votes(epoch.status), QuorumError::EpochStatus);
    let number = epoch.number;
    let member = member_mut(epoch, seat)?;
    require!(member.witness == *witness.address(), QuorumError::NotMember);
    require!(!member.is(STRUCK), QuorumError::MemberStruck);
    if member.is(VOTED) {
        require!(member.vote == digest, QuorumError::VotedOtherwise);
        return Ok(());
    }

    member.vote = digest;
    member.flags |= VOTED;
    emit!(VoteCast { epoch: number, seat, digest });
    Ok(())
}
