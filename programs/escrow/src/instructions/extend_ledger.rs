use crate::{
    error::EscrowError,
    instructions::shared::{check_running, check_version},
    state::{Config, LaneRow, LedgerAccount},
};
use anchor_lang::{prelude::*, programs::System, AccountRealloc};
use bytemuck::Zeroable;

/// The runtime lets an account grow by 10 KiB an instruction: 106 rows of 96 bytes.
const MAX_ROWS_AT_ONCE: u16 = 106;
/// Vouchers number lanes with 16 bits; 65 535 rows keep the count itself in 16 bits too.
const MAX_ROWS: usize = 65_535;

/// Adds rows to a ledger, at the operator's expense.
#[derive(Accounts)]
pub struct ExtendLedger {
    #[account(mut)]
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
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut ExtendLedger, rows: u16) -> Result<()> {
    let ExtendLedger { operator, config, ledger, system_program: _ } = accounts;
    check_version(config.version)?;
    check_version(ledger.version)?;
    check_running(config.paused)?;
    require!((1..=MAX_ROWS_AT_ONCE).contains(&rows), EscrowError::RowsInvalid);
    let total = ledger.len() + rows as usize;
    require!(total <= MAX_ROWS, EscrowError::LedgerFull);

    ledger.realloc_account(LedgerAccount::try_space_for(total as u32)?, *operator.account(), false)?;
    for _ in 0..rows {
        ledger.try_push(LaneRow::zeroed())?;
    }
    Ok(())
}
