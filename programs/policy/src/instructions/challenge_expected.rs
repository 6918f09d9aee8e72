use crate::instructions::{
    challenged::{open, strike, take, two_proofs, Challenge},
    shared::Syscall,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::{challenge::ENTRY_BYTES, record::RECORD_BYTES};

/// Strikes a seat for a record that expects something else than the published set says. `shown`: `record | entry | list proof | list proof of the entry`.
pub(crate) fn handle(accounts: &mut Challenge, seat: u8, shown: &[u8]) -> Result<()> {
    let reported = open(accounts, seat)?;
    let (record, rest) = take::<RECORD_BYTES>(shown)?;
    let (entry, rest) = take::<ENTRY_BYTES>(rest)?;
    let (proof, entry_proof) = two_proofs(rest)?;
    let kind = reported.challenge_expected::<Syscall>(record, &proof, entry, &entry_proof).or_refuse()?;
    strike(accounts, seat, kind)
}
