use crate::{
    instructions::shared::{announce_config, now, Syscall},
    state::{PolicyConfig, VERSION},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::{account::create, admin::check_first, fault::OrRefuse};
use tolldns_core::policy::{preimage::domain, terms::PolicyTerms};

/// Creates the configuration. Only the program's upgrade authority can, so nobody gets in first.
#[derive(Accounts)]
pub struct Initialize {
    #[account(mut)]
    pub authority: Signer,
    #[account(mut, seeds = [b"policy"], bump)]
    pub config: UncheckedAccount,
    /// The loader's record of who may upgrade this program.
    pub program_data: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(
    accounts: &mut Initialize,
    bump: u8,
    terms: PolicyTerms,
    genesis_hash: [u8; 32],
    guardian: Address,
) -> Result<()> {
    let Initialize { authority, config, program_data, system_program: _ } = accounts;
    check_first(&crate::ID, config.account(), program_data.account(), authority.address())?;
    terms.check().or_refuse()?;

    let address = *config.address();
    let mut config: Account<PolicyConfig> = create(authority, config, &[b"policy", &[bump]])?;
    config.version = VERSION;
    config.bump = bump;
    config.authority = *authority.address();
    config.guardian = guardian;
    config.stake_program = stake::ID;
    config.domain = domain::<Syscall>(&genesis_hash, address.as_array());
    config.set_terms(terms, now()?);
    announce_config(&config);
    Ok(())
}
