use crate::{
    instructions::shared::{announce_lane, check_running, check_version},
    state::{row_mut, Balance, Config, LedgerAccount},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{
    amounts::take,
    conservation::{check_conserved, Owed},
    Refusal,
};

/// Sets part of a free balance aside for one gateway, spendable by vouchers of a session key.
#[derive(Accounts)]
pub struct OpenLane {
    pub owner: Signer,
    #[account(seeds = [b"config"], bump)]
    pub config: Account<Config>,
    #[account(mut, seeds = [b"balance", owner.address().as_ref()], bump = balance.bump)]
    pub balance: Account<Balance>,
    #[account(
        mut,
        seeds = [b"ledger", &config.genesis_hash, ledger.operator.as_ref(), &ledger.index.to_le_bytes()],
        bump = ledger.bump
    )]
    pub ledger: LedgerAccount,
}

pub(crate) fn handle(accounts: &mut OpenLane, lane: u16, session_key: Address, reserve: u64) -> Result<()> {
    let OpenLane { owner, config, balance, ledger } = accounts;
    check_version(config.version)?;
    check_version(balance.version)?;
    check_version(ledger.version)?;
    check_running(config.paused)?;
    let min_reserve = ledger.min_reserve;
    let (ledger_address, free_before) = (*ledger.address(), balance.free);
    let row = row_mut(ledger, lane)?;
    let opened = row.lane().open(reserve, min_reserve).or_refuse()?;
    let free = take(balance.free, reserve).or_refuse()?;

    row.owner = *owner.address();
    row.session_key = session_key;
    row.set_lane(opened);
    announce_lane(ledger_address, lane, row);
    let reserved = row.lane().unspent();
    balance.free = free;
    balance.open_lanes = balance.open_lanes.checked_add(1).ok_or(Refusal::AmountOverflow).or_refuse()?;
    ledger.open_lanes += 1;

    let before = Owed { free: free_before, ..Owed::default() };
    check_conserved(before, Owed { free: balance.free, reserved, credited: 0 }, 0, 0).or_refuse()
}
