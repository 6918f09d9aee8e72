use crate::instructions::{
    challenged::{open, strike, two_proofs, Challenge},
    shared::Syscall,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::record::RECORD_BYTES;

/// Strikes a seat for two records in a row, the second of which does not follow the first. `proofs`: their list proofs.
pub(crate) fn handle(
    accounts: &mut Challenge,
    bump: u8,
    seat: u8,
    records: [&[u8; RECORD_BYTES]; 2],
    proofs: &[u8],
) -> Result<()> {
    let reported = open(accounts, seat)?;
    let (first, second) = two_proofs(proofs)?;
    let kind =
        reported.challenge_order::<Syscall>((records[0], &first), (records[1], &second)).or_refuse()?;
    strike(accounts, bump, seat, kind)
}
