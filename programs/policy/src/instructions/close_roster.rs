use crate::{
    error::PolicyError,
    instructions::shared::{check_version, now},
    state::RosterAccount,
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::roster::check_close;

/// Returns a Roster's rent to who paid it, once another followed it and what it reported can't be challenged any more.
#[derive(Accounts)]
pub struct CloseRoster {
    #[account(mut, address = roster.payer @ PolicyError::WrongPayer)]
    pub payer: UncheckedAccount,
    #[account(
        mut,
        close = payer,
        seeds = [b"roster", &roster.number.to_le_bytes()],
        bump = roster.bump
    )]
    pub roster: RosterAccount,
}

pub(crate) fn handle(accounts: &mut CloseRoster) -> Result<()> {
    let CloseRoster { payer: _, roster } = accounts;
    check_version(roster.version)?;
    check_close(roster.evidence_ends, now()?).or_refuse()
}
