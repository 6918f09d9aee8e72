use crate::{
    error::{NamesError, OrRefuse},
    instructions::shared::{announce_config, check_share_account},
    state::{NamesConfig, VERSION},
    token::{check_mint, TOKEN_ACCOUNT_BYTES},
};
use anchor_lang::{find_and_verify_program_address, prelude::*, programs::System, AccountInitialize};
use pinocchio_token::instructions::InitializeAccount3;
use tolldns_core::names::terms::NamesTerms;

/// The upgradeable loader, version 3, which owns a program's ProgramData account.
const LOADER: Address = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// Creates the configuration and the auction vault. Only the program's upgrade authority can, so nobody gets in first.
#[derive(Accounts)]
pub struct Initialize {
    #[account(mut)]
    pub authority: Signer,
    #[account(mut, seeds = [b"names"], bump)]
    pub config: UncheckedAccount,
    /// Becomes a token account of `mint`, owned by the configuration's address.
    #[account(mut, seeds = [b"auction-vault"], bump)]
    pub vault: UncheckedAccount,
    pub mint: UncheckedAccount,
    pub treasury: UncheckedAccount,
    /// The loader's record of who may upgrade this program.
    pub program_data: UncheckedAccount,
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(
    accounts: &mut Initialize,
    config_bump: u8,
    vault_bump: u8,
    terms: NamesTerms,
    guardian: Address,
) -> Result<()> {
    let Initialize {
        authority,
        config,
        vault,
        mint,
        treasury,
        program_data,
        token_program,
        system_program: _,
    } = accounts;
    require!(!config.owned_by(&crate::ID), NamesError::AlreadyInitialized);
    check_upgrade_authority(program_data, authority.address())?;
    terms.check().or_refuse()?;
    check_mint(mint, token_program)?;

    let (config_address, vault_address) = (*config.address(), *vault.address());
    let seeds: [&[u8]; 2] = [b"names", &[config_bump]];
    let space = Account::<NamesConfig>::INIT_SPACE;
    let mut config = Account::<NamesConfig>::create_and_initialize(
        authority,
        config,
        space,
        &crate::ID,
        &(),
        Some(&seeds),
        None,
    )?;
    config.version = VERSION;
    config.bump = config_bump;
    config.vault_bump = vault_bump;
    config.authority = *authority.address();
    config.guardian = guardian;
    config.mint = *mint.address();
    config.token_program = *token_program.address();
    config.vault = vault_address;
    config.treasury = *treasury.address();
    config.set_terms(terms);
    check_share_account(treasury, &config)?;

    // Both creations work on a prefunded address too: then they allocate and assign.
    let seeds: [&[u8]; 2] = [b"auction-vault", &[vault_bump]];
    create_account_signed(authority, vault, TOKEN_ACCOUNT_BYTES, token_program.address(), &seeds)?;
    InitializeAccount3::new(vault, mint, &config_address)
        .invoke_with_unverified_program(token_program.address())?;
    announce_config(&config);
    Ok(())
}

/// Reads ProgramData: `3 u32 | slot u64 | has authority u8 | authority 32`, at the address the loader derives from the program's.
fn check_upgrade_authority(program_data: &UncheckedAccount, signer: &Address) -> Result<()> {
    find_and_verify_program_address(&[crate::ID.as_ref()], &LOADER, program_data.address())
        .map_err(|_| NamesError::ProgramDataInvalid)?;
    require!(program_data.owned_by(&LOADER), NamesError::ProgramDataInvalid);
    let data = program_data.try_borrow()?;
    require!(data.len() >= 45 && data[..4] == [3, 0, 0, 0], NamesError::ProgramDataInvalid);
    require!(data[12] == 1 && data[13..45] == *signer.as_ref(), NamesError::NotUpgradeAuthority);
    Ok(())
}
