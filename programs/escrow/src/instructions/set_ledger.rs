use crate::{
    error::EscrowError,
    instructions::shared::{check_share_account, check_version},
    state::{Config, LedgerAccount},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{amounts::MAX_AMOUNT, ensure, Refusal};

/// Changes what an operator may change while lanes are open: the smallest reserve of new ones, and where its own share goes.
#[derive(Accounts)]
pub struct SetLedger {
    pub operator: Signer,
    #[account(seeds = [b"config"], bump)]
    pub config: Account<Config>,
    #[account(
        mut,
        seeds = [b"ledger", &config.genesis_hash, ledger.operator.as_ref(), &ledger.index.to_le_bytes()],
        bump = ledger.bump,
        constraint = ledger.operator == *operator.address() @ EscrowError::NotOperator
    )]
    pub ledger: LedgerAccount,
    pub payout: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut SetLedger, min_reserve: u64) -> Result<()> {
    let SetLedger { operator: _, config, ledger, payout } = accounts;
    check_version(config.version)?;
    check_version(ledger.version)?;
    ensure(min_reserve <= MAX_AMOUNT, Refusal::AmountTooLarge).or_refuse()?;
    check_share_account(payout, config, &[&config.vault, &config.treasury, &config.names_pool])?;

    ledger.min_reserve = min_reserve;
    ledger.payout = *payout.address();
    Ok(())
}
