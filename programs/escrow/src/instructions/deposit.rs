use crate::{
    error::EscrowError,
    instructions::shared::{announce_balance, check_running, check_version},
    state::{Balance, Config, VERSION},
    token::{amount_of, check_token_program, pull, TokenAccount},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::fault::OrRefuse;
use tolldns_core::{
    amounts::{add_capped, check_amount},
    conservation::{check_conserved, Owed},
};

/// Moves Index Units from a wallet's token account into the vault and onto its free balance.
#[derive(Accounts)]
pub struct Deposit {
    #[account(mut)]
    pub owner: Signer,
    #[account(seeds = [b"config"], bump)]
    pub config: Account<Config>,
    #[account(init_if_needed, payer = owner, seeds = [b"balance", owner.address().as_ref()], bump)]
    pub balance: Account<Balance>,
    /// The owner's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(mut, address = config.vault @ EscrowError::WrongVault)]
    pub vault: UncheckedAccount,
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut Deposit, balance_bump: u8, amount: u64) -> Result<()> {
    let Deposit { owner, config, balance, source, vault, token_program, system_program: _ } = accounts;
    check_version(config.version)?;
    check_running(config.paused)?;
    check_amount(amount).or_refuse()?;
    check_token_program(config, token_program.address())?;
    TokenAccount::read(source, &config.mint, &config.token_program)?.check_owner(owner.address())?;
    if balance.version == 0 {
        // Just created: the runtime gave zeroes.
        **balance = Balance {
            version: VERSION,
            bump: balance_bump,
            reserved: [0; 2],
            open_lanes: 0,
            free: 0,
            owner: *owner.address(),
        };
    }
    check_version(balance.version)?;
    let free = add_capped(balance.free, amount).or_refuse()?;

    let (vault_before, free_before) = (amount_of(vault)?, balance.free);
    pull(config, source, vault, owner, amount)?;
    balance.free = free;
    announce_balance(balance);

    let received = amount_of(vault)?.checked_sub(vault_before).ok_or(EscrowError::InvariantBroken)?;
    let owed = |free| Owed { free, ..Owed::default() };
    check_conserved(owed(free_before), owed(balance.free), received, 0).or_refuse()
}
