use crate::{
    error::EscrowError,
    instructions::shared::{announce_balance, check_version},
    state::{Balance, Config},
    token::{amount_of, check_token_program, pay, TokenAccount},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::{
    amounts::take,
    conservation::{check_conserved, Owed},
    ensure, Refusal,
};

/// Moves free balance out of the vault to any token account the owner names. Never paused.
#[derive(Accounts)]
pub struct Withdraw {
    pub owner: Signer,
    #[account(seeds = [b"config"], bump)]
    pub config: Account<Config>,
    #[account(mut, seeds = [b"balance", owner.address().as_ref()], bump = balance.bump)]
    pub balance: Account<Balance>,
    #[account(mut, address = config.vault @ EscrowError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(mut)]
    pub destination: UncheckedAccount,
    pub token_program: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut Withdraw, amount: u64) -> Result<()> {
    let Withdraw { owner: _, config, balance, vault, destination, token_program } = accounts;
    check_version(config.version)?;
    check_version(balance.version)?;
    ensure(amount != 0, Refusal::AmountZero).or_refuse()?;
    check_token_program(config, token_program.address())?;
    TokenAccount::read(destination, &config.mint, &config.token_program)?;
    let free = take(balance.free, amount).or_refuse()?;

    let (vault_before, free_before) = (amount_of(vault)?, balance.free);
    balance.free = free;
    pay(config, config.view(), vault, destination, amount)?;
    announce_balance(balance);

    let paid = vault_before.checked_sub(amount_of(vault)?).ok_or(EscrowError::InvariantBroken)?;
    let owed = |free| Owed { free, ..Owed::default() };
    check_conserved(owed(free_before), owed(balance.free), 0, paid).or_refuse()
}
