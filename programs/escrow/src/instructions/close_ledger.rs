use crate::{error::EscrowError, instructions::shared::check_version, state::LedgerAccount};
use anchor_lang::{pinocchio::Resize, prelude::*};

/// Ends a ledger that owes nothing, and returns the rent of its header and rows. An empty account stays at the address for good, with the rent of an
/// account without data: generations begin again in a new ledger, so the same address would bring old vouchers back to life.
#[derive(Accounts)]
pub struct CloseLedger {
    #[account(mut)]
    pub operator: Signer,
    #[account(mut, constraint = ledger.operator == *operator.address() @ EscrowError::NotOperator)]
    pub ledger: LedgerAccount,
}

pub(crate) fn handle(accounts: &mut CloseLedger) -> Result<()> {
    let CloseLedger { operator, ledger } = accounts;
    check_version(ledger.version)?;
    require!(ledger.open_lanes == 0, EscrowError::LedgerHasLanes);
    require!(ledger.credited == ledger.distributed, EscrowError::LedgerUndistributed);

    let mut view = *ledger.account();
    let kept = anchor_lang::cpi::rent_exempt_lamports(0)?;
    let returned = view.lamports().checked_sub(kept).ok_or(EscrowError::InvariantBroken)?;
    let mut receiver = *operator.account();
    receiver.set_lamports(receiver.lamports().checked_add(returned).ok_or(EscrowError::InvariantBroken)?);
    view.set_lamports(kept);
    // SAFETY: `ledger` is the only holder of this account's data, and nothing reads through it after this.
    unsafe { view.resize_unchecked(0) }
}
