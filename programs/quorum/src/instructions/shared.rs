//! Checks, hashes and announcements that several instructions share.

use crate::{
    error::QuorumError,
    event::{EpochMoved, QuorumConfigChanged},
    state::{Epoch, QuorumConfig, VERSION},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{
    hash::Sha256,
    quorum::{
        epoch::{is_ended, next, Step},
        preimage::Outcome,
    },
};

pub use tolldns_common::{
    account::{now, slot},
    hash::Syscall,
};

/// Refuses an account this program version doesn't know.
#[inline(always)]
pub fn check_version(version: u8) -> Result<()> {
    tolldns_common::account::check_version(version, VERSION)
}

/// Refuses an epoch that is not the one the configuration says runs.
pub fn check_running(config: &QuorumConfig, epoch: &Epoch) -> Result<()> {
    require!(config.running == 1 && config.epoch == epoch.number, QuorumError::WrongEpoch);
    Ok(())
}

/// What a committee votes on.
pub fn digest_of(outcome: &Outcome, domain: &[u8; 32], epoch: u64) -> [u8; 32] {
    Syscall::hash(&[&outcome.preimage(domain, epoch)])
}

/// Moves an epoch on, and tells it.
pub fn advance(epoch: &mut Epoch, step: Step) -> Result<()> {
    epoch.status = next(epoch.status, step).or_refuse()?;
    emit!(EpochMoved { epoch: epoch.number, status: epoch.status, root: epoch.root });
    Ok(())
}

/// Moves the running epoch to its end.
pub fn end(config: &mut QuorumConfig, epoch: &mut Epoch, step: Step, now: u64) -> Result<()> {
    advance(epoch, step)?;
    require!(is_ended(epoch.status), QuorumError::InvariantBroken);
    epoch.ended_at = now;
    config.running = 0;
    Ok(())
}

pub fn announce_config(config: &QuorumConfig) {
    let QuorumConfig { authority, pending_authority, guardian, paused, .. } = *config;
    emit!(QuorumConfigChanged { authority, pending_authority, guardian, paused });
}
