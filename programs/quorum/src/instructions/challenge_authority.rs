use crate::{
    error::QuorumError,
    instructions::{
        challenged::{freeze_of, open, reject, step_in_trace, steps_update},
        registry::{appointment_of, holding_of},
        shared::Syscall,
    },
    state::{EpochAccount, QuorumConfig},
};
use anchor_lang::prelude::*;
use tolldns_core::{
    quorum::{
        challenge::AUTHORITY,
        entitled::{entitled, Entitled},
    },
    routes::{
        trace::STEP_BYTES,
        update::{auth_hash, UPDATE_BYTES},
    },
};

/// Proves that a step's update was not its signer's to make: no update of this domain, a name that was nobody's or of another registration, a signer that was neither
/// authority nor delegate at the freeze, or a route that outlives the name.
#[derive(Accounts)]
pub struct ChallengeAuthority {
    pub challenger: Signer,
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: Account<QuorumConfig>,
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
    /// The update's Name, or where it would be.
    pub name: UncheckedAccount,
    /// The signer's Delegate record of that name, or where it would be.
    pub record: UncheckedAccount,
}

pub(crate) fn handle(
    accounts: &mut ChallengeAuthority,
    step: [u8; STEP_BYTES],
    update: [u8; UPDATE_BYTES],
    signer: Address,
    sig: [u8; 64],
    proof: &[u8],
) -> Result<()> {
    let ChallengeAuthority { challenger, config, epoch, name, record } = accounts;
    let now = open(config, epoch)?;
    let step = step_in_trace(epoch, &step, proof)?;
    require!(auth_hash::<Syscall>(signer.as_array(), &sig) == step.auth_hash, QuorumError::NotStepsAuth);
    if let Some(update) = steps_update(epoch, &step, &update)? {
        let holding = holding_of(name, &update.name_hash)?;
        let appointment = appointment_of(record, name.address(), &signer)?;
        // Within a generation a name's end only moves away, so what outlives it now did so at the freeze.
        let outlives = holding.as_ref().is_some_and(|holding| {
            holding.generation == update.generation && update.expires_at > holding.expires_at
        });
        let freeze = freeze_of(epoch);
        let found =
            entitled(signer.as_array(), update.generation, &freeze, holding.as_ref(), appointment.as_ref());
        require!(outlives || found == Entitled::No, QuorumError::AuthorityHolds);
    }
    reject(config, epoch, AUTHORITY, challenger.address(), now)
}
