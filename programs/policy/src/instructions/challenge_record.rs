use crate::{
    error::PolicyError,
    instructions::{
        challenged::{open, strike, take, Challenge},
        shared::Syscall,
    },
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{policy::record::RECORD_BYTES, routes::way::Way};

/// Strikes a seat for one record that no honest verifier writes. `shown`: `record | sides u64 | siblings`, its way up to the probes root.
pub(crate) fn handle(accounts: &mut Challenge, seat: u8, shown: &[u8]) -> Result<()> {
    let reported = open(accounts, seat)?;
    let (record, rest) = take::<RECORD_BYTES>(shown)?;
    let way = Way::parse(rest).ok_or(PolicyError::ChallengeForm)?;
    let kind = reported.challenge_record::<Syscall>(record, &way).or_refuse()?;
    strike(accounts, seat, kind)
}
