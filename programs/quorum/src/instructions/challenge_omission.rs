use crate::{
    error::QuorumError,
    instructions::{
        challenged::{freeze_of, map_claim, open, reject},
        registry::{appointment_of, holding_of, posted_of},
        shared::Syscall,
    },
    signature::is_update,
    state::{EpochAccount, QuorumConfig},
};
use anchor_lang::prelude::*;
use tolldns_core::{
    quorum::{
        challenge::{is_older, OMISSION},
        entitled::{entitled, Entitled},
    },
    routes::list::MAX_LIST,
};

/// Proves that the root leaves out an update that its owner had put on the chain before the freeze.
#[derive(Accounts)]
pub struct ChallengeOmission {
    pub challenger: Signer,
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: Account<QuorumConfig>,
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
    pub name: UncheckedAccount,
    /// The Delegate record of who signed what was posted, or where it would be.
    pub record: UncheckedAccount,
}

/// `shown`: what the attested root has of the name, and the map proof of that.
pub(crate) fn handle(accounts: &mut ChallengeOmission, shown: &[u8]) -> Result<()> {
    let ChallengeOmission { challenger, config, epoch, name, record } = accounts;
    let now = open(config, epoch)?;
    let (held, proof) = map_claim(shown)?;
    let posted = posted_of(name, &epoch.domain)?.ok_or(QuorumError::NothingOmitted)?;
    let update = &posted.update;
    require!(
        proof.root::<Syscall>(&update.name_hash, held.as_ref()) == Some(epoch.root),
        QuorumError::MapProof
    );

    // What a committee had to take in, it could take in: it was there before the freeze, whole and signed by who was entitled, and there was room.
    let freeze = freeze_of(epoch);
    let holding = holding_of(name, &update.name_hash)?;
    let appointment = appointment_of(record, name.address(), &posted.signer)?;
    let found = entitled(
        posted.signer.as_array(),
        update.generation,
        &freeze,
        holding.as_ref(),
        appointment.as_ref(),
    );
    let due = posted.slot <= freeze.slot
        && update.expires_at > freeze.at
        && found == Entitled::Yes
        && epoch.count < MAX_LIST
        && is_older(held.as_ref(), update.generation, update.version)
        && is_update(&posted.signer, &posted.signature, &posted.hash);
    require!(due, QuorumError::NothingOmitted);
    reject(config, epoch, OMISSION, challenger.address(), now)
}
