//! Checks and announcements that several instructions share.

use crate::{
    event::PolicyConfigChanged,
    state::{PolicyConfig, VERSION},
};
use anchor_lang::prelude::*;

pub use tolldns_common::{account::now, admin::check_running, hash::Syscall};

/// Refuses an account this program version doesn't know.
#[inline(always)]
pub fn check_version(version: u8) -> Result<()> {
    tolldns_common::account::check_version(version, VERSION)
}

pub fn announce_config(config: &PolicyConfig) {
    let PolicyConfig { authority, pending_authority, guardian, paused, .. } = *config;
    emit!(PolicyConfigChanged { authority, pending_authority, guardian, paused });
}
