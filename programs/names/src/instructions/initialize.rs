use crate::{
    instructions::shared::{announce_config, check_share_account},
    state::{NamesConfig, VERSION},
    token::DECIMALS,
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::{
    account::create,
    admin::check_first,
    fault::OrRefuse,
    token::{check_mint, create_vault},
};
use tolldns_core::names::terms::NamesTerms;

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
    check_first(&crate::ID, config.account(), program_data.account(), authority.address())?;
    terms.check().or_refuse()?;
    check_mint(mint, token_program, DECIMALS)?;

    let (config_address, vault_address) = (*config.address(), *vault.address());
    let mut config: Account<NamesConfig> = create(authority, config, &[b"names", &[config_bump]])?;
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

    let seeds: [&[u8]; 2] = [b"auction-vault", &[vault_bump]];
    create_vault(authority, vault, mint, &config_address, token_program.address(), &seeds)?;
    announce_config(&config);
    Ok(())
}
