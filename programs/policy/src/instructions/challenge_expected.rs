use crate::instructions::{
    challenged::{open, strike, two_proofs, Challenge},
    shared::Syscall,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::record::{ENTRY_BYTES, RECORD_BYTES};

/// Strikes a seat for a record that expects something else than the published set says. `proofs`: the record's list proof, then the entry's.
pub(crate) fn handle(
    accounts: &mut Challenge,
    bump: u8,
    seat: u8,
    record: &[u8; RECORD_BYTES],
    entry: &[u8; ENTRY_BYTES],
    proofs: &[u8],
) -> Result<()> {
    let reported = open(accounts, seat)?;
    let (proof, entry_proof) = two_proofs(proofs)?;
    let kind = reported.challenge_expected::<Syscall>(record, &proof, entry, &entry_proof).or_refuse()?;
    strike(accounts, bump, seat, kind)
}
