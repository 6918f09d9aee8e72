use crate::{
    instructions::shared::{announce_config, check_share_account},
    state::{Config, VERSION},
    token::DECIMALS,
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::{
    account::create,
    admin::check_first,
    fault::OrRefuse,
    token::{check_mint, create_vault},
};
use tolldns_core::{split::Split, terms::check_terms};

/// What the upgrade authority decides once.
pub struct Terms {
    pub genesis_hash: [u8; 32],
    pub operator_bps: u16,
    pub names_bps: u16,
    pub treasury_bps: u16,
    pub settlement_interval: u32,
    pub grace_seconds: u32,
    pub guardian: Address,
}

/// Creates the configuration and the vault. Only the program's upgrade authority can, so nobody gets in first.
#[derive(Accounts)]
pub struct Initialize {
    #[account(mut)]
    pub authority: Signer,
    #[account(mut, seeds = [b"config"], bump)]
    pub config: UncheckedAccount,
    /// Becomes a token account of `mint`, owned by the configuration's address.
    #[account(mut, seeds = [b"vault"], bump)]
    pub vault: UncheckedAccount,
    pub mint: UncheckedAccount,
    pub treasury: UncheckedAccount,
    pub names_pool: UncheckedAccount,
    /// The loader's record of who may upgrade this program.
    pub program_data: UncheckedAccount,
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut Initialize, config_bump: u8, vault_bump: u8, terms: Terms) -> Result<()> {
    let Initialize {
        authority,
        config,
        vault,
        mint,
        treasury,
        names_pool,
        program_data,
        token_program,
        system_program: _,
    } = accounts;
    let Terms {
        genesis_hash,
        operator_bps,
        names_bps,
        treasury_bps,
        settlement_interval,
        grace_seconds,
        guardian,
    } = terms;
    check_first(&crate::ID, config.account(), program_data.account(), authority.address())?;
    let split = Split { operator_bps, names_bps, treasury_bps };
    check_terms(split, settlement_interval, grace_seconds).or_refuse()?;
    check_mint(mint, token_program, DECIMALS)?;

    let (config_address, vault_address) = (*config.address(), *vault.address());
    let mut config: Account<Config> = create(authority, config, &[b"config", &[config_bump]])?;
    *config = Config {
        version: VERSION,
        bump: config_bump,
        vault_bump,
        paused: 0,
        operator_bps,
        names_bps,
        treasury_bps,
        reserved: [0; 2],
        settlement_interval,
        grace_seconds,
        authority: *authority.address(),
        pending_authority: Address::default(),
        guardian,
        mint: *mint.address(),
        token_program: *token_program.address(),
        vault: vault_address,
        treasury: *treasury.address(),
        names_pool: *names_pool.address(),
        genesis_hash,
    };
    check_share_account(treasury, &config, &[&vault_address])?;
    check_share_account(names_pool, &config, &[&vault_address, treasury.address()])?;

    let seeds: [&[u8]; 2] = [b"vault", &[vault_bump]];
    create_vault(authority, vault, mint, &config_address, token_program.address(), &seeds)?;
    announce_config(&config);
    Ok(())
}
