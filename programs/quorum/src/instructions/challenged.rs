//! What every challenge begins and ends with, and how its bytes are read.

use crate::{
    error::QuorumError,
    event::ChallengeProven,
    instructions::shared::{check_running, check_version, end, now, Syscall},
    state::{Epoch, QuorumConfig},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{
    hash::Sha256,
    quorum::{
        challenge::Trace,
        entitled::Freeze,
        epoch::{next, Step as Move},
    },
    routes::{
        list::ListProof,
        map::{MapProof, Place},
        trace::{Step, STEP_BYTES},
        update::{Entry, Update, UPDATE_BYTES},
    },
};

/// Refuses a challenge of anything but the running epoch, attested and within its window.
pub fn open(config: &QuorumConfig, epoch: &Epoch) -> Result<u64> {
    check_version(config.version)?;
    check_version(epoch.version)?;
    next(epoch.status, Move::Reject).or_refuse()?;
    check_running(config, epoch)?;
    let now = now()?;
    epoch.times().check_challenge(epoch.attested_at, now).or_refuse()?;
    Ok(now)
}

/// Ends the epoch as rejected: the last final root stays, and who voted for this one may be slashed.
pub fn reject(
    config: &mut QuorumConfig,
    epoch: &mut Epoch,
    kind: u8,
    challenger: &Address,
    now: u64,
) -> Result<()> {
    epoch.challenge = kind;
    epoch.challenger = *challenger;
    end(config, epoch, Move::Reject, now)?;
    emit!(ChallengeProven { epoch: epoch.number, kind, challenger: *challenger });
    Ok(())
}

pub fn trace_of(epoch: &Epoch) -> Trace {
    let Epoch { previous_root, root, updates_root, count, .. } = *epoch;
    Trace { previous_root, root, updates_root, count }
}

pub fn freeze_of(epoch: &Epoch) -> Freeze {
    Freeze { slot: epoch.frozen_slot, at: epoch.frozen_at }
}

/// Reads a step that its proof shows in the attested trace.
pub fn step_in_trace(epoch: &Epoch, step: &[u8; STEP_BYTES], proof: &[u8]) -> Result<Step> {
    let step = Step::read(step);
    let proof = ListProof::parse(proof).ok_or(QuorumError::ChallengeForm)?;
    require!(trace_of(epoch).holds::<Syscall>(&step, &proof), QuorumError::NotInTrace);
    Ok(step)
}

/// The step's update, `None` if what the step names is no update of this domain.
pub fn steps_update(epoch: &Epoch, step: &Step, bytes: &[u8; UPDATE_BYTES]) -> Result<Option<Update>> {
    require!(Syscall::hash(&[bytes]) == step.update_hash, QuorumError::NotStepsUpdate);
    Ok(Update::decode(bytes, &epoch.domain))
}

/// Reads a map proof. What it claims the map has of the name comes before it: `1 | generation u32 | version u64 | update hash 32`, or `0`.
pub fn map_claim(bytes: &[u8]) -> Result<(Option<Entry>, MapProof<'_>)> {
    let (&there, rest) = bytes.split_first().ok_or(QuorumError::ChallengeForm)?;
    let (held, rest) = match there {
        0 => (None, rest),
        1 => {
            let (entry, rest) = rest.split_first_chunk::<44>().ok_or(QuorumError::ChallengeForm)?;
            (Some(read_entry(entry)), rest)
        }
        _ => return Err(QuorumError::ChallengeForm.into()),
    };
    let proof = MapProof::parse(rest).ok_or(QuorumError::ChallengeForm)?;
    require!(held.is_some() == (proof.place() == Place::Name), QuorumError::ChallengeForm);
    Ok((held, proof))
}

fn read_entry(bytes: &[u8; 44]) -> Entry {
    let (mut generation, mut version, mut update_hash) = ([0; 4], [0; 8], [0; 32]);
    generation.copy_from_slice(&bytes[..4]);
    version.copy_from_slice(&bytes[4..12]);
    update_hash.copy_from_slice(&bytes[12..]);
    Entry { generation: u32::from_le_bytes(generation), version: u64::from_le_bytes(version), update_hash }
}

/// Cuts a list proof from what follows it.
pub fn split_list_proof(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    let length = *bytes.first().ok_or(QuorumError::ChallengeForm)? as usize;
    bytes.split_at_checked(1 + 32 * length).ok_or(QuorumError::ChallengeForm.into())
}
