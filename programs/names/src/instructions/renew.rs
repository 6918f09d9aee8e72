use crate::{
    error::NamesError,
    event::NameRenewed,
    instructions::shared::{check_version, now},
    state::{Name, NamesConfig},
    token::{amount_of, check_token_program, pull, TokenAccount},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::tenure::renewed_expiry;

/// Pays for more terms of a name. Anyone may, for any name; never paused.
#[derive(Accounts)]
pub struct Renew {
    pub payer: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(mut, seeds = [b"name", &name.hash], bump = name.bump)]
    pub name: Account<Name>,
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(mut, address = config.treasury @ NamesError::WrongTreasury)]
    pub treasury: UncheckedAccount,
    pub token_program: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut Renew, years: u8) -> Result<()> {
    let Renew { payer, config, name, source, treasury, token_program } = accounts;
    check_version(config.version)?;
    check_version(name.version)?;
    let price = config.terms().price_of(name.label_length as usize, years).or_refuse()?;
    let expires_at =
        renewed_expiry(name.generation, name.expires_at, config.grace, now()?, config.term, years)
            .or_refuse()?;
    check_token_program(config, token_program.address())?;
    TokenAccount::read(source, &config.mint, &config.token_program)?.check_owner(payer.address())?;
    TokenAccount::read(treasury, &config.mint, &config.token_program)?;

    let treasury_before = amount_of(treasury)?;
    pull(config, source, treasury, payer, price)?;
    name.expires_at = expires_at;
    emit!(NameRenewed { name_hash: name.hash, expires_at, price });

    let received = amount_of(treasury)?.checked_sub(treasury_before);
    require!(received == Some(price), NamesError::InvariantBroken);
    Ok(())
}
