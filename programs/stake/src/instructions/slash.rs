use crate::{
    error::StakeError,
    event::Slashed,
    instructions::shared::{announce_operator, check_share_account, check_version, now},
    state::{Operator, StakeConfig, JAILED},
};
use anchor_lang::prelude::*;
use tolldns_common::{
    fault::OrRefuse,
    token::{amount_of, burn, check_token_program, pay, TokenAccount},
};
use tolldns_core::stake::pool::{self, divide};

/// Takes an offence's part of the pool, exiting shares' too, and jails the operator. The tokens leave the vault in the same instruction: to the reporter, to
/// nobody, to the treasury. Nothing that somebody does to those accounts holds it up. Never paused.
#[derive(Accounts)]
pub struct Slash {
    /// The quorum program's address, which signs when something was proven.
    #[account(address = config.slasher @ StakeError::NotSlasher)]
    pub slasher: Signer,
    #[account(seeds = [b"stake"], bump)]
    pub config: Account<StakeConfig>,
    #[account(mut, seeds = [b"operator", operator.owner.as_ref()], bump = operator.bump)]
    pub operator: Account<Operator>,
    #[account(mut, address = config.vault @ StakeError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(mut, address = config.mint @ StakeError::MintInvalid)]
    pub mint: UncheckedAccount,
    #[account(mut, address = config.treasury @ StakeError::WrongTreasury)]
    pub treasury: UncheckedAccount,
    /// Where it can take nothing, its part goes with the rest.
    #[account(mut)]
    pub reporter: UncheckedAccount,
    pub token_program: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut Slash, offence: u8) -> Result<()> {
    let Slash { slasher: _, config, operator, vault, mint, treasury, reporter, token_program } = accounts;
    check_version(config.version)?;
    check_version(operator.version)?;
    let terms = config.terms();
    let bps = terms.slash_bps(offence).or_refuse()?;
    check_token_program(&config.token_program, token_program.address())?;
    let takes = |account: &AccountView| {
        let good = TokenAccount::read(account, &config.mint, &config.token_program).is_ok();
        good && *account.address() != config.vault
    };
    let reporter_bps = if takes(reporter) { terms.reporter_bps } else { 0 };
    let mut pool = operator.pool();
    let taken = pool.slash(bps);
    let mut parts = divide(taken, reporter_bps, terms.burn_bps);
    if check_share_account(treasury, config).is_err() {
        parts.burned += core::mem::take(&mut parts.treasury);
    }
    let pool::Slashed { reporter: rewarded, burned, treasury: kept } = parts;

    let vault_before = amount_of(vault)?;
    operator.set_pool(pool);
    operator.flags |= JAILED;
    operator.slashed_at = now()?;
    let signer = (config.view(), &b"stake"[..], config.bump);
    pay(&config.token_program, signer, vault, reporter, rewarded)?;
    burn(&config.token_program, signer, vault, mint, burned)?;
    pay(&config.token_program, signer, vault, treasury, kept)?;
    let address = *operator.address();
    emit!(Slashed { operator: address, offence, taken, reporter: rewarded, burned, treasury: kept });
    announce_operator(&address, operator);

    let gone = vault_before.checked_sub(amount_of(vault)?);
    require!(gone == Some(taken), StakeError::InvariantBroken);
    Ok(())
}
