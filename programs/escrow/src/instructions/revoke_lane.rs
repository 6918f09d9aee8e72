use crate::{
    error::EscrowError,
    instructions::shared::{announce_lane, check_version, now},
    state::{row_of_generation, LedgerAccount},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;

/// Stops a lane's session key. What it signed can be settled until the deadline. Never paused: it is the owner's emergency stop.
#[derive(Accounts)]
pub struct RevokeLane {
    pub owner: Signer,
    #[account(mut)]
    pub ledger: LedgerAccount,
}

pub(crate) fn handle(accounts: &mut RevokeLane, lane: u16, generation: u16) -> Result<()> {
    let RevokeLane { owner, ledger } = accounts;
    check_version(ledger.version)?;
    let (ledger_address, grace_seconds) = (*ledger.address(), ledger.grace_seconds);
    let row = row_of_generation(ledger, lane, generation)?;
    require!(row.owner == *owner.address(), EscrowError::LaneOwner);
    let revoked = row.lane().revoke(now()?, grace_seconds).or_refuse()?;

    row.set_lane(revoked);
    announce_lane(ledger_address, lane, row);
    Ok(())
}
