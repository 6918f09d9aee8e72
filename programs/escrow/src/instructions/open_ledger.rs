use crate::{
    error::EscrowError,
    instructions::shared::{check_running, check_share_account, check_version},
    state::{Config, Ledger, LedgerAccount, VERSION},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::{account::create, fault::OrRefuse};
use tolldns_core::{amounts::MAX_AMOUNT, ensure, Refusal};

/// Opens a gateway's ledger, without rows yet.
#[derive(Accounts)]
#[instruction(index: u16)]
pub struct OpenLedger {
    #[account(mut)]
    pub operator: Signer,
    #[account(seeds = [b"config"], bump)]
    pub config: Account<Config>,
    #[account(mut, seeds = [b"ledger", &config.genesis_hash, operator.address().as_ref(), &index.to_le_bytes()], bump)]
    pub ledger: UncheckedAccount,
    /// Token account of the operator's share.
    pub payout: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut OpenLedger, bump: u8, index: u16, min_reserve: u64) -> Result<()> {
    let OpenLedger { operator, config, ledger, payout, system_program: _ } = accounts;
    check_version(config.version)?;
    check_running(config.paused)?;
    ensure(min_reserve <= MAX_AMOUNT, Refusal::AmountTooLarge).or_refuse()?;
    // Open now, or closed before: `close_ledger` leaves its mark, so that no voucher of an earlier ledger is good in a later one.
    require!(!ledger.owned_by(&crate::ID), EscrowError::LedgerIndexUsed);
    check_share_account(payout, config, &[&config.vault, &config.treasury, &config.names_pool])?;

    let seeds: [&[u8]; 5] =
        [b"ledger", &config.genesis_hash, operator.address().as_ref(), &index.to_le_bytes(), &[bump]];
    let mut ledger: LedgerAccount = create(operator, ledger, &seeds)?;
    *ledger = Ledger {
        version: VERSION,
        bump,
        index,
        grace_seconds: config.grace_seconds,
        operator: *operator.address(),
        payout: *payout.address(),
        min_reserve,
        credited: 0,
        distributed: 0,
        open_lanes: 0,
        reserved: [0; 4],
    };
    Ok(())
}
