use crate::{
    error::EscrowError,
    event::Distributed,
    instructions::shared::check_version,
    state::{Config, LedgerAccount},
    token::{amount_of, check_token_program, pay},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::conservation::{check_conserved, Owed};

/// Pays out what a ledger was credited since the last time. Anyone may send it: where the shares go is fixed.
#[derive(Accounts)]
pub struct Distribute {
    #[account(seeds = [b"config"], bump)]
    pub config: Account<Config>,
    #[account(
        mut,
        seeds = [b"ledger", &config.genesis_hash, ledger.operator.as_ref(), &ledger.index.to_le_bytes()],
        bump = ledger.bump
    )]
    pub ledger: LedgerAccount,
    #[account(mut, address = config.vault @ EscrowError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(mut, address = ledger.payout @ EscrowError::WrongPayout)]
    pub payout: UncheckedAccount,
    #[account(mut, address = config.names_pool @ EscrowError::WrongNamesPool)]
    pub names_pool: UncheckedAccount,
    #[account(mut, address = config.treasury @ EscrowError::WrongTreasury)]
    pub treasury: UncheckedAccount,
    pub token_program: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut Distribute) -> Result<()> {
    let Distribute { config, ledger, vault, payout, names_pool, treasury, token_program } = accounts;
    check_version(config.version)?;
    check_version(ledger.version)?;
    check_token_program(config, token_program.address())?;
    let amount = ledger.credited.checked_sub(ledger.distributed).ok_or(EscrowError::InvariantBroken)?;
    require!(amount != 0, EscrowError::NothingToDistribute);
    let shares = config.split().divide(amount);

    let vault_before = amount_of(vault)?;
    ledger.distributed = ledger.credited;
    pay(config, config.view(), vault, payout, shares.operator)?;
    pay(config, config.view(), vault, names_pool, shares.names)?;
    pay(config, config.view(), vault, treasury, shares.treasury)?;
    emit!(Distributed {
        ledger: *ledger.address(),
        operator: shares.operator,
        names: shares.names,
        treasury: shares.treasury,
    });

    let paid = vault_before.checked_sub(amount_of(vault)?).ok_or(EscrowError::InvariantBroken)?;
    let before = Owed { credited: amount, ..Owed::default() };
    check_conserved(before, Owed::default(), 0, paid).or_refuse()
}
