use crate::{
    error::PolicyError,
    instructions::shared::{check_version, now},
    state::RoundAccount,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::round::check_close;

/// Returns a Round's rent to who paid it, once its reports can't be challenged any more.
#[derive(Accounts)]
pub struct CloseRound {
    #[account(mut, address = round.payer @ PolicyError::WrongPayer)]
    pub payer: UncheckedAccount,
    #[account(
        mut,
        close = payer,
        seeds = [b"round", &round.id, &round.begin.to_le_bytes()],
        bump = round.bump
    )]
    pub round: RoundAccount,
}

pub(crate) fn handle(accounts: &mut CloseRound) -> Result<()> {
    let CloseRound { payer: _, round } = accounts;
    check_version(round.version)?;
    // Never while reports are taken: it could be made again without those it had.
    check_close(round.evidence_until.max(round.reports_until), now()?).or_refuse()
}
