use crate::{
    error::EscrowError,
    instructions::shared::{announce_lane, check_running, check_version},
    state::{row_of_generation, Balance, Config, LedgerAccount},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{
    amounts::take,
    conservation::{check_conserved, Owed},
};

/// Adds free balance to the reserve of an open lane.
#[derive(Accounts)]
pub struct TopUpLane {
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

pub(crate) fn handle(accounts: &mut TopUpLane, lane: u16, generation: u16, amount: u64) -> Result<()> {
    let TopUpLane { owner, config, balance, ledger } = accounts;
    check_version(config.version)?;
    check_version(balance.version)?;
    check_version(ledger.version)?;
    check_running(config.paused)?;
    let ledger_address = *ledger.address();
    let row = row_of_generation(ledger, lane, generation)?;
    require!(row.owner == *owner.address(), EscrowError::LaneOwner);
    let before = Owed { free: balance.free, reserved: row.lane().unspent(), credited: 0 };
    let topped_up = row.lane().top_up(amount).or_refuse()?;
    let free = take(balance.free, amount).or_refuse()?;

    row.set_lane(topped_up);
    balance.free = free;
    announce_lane(ledger_address, lane, row);

    let after = Owed { free: balance.free, reserved: row.lane().unspent(), credited: 0 };
    check_conserved(before, after, 0, 0).or_refuse()
}
