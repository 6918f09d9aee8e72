use crate::{
    error::StakeError,
    instructions::shared::{announce_config, check_share_account},
    state::{StakeConfig, StakeTree, VERSION},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::{
    account::create,
    admin::check_first,
    fault::OrRefuse,
    token::{check_mint, create_vault, is_freezable},
};
use tolldns_core::stake::{terms::StakeTerms, tree::Tree};

/// The native token has nine decimals.
const DECIMALS: u8 = 9;

/// Creates the configuration, the tree and the vault. Only the program's upgrade authority can, so nobody gets in first.
#[derive(Accounts)]
pub struct Initialize {
    #[account(mut)]
    pub authority: Signer,
    #[account(mut, seeds = [b"stake"], bump)]
    pub config: UncheckedAccount,
    #[account(mut, seeds = [b"tree"], bump)]
    pub tree: UncheckedAccount,
    /// Becomes a token account of `mint`, owned by the configuration's address.
    #[account(mut, seeds = [b"stake-vault"], bump)]
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
    bumps: [u8; 3],
    terms: StakeTerms,
    guardian: Address,
    slasher: Address,
) -> Result<()> {
    let Initialize {
        authority,
        config,
        tree,
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
    require!(!is_freezable(mint)?, StakeError::MintFreezable);

    let [config_bump, tree_bump, vault_bump] = bumps;
    let (config_address, vault_address) = (*config.address(), *vault.address());
    let mut config: Account<StakeConfig> = create(authority, config, &[b"stake", &[config_bump]])?;
    config.version = VERSION;
    config.bump = config_bump;
    config.vault_bump = vault_bump;
    config.authority = *authority.address();
    config.guardian = guardian;
    config.slasher = slasher;
    config.mint = *mint.address();
    config.token_program = *token_program.address();
    config.vault = vault_address;
    config.treasury = *treasury.address();
    config.set_terms(terms);
    check_share_account(treasury, &config)?;

    let mut tree: Account<StakeTree> = create(authority, tree, &[b"tree", &[tree_bump]])?;
    tree.version = VERSION;
    tree.bump = tree_bump;
    tree.set_tree(Tree::EMPTY);

    let seeds: [&[u8]; 2] = [b"stake-vault", &[vault_bump]];
    create_vault(authority, vault, mint, &config_address, token_program.address(), &seeds)?;
    announce_config(&config);
    Ok(())
}
