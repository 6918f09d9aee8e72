use crate::{
    error::EscrowError,
    instructions::shared::{announce_lane, check_version, now},
    state::{row_of_generation, LedgerAccount},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;

/// Gives a lane a new session key. Vouchers of the old one die with it, so the operator signs too, unless the old key was revoked and its deadline
/// has passed. The operator's place is left out by passing the program's own address.
#[derive(Accounts)]
pub struct RekeyLane {
    pub owner: Signer,
    #[account(mut)]
    pub ledger: LedgerAccount,
    pub operator: Option<Signer>,
}

pub(crate) fn handle(
    accounts: &mut RekeyLane,
    lane: u16,
    generation: u16,
    session_key: Address,
) -> Result<()> {
    let RekeyLane { owner, ledger, operator } = accounts;
    check_version(ledger.version)?;
    let operator_signed = match operator {
        Some(operator) => {
            require!(*operator.address() == ledger.operator, EscrowError::NotOperator);
            true
        }
        None => false,
    };
    let ledger_address = *ledger.address();
    let row = row_of_generation(ledger, lane, generation)?;
    require!(row.owner == *owner.address(), EscrowError::LaneOwner);
    let rekeyed = row.lane().rekey(now()?, operator_signed).or_refuse()?;

    row.session_key = session_key;
    row.set_lane(rekeyed);
    announce_lane(ledger_address, lane, row);
    Ok(())
}
