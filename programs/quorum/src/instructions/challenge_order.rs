use crate::{
    error::QuorumError,
    instructions::{
        challenged::{open, reject, split_list_proof, step_in_trace, steps_update, trace_of},
        shared::Syscall,
    },
    state::{Epoch, EpochAccount, QuorumConfig},
};
use anchor_lang::prelude::*;
use tolldns_core::{
    quorum::challenge::{Trace, ORDER},
    routes::{
        trace::{Step, STEP_BYTES},
        update::UPDATE_BYTES,
        way::Way,
    },
};

/// The first step does not begin at the previous root. `step | list proof`
pub const BEGIN: u8 = 1;
/// The last does not end at the root. `step | list proof`
pub const END: u8 = 2;
/// A step does not begin where the one before ended. `step | list proof | step | list proof`
pub const LINK: u8 = 3;
/// A step's name does not come after that of the one before. `step | list proof | step | list proof | update | update`
pub const SORT: u8 = 4;
/// A step is not where its index and the count put it. `step | sides u64 | siblings`
pub const PLACE: u8 = 5;

/// Proves that a trace does not begin, go on or end as it must.
#[derive(Accounts)]
pub struct ChallengeOrder {
    pub challenger: Signer,
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: Account<QuorumConfig>,
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
}

pub(crate) fn handle(accounts: &mut ChallengeOrder, claim: u8, shown: &[u8]) -> Result<()> {
    let ChallengeOrder { challenger, config, epoch } = accounts;
    let now = open(config, epoch)?;
    require!(is_wrong(epoch, claim, shown)?, QuorumError::OrderHolds);
    reject(config, epoch, ORDER, challenger.address(), now)
}

fn is_wrong(epoch: &Epoch, claim: u8, shown: &[u8]) -> Result<bool> {
    let trace = trace_of(epoch);
    match claim {
        BEGIN | END => {
            let (step, rest) = take_step(epoch, shown)?;
            require!(rest.is_empty(), QuorumError::ChallengeForm);
            Ok(if claim == BEGIN { trace.begins_wrong(&step) } else { trace.ends_wrong(&step) })
        }
        LINK => {
            let (first, rest) = take_step(epoch, shown)?;
            let (second, rest) = take_step(epoch, rest)?;
            require!(rest.is_empty(), QuorumError::ChallengeForm);
            Ok(Trace::goes_on_wrong(&first, &second))
        }
        SORT => {
            let (first, rest) = take_step(epoch, shown)?;
            let (second, rest) = take_step(epoch, rest)?;
            let (updates, rest) = rest.as_chunks::<UPDATE_BYTES>();
            require!(updates.len() == 2 && rest.is_empty(), QuorumError::ChallengeForm);
            let name_of = |step: &Step, update: &[u8; UPDATE_BYTES]| -> Result<[u8; 32]> {
                let update = steps_update(epoch, step, update)?.ok_or(QuorumError::NotStepsUpdate)?;
                Ok(update.name_hash)
            };
            let (one, other) = (name_of(&first, &updates[0])?, name_of(&second, &updates[1])?);
            Ok(Trace::is_unsorted(&first, &one, &second, &other))
        }
        PLACE => {
            let (step, rest) = shown.split_first_chunk::<STEP_BYTES>().ok_or(QuorumError::ChallengeForm)?;
            let way = Way::parse(rest).ok_or(QuorumError::ChallengeForm)?;
            Ok(trace.is_misplaced::<Syscall>(&Step::read(step), &way))
        }
        _ => Err(QuorumError::ChallengeForm.into()),
    }
}

/// Reads a step and the proof that it is in the trace.
fn take_step<'a>(epoch: &Epoch, shown: &'a [u8]) -> Result<(Step, &'a [u8])> {
    let (step, rest) = shown.split_first_chunk::<STEP_BYTES>().ok_or(QuorumError::ChallengeForm)?;
    let (proof, rest) = split_list_proof(rest)?;
    Ok((step_in_trace(epoch, step, proof)?, rest))
}
