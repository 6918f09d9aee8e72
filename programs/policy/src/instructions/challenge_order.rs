use crate::instructions::{
    challenged::{open, strike, take, two_proofs, Challenge},
    shared::Syscall,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::record::RECORD_BYTES;

/// Strikes a seat for two records in a row, the second of which does not follow the first. `shown`: `record | record | list proof | list proof`.
pub(crate) fn handle(accounts: &mut Challenge, seat: u8, shown: &[u8]) -> Result<()> {
    let reported = open(accounts, seat)?;
    let (first, rest) = take::<RECORD_BYTES>(shown)?;
    let (second, rest) = take::<RECORD_BYTES>(rest)?;
    let (proof, second_proof) = two_proofs(rest)?;
    let kind = reported.challenge_order::<Syscall>((first, &proof), (second, &second_proof)).or_refuse()?;
    strike(accounts, seat, kind)
}
