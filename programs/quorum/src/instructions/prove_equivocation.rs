use crate::{
    error::QuorumError,
    event::MemberStruck,
    instructions::shared::{check_version, digest_of},
    signature::is_vote,
    slashing::Slashing,
    state::{member_mut, EpochAccount, Member, QuorumConfig, STRUCK, VOTED},
};
use anchor_lang::prelude::*;
use tolldns_core::quorum::{challenge::OFFENCE_EQUIVOCATION, preimage::Outcome};

/// `previous root 32 | root 32 | updates root 32 | count u32 | signature 64`
const VOTE_BYTES: usize = 164;

/// Shows two votes of one member for one epoch. Slashes its operator at once, and the reporter's share goes where the sender says; the vote on chain counts no more.
#[derive(Accounts)]
pub struct ProveEquivocation {
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
    #[account(seeds = [b"quorum"], bump = config.bump)]
    pub config: Account<QuorumConfig>,
    #[account(seeds = [b"slasher"], bump = config.slasher_bump)]
    pub slasher: UncheckedAccount,
    pub stake_config: UncheckedAccount,
    #[account(mut)]
    pub operator: UncheckedAccount,
    #[account(mut)]
    pub vault: UncheckedAccount,
    #[account(mut)]
    pub mint: UncheckedAccount,
    #[account(mut)]
    pub reporter_tokens: UncheckedAccount,
    #[account(mut)]
    pub treasury: UncheckedAccount,
    pub token_program: UncheckedAccount,
    pub stake_program: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut ProveEquivocation, seat: u8, evidence: &[u8]) -> Result<()> {
    let ProveEquivocation {
        epoch,
        config,
        slasher,
        stake_config,
        operator,
        vault,
        mint,
        reporter_tokens,
        treasury,
        token_program,
        stake_program,
    } = accounts;
    check_version(config.version)?;
    check_version(epoch.version)?;
    let (number, domain) = (epoch.number, epoch.domain);
    let member = member_mut(epoch, seat)?;
    require!(!member.is(STRUCK), QuorumError::MemberStruck);
    check_evidence(member, evidence, &domain, number)?;

    member.flags |= STRUCK;
    Slashing {
        slasher: slasher.account(),
        slasher_bump: config.slasher_bump,
        stake_config: stake_config.account(),
        operator: operator.account(),
        vault: vault.account(),
        mint: mint.account(),
        reporter_tokens: reporter_tokens.account(),
        treasury: treasury.account(),
        token_program: token_program.account(),
        stake_program: stake_program.account(),
    }
    .run(member, OFFENCE_EQUIVOCATION)?;
    emit!(MemberStruck { epoch: number, seat });
    Ok(())
}

/// One signed vote against the one that stands on chain, or two signed ones.
fn check_evidence(member: &Member, evidence: &[u8], domain: &[u8; 32], epoch: u64) -> Result<()> {
    let (votes, rest) = evidence.as_chunks::<VOTE_BYTES>();
    require!(rest.is_empty(), QuorumError::EvidenceRagged);
    let digests = match votes {
        [one] => {
            require!(member.is(VOTED), QuorumError::NotVoted);
            [member.vote, digest_in(one, domain, epoch)]
        }
        [one, other] => [digest_in(one, domain, epoch), digest_in(other, domain, epoch)],
        _ => return Err(QuorumError::EvidenceRagged.into()),
    };
    require!(digests[0] != digests[1], QuorumError::SameVote);
    let signed = &digests[2 - votes.len()..];
    for (vote, digest) in votes.iter().zip(signed) {
        let mut sig = [0; 64];
        sig.copy_from_slice(&vote[100..]);
        let holds = is_vote(&member.witness, &sig, digest);
        require!(holds, QuorumError::VoteSignature);
    }
    Ok(())
}

/// What a shown vote is for. It is opened, so that votes of two epochs are never taken for two of one.
fn digest_in(vote: &[u8; VOTE_BYTES], domain: &[u8; 32], epoch: u64) -> [u8; 32] {
    let hash = |at: usize| {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&vote[at..at + 32]);
        bytes
    };
    let count = u32::from_le_bytes([vote[96], vote[97], vote[98], vote[99]]);
    let outcome = Outcome { previous_root: hash(0), root: hash(32), updates_root: hash(64), count };
    digest_of(&outcome, domain, epoch)
}
