//! What every challenge of a report begins and ends with.
// The derive leaves an argument unused in a part of what it makes where another seed is an account's field.
#![allow(unused_variables)]

use crate::{
    error::PolicyError,
    event::Struck,
    instructions::shared::{check_version, now},
    state::{
        operator_of, report_of, seat_of, verifier_bump_of, RosterAccount, RoundAccount, Verifier, STRUCK,
        VERSION,
    },
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::account::create;
use tolldns_core::{policy::challenge::Reported, routes::list::ListProof, time::deadline_after};

/// A report of a round that exists, and what a strike touches.
#[derive(Accounts)]
#[instruction(seat: u8)]
pub struct Challenge {
    #[account(mut)]
    pub challenger: Signer,
    pub round: RoundAccount,
    #[account(mut)]
    pub roster: RosterAccount,
    /// Of the seat's operator; is there if it was struck before.
    #[account(mut, seeds = [b"verifier", operator_of(&roster, seat).as_ref()], bump = verifier_bump_of(&roster, seat))]
    pub verifier: UncheckedAccount,
    pub system_program: Program<System>,
}

/// What the seat reported; refuses a seat that did not, or was struck before.
pub fn open(accounts: &Challenge, seat: u8) -> Result<Reported<'_>> {
    let Challenge { round, roster, .. } = accounts;
    check_version(round.version)?;
    check_version(roster.version)?;
    require!(round.roster == roster.number, PolicyError::WrongRoster);
    require!(!seat_of(roster, seat)?.is_struck(), PolicyError::SeatStruck);
    let report = report_of(round, seat).ok_or(PolicyError::NotReported)?;
    Ok(Reported {
        total: report.total,
        ok: report.ok,
        probes_root: &report.probes_root,
        seconds: round.end.saturating_sub(round.begin),
        set_count: round.set_count,
        set_root: &round.set_root,
    })
}

/// Strikes the seat: in rounds not judged yet it counts for nothing, and its operator may not enrol for a while.
pub fn strike(accounts: &mut Challenge, seat: u8, kind: u8) -> Result<()> {
    let Challenge { challenger, round, roster, verifier, system_program: _ } = accounts;
    let now = now()?;
    let bump = verifier_bump_of(roster, seat);
    let operator = strike_row(roster, seat)?;
    let mut verifier = if verifier.owned_by(&crate::ID) {
        // SAFETY: no other account here is a Verifier, so nothing else holds this one's data.
        unsafe { Account::<Verifier>::load_mut(*verifier.account())? }
    } else {
        let mut made: Account<Verifier> =
            create(challenger, verifier, &[b"verifier", operator.as_ref(), &[bump]])?;
        made.version = VERSION;
        made.bump = bump;
        made.operator = operator;
        made
    };
    check_version(verifier.version)?;
    verifier.struck_at = now;
    verifier.struck_until = verifier.struck_until.max(deadline_after(now, roster.strike));
    emit!(Struck { operator, roster: roster.number, seat, id: round.id, begin: round.begin, kind });
    require!(verifier.operator == operator, PolicyError::InvariantBroken);
    Ok(())
}

/// Takes a seat's weight out of its roster. Returns its operator.
pub fn strike_row(roster: &mut RosterAccount, seat: u8) -> Result<Address> {
    let row = roster.get_mut(seat as usize).ok_or(PolicyError::SeatUnknown)?;
    require!(!row.is_struck(), PolicyError::SeatStruck);
    row.flags |= STRUCK;
    let (weight, operator) = (row.weight, row.operator);
    roster.weight = roster.weight.checked_sub(weight).ok_or(PolicyError::InvariantBroken)?;
    Ok(operator)
}

/// Cuts the first bytes from what follows them.
pub fn take<const N: usize>(bytes: &[u8]) -> Result<(&[u8; N], &[u8])> {
    bytes.split_first_chunk::<N>().ok_or(PolicyError::ChallengeForm.into())
}

/// Reads two list proofs, one after the other.
pub fn two_proofs(bytes: &[u8]) -> Result<(ListProof<'_>, ListProof<'_>)> {
    let length = *bytes.first().ok_or(PolicyError::ChallengeForm)? as usize;
    let (first, second) = bytes.split_at_checked(1 + 32 * length).ok_or(PolicyError::ChallengeForm)?;
    let first = ListProof::parse(first).ok_or(PolicyError::ChallengeForm)?;
    let second = ListProof::parse(second).ok_or(PolicyError::ChallengeForm)?;
    Ok((first, second))
}
