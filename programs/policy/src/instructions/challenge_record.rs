use crate::{
    error::PolicyError,
    instructions::{
        challenged::{open, strike, take, Challenge},
        shared::Syscall,
    },
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::record::RECORD_BYTES;

/// Strikes a seat for one record that no honest verifier writes. `shown`: `record | sides u64 | siblings`, its way up to the probes root.
pub(crate) fn handle(accounts: &mut Challenge, seat: u8, shown: &[u8]) -> Result<()> {
    let reported = open(accounts, seat)?;
    let (record, rest) = take::<RECORD_BYTES>(shown)?;
    let (sides, rest) = take::<8>(rest)?;
    let (siblings, rest) = rest.as_chunks::<32>();
    require!(rest.is_empty(), PolicyError::ChallengeForm);
    let sides = u64::from_le_bytes(*sides);
    let kind = reported.challenge_record::<Syscall>(record, sides, siblings).or_refuse()?;
    strike(accounts, seat, kind)
}
