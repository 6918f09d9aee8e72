use crate::{
    error::PolicyError,
    instructions::{
        challenged::{open, strike, Challenge},
        shared::Syscall,
    },
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::record::RECORD_BYTES;

/// Strikes a seat for one record that no honest verifier writes. `sides`, `siblings`: its way up to the probes root.
pub(crate) fn handle(
    accounts: &mut Challenge,
    bump: u8,
    seat: u8,
    record: &[u8; RECORD_BYTES],
    sides: u64,
    siblings: &[u8],
) -> Result<()> {
    let reported = open(accounts, seat)?;
    let (siblings, rest) = siblings.as_chunks::<32>();
    require!(rest.is_empty(), PolicyError::ChallengeForm);
    let kind = reported.challenge_record::<Syscall>(record, sides, siblings).or_refuse()?;
    strike(accounts, bump, seat, kind)
}
