use crate::{
    error::{EscrowError, OrRefuse},
    instructions::shared::{announce_config, check_share_account},
    state::{Config, VERSION},
    token::{check_mint, TOKEN_ACCOUNT_BYTES},
};
use anchor_lang::{find_and_verify_program_address, prelude::*, programs::System, AccountInitialize};
use pinocchio_token::instructions::InitializeAccount3;
use tolldns_core::{split::Split, terms::check_terms};

/// The upgradeable loader, version 3, which owns a program's ProgramData account.
const LOADER: Address = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

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
    require!(!config.owned_by(&crate::ID), EscrowError::AlreadyInitialized);
    check_upgrade_authority(program_data, authority.address())?;
    let split = Split { operator_bps, names_bps, treasury_bps };
    check_terms(split, settlement_interval, grace_seconds).or_refuse()?;
    check_mint(mint, token_program)?;

    let (config_address, vault_address) = (*config.address(), *vault.address());
    let seeds: [&[u8]; 2] = [b"config", &[config_bump]];
    let space = Account::<Config>::INIT_SPACE;
    let mut config = Account::<Config>::create_and_initialize(
        authority,
        config,
        space,
        &crate::ID,
        &(),
        Some(&seeds),
        None,
    )?;
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

    // Both creations work on a prefunded address too: then they allocate and assign.
    let seeds: [&[u8]; 2] = [b"vault", &[vault_bump]];
    create_account_signed(authority, vault, TOKEN_ACCOUNT_BYTES, token_program.address(), &seeds)?;
    InitializeAccount3::new(vault, mint, &config_address)
        .invoke_with_unverified_program(token_program.address())?;
    announce_config(&config);
    Ok(())
}

/// Reads ProgramData: `3 u32 | slot u64 | has authority u8 | authority 32`, at the address the loader derives from the program's.
fn check_upgrade_authority(program_data: &UncheckedAccount, signer: &Address) -> Result<()> {
    find_and_verify_program_address(&[crate::ID.as_ref()], &LOADER, program_data.address())
        .map_err(|_| EscrowError::ProgramDataInvalid)?;
    require!(program_data.owned_by(&LOADER), EscrowError::ProgramDataInvalid);
    let data = program_data.try_borrow()?;
    require!(data.len() >= 45 && data[..4] == [3, 0, 0, 0], EscrowError::ProgramDataInvalid);
    require!(data[12] == 1 && data[13..45] == *signer.as_ref(), EscrowError::NotUpgradeAuthority);
    Ok(())
}
