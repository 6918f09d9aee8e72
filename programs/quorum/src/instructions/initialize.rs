use crate::{
    instructions::shared::{announce_config, Syscall},
    state::{QuorumConfig, VERSION},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::{account::create, admin::check_first, fault::OrRefuse};
use tolldns_core::{quorum::terms::QuorumTerms, routes::update::domain};

/// Creates the configuration. Only the program's upgrade authority can, so nobody gets in first.
#[derive(Accounts)]
pub struct Initialize {
    #[account(mut)]
    pub authority: Signer,
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: UncheckedAccount,
    /// Has no data; signs for `slash` of the stake program.
    #[account(seeds = [b"slasher"], bump)]
    pub slasher: UncheckedAccount,
    /// The loader's record of who may upgrade this program.
    pub program_data: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(
    accounts: &mut Initialize,
    config_bump: u8,
    slasher_bump: u8,
    terms: QuorumTerms,
    genesis_hash: [u8; 32],
    guardian: Address,
) -> Result<()> {
    let Initialize { authority, config, slasher: _, program_data, system_program: _ } = accounts;
    check_first(&crate::ID, config.account(), program_data.account(), authority.address())?;
    terms.check().or_refuse()?;

    let address = *config.address();
    let mut config: Account<QuorumConfig> = create(authority, config, &[b"quorum", &[config_bump]])?;
    config.version = VERSION;
    config.bump = config_bump;
    config.slasher_bump = slasher_bump;
    config.authority = *authority.address();
    config.guardian = guardian;
    config.stake_program = stake::ID;
    config.names_program = names::ID;
    config.domain = domain::<Syscall>(&genesis_hash, address.as_array());
    config.set_terms(terms);
    announce_config(&config);
    Ok(())
}
