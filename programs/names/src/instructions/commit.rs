use crate::{
    instructions::shared::{check_running, check_version, now},
    state::{Commitment, NamesConfig, VERSION},
};
use anchor_lang::{prelude::*, programs::System};

/// Promises to register a name without saying which.
#[derive(Accounts)]
#[instruction(hash: [u8; 32])]
pub struct Commit {
    #[account(mut)]
    pub owner: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(init, payer = owner, seeds = [b"commitment", owner.address().as_ref(), &hash], bump)]
    pub commitment: Account<Commitment>,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut Commit, bump: u8, hash: [u8; 32]) -> Result<()> {
    let Commit { owner, config, commitment, system_program: _ } = accounts;
    check_version(config.version)?;
    check_running(config.paused)?;
    **commitment = Commitment {
        version: VERSION,
        bump,
        reserved: [0; 6],
        made_at: now()?,
        owner: *owner.address(),
        hash,
    };
    Ok(())
}
