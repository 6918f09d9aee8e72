use crate::{
    error::QuorumError,
    instructions::{
        challenged::{open, reject, step_in_trace},
        shared::Syscall,
    },
    signature::is_update,
    state::{EpochAccount, QuorumConfig},
};
use anchor_lang::prelude::*;
use tolldns_core::{
    quorum::challenge::SIGNATURE,
    routes::{trace::STEP_BYTES, update::auth_hash},
};

/// Proves that what a step gives as its signature is none.
#[derive(Accounts)]
pub struct ChallengeSignature {
    pub challenger: Signer,
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: Account<QuorumConfig>,
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
}

pub(crate) fn handle(
    accounts: &mut ChallengeSignature,
    step: [u8; STEP_BYTES],
    signer: Address,
    sig: [u8; 64],
    proof: &[u8],
) -> Result<()> {
    let ChallengeSignature { challenger, config, epoch } = accounts;
    let now = open(config, epoch)?;
    let step = step_in_trace(epoch, &step, proof)?;
    require!(auth_hash::<Syscall>(signer.as_array(), &sig) == step.auth_hash, QuorumError::NotStepsAuth);
    let holds = is_update(&signer, &sig, &step.update_hash);
    require!(!holds, QuorumError::SignatureHolds);
    reject(config, epoch, SIGNATURE, challenger.address(), now)
}
