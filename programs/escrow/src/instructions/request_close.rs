use crate::{
    error::EscrowError,
    instructions::shared::{announce_lane, check_version, now},
    state::{row_of_generation, LedgerAccount},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;

/// Asks for a lane's end. Never paused.
#[derive(Accounts)]
pub struct RequestClose {
    pub owner: Signer,
    #[account(mut)]
    pub ledger: LedgerAccount,
}

pub(crate) fn handle(accounts: &mut RequestClose, lane: u16, generation: u16) -> Result<()> {
    let RequestClose { owner, ledger } = accounts;
    check_version(ledger.version)?;
    let (ledger_address, grace_seconds) = (*ledger.address(), ledger.grace_seconds);
    let row = row_of_generation(ledger, lane, generation)?;
    require!(row.owner == *owner.address(), EscrowError::LaneOwner);
    let closing = row.lane().request_close(now()?, grace_seconds).or_refuse()?;

    row.set_lane(closing);
    announce_lane(ledger_address, lane, row);
    Ok(())
}
