use crate::{
    error::EscrowError,
    instructions::shared::{announce_lane, check_version, now},
    state::{row_of_generation, Balance, LedgerAccount},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{
    amounts::add,
    conservation::{check_conserved, Owed},
};

/// Ends a lane and gives the unspent reserve back to its owner's free balance. Never paused.
#[derive(Accounts)]
pub struct CloseLane {
    /// Anyone once the lane is due; the operator at any time.
    pub closer: Signer,
    /// The Balance of the lane's owner.
    #[account(mut, seeds = [b"balance", balance.owner.as_ref()], bump = balance.bump)]
    pub balance: Account<Balance>,
    #[account(mut)]
    pub ledger: LedgerAccount,
}

pub(crate) fn handle(accounts: &mut CloseLane, lane: u16, generation: u16) -> Result<()> {
    let CloseLane { closer, balance, ledger } = accounts;
    check_version(balance.version)?;
    check_version(ledger.version)?;
    let by_operator = *closer.address() == ledger.operator;
    let (ledger_address, open_lanes) = (*ledger.address(), ledger.open_lanes);
    let row = row_of_generation(ledger, lane, generation)?;
    let closed = row.lane().close(now()?, by_operator).or_refuse()?;
    require!(row.owner == balance.owner, EscrowError::BalanceOwner);
    let before = Owed { free: balance.free, reserved: row.lane().unspent(), credited: 0 };

    balance.free = add(balance.free, row.lane().unspent()).or_refuse()?;
    balance.open_lanes = balance.open_lanes.checked_sub(1).ok_or(EscrowError::InvariantBroken)?;
    row.set_lane(closed);
    announce_lane(ledger_address, lane, row);
    row.owner = Address::default();
    row.session_key = Address::default();
    let reserved = row.lane().unspent();
    ledger.open_lanes = open_lanes.checked_sub(1).ok_or(EscrowError::InvariantBroken)?;

    check_conserved(before, Owed { free: balance.free, reserved, credited: 0 }, 0, 0).or_refuse()
}
