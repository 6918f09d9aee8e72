use crate::{
    error::QuorumError,
    instructions::{
        challenged::{map_claim, open, reject, step_in_trace, steps_update},
        shared::Syscall,
    },
    state::{EpochAccount, QuorumConfig},
};
use anchor_lang::prelude::*;
use tolldns_core::{
    quorum::challenge::{step_is_wrong, STEP},
    routes::{trace::STEP_BYTES, update::UPDATE_BYTES},
};

/// Proves that a step does not do what its update says: the version does not rise, or the root it leads to is another.
#[derive(Accounts)]
pub struct ChallengeStep {
    pub challenger: Signer,
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: Account<QuorumConfig>,
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
}

/// `proofs`: the list proof, then the map's claim and proof at the root before the step.
pub(crate) fn handle(
    accounts: &mut ChallengeStep,
    step: [u8; STEP_BYTES],
    update: [u8; UPDATE_BYTES],
    proofs: &[u8],
) -> Result<()> {
    let ChallengeStep { challenger, config, epoch } = accounts;
    let now = open(config, epoch)?;
    let (list, map) = super::challenged::split_list_proof(proofs)?;
    let step = step_in_trace(epoch, &step, list)?;
    // What is no update at all is for the challenge of authority.
    let update = steps_update(epoch, &step, &update)?.ok_or(QuorumError::NotStepsUpdate)?;
    let (held, proof) = map_claim(map)?;
    let wrong =
        step_is_wrong::<Syscall>(&step, &update, held.as_ref(), &proof).ok_or(QuorumError::MapProof)?;
    require!(wrong, QuorumError::StepHolds);
    reject(config, epoch, STEP, challenger.address(), now)
}
