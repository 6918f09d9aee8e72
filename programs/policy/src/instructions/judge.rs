// The derive leaves an argument unused in a part of what it makes where another seed is an account's field.
#![allow(unused_variables)]

use crate::{
    error::PolicyError,
    event::{Judged, Transition},
    instructions::shared::{check_running, check_version, now},
    state::{PolicyConfig, RosterAccount, RoundAccount, Seat, Target},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::{
    quorum::verdict,
    round::check_judge,
    transition::{check_turn, step, Verdict},
};

/// Judges a window, once the time of reports is over, and moves the target's state if the rules say so. Anyone may; the time that counts is the window's end.
#[derive(Accounts)]
#[instruction(begin: u64)]
pub struct Judge {
    pub config: Account<PolicyConfig>,
    #[account(mut)]
    pub target: Account<Target>,
    #[account(mut)]
    pub round: RoundAccount,
    pub roster: RosterAccount,
    /// Of the window before; often it is not there.
    #[account(
        seeds = [b"round", &target.id, &begin.saturating_sub(config.terms().window as u64).to_le_bytes()],
        bump
    )]
    pub before: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut Judge, begin: u64) -> Result<()> {
    let Judge { config, target, round, roster, before } = accounts;
    check_version(config.version)?;
    check_version(target.version)?;
    check_version(round.version)?;
    check_version(roster.version)?;
    require!(round.id == target.id && round.begin == begin, PolicyError::WrongRound);
    require!(round.roster == roster.number, PolicyError::WrongRoster);
    check_running(config.paused)?;
    require!(round.judged == 0, PolicyError::AlreadyJudged);
    let now = now()?;
    check_judge(round.reports_until, round.evidence_until, now).or_refuse()?;
    // A round of a target that was closed and registered again since is none of its.
    let from = config.terms_from.max(target.registered_at);
    let terms = config.terms();
    check_turn(begin, waiting(before)?, &terms, from, now).or_refuse()?;
    let said = verdict(roster.iter().map(Seat::counted), &round.masks(), &terms);
    let (standing, transition) = step(&target.standing()?, begin, said.verdict, &terms, from).or_refuse()?;

    target.set_standing(standing);
    // A window without a quorum renews nothing: else one seat alone would keep a state fresh that nobody stands for any more.
    if said.verdict != Verdict::Unknown {
        target.judged_end = round.end;
    }
    round.judged = 1;
    round.verdict = said.verdict as u8;
    let (id, roster_number, evidence_root) = (target.id, round.roster, round.evidence_root);
    let told = |weight: u128| u64::try_from(weight).map_err(|_| PolicyError::InvariantBroken);
    emit!(Judged {
        id,
        begin,
        verdict: said.verdict as u8,
        clean: told(said.clean)?,
        poor: told(said.poor)?,
        bad: told(said.bad)?,
        total: told(said.total)?,
        state: standing.state as u8,
    });
    if let Some(change) = transition {
        target.evidence_root = evidence_root;
        emit!(Transition {
            id,
            from: change.from as u8,
            to: change.to as u8,
            at: change.at,
            begin,
            verdict: said.verdict as u8,
            roster: roster_number,
            evidence_root,
        });
    }

    require!(said.total == roster.weight as u128, PolicyError::InvariantBroken);
    Ok(())
}

/// Until when the Round at this address may be judged, if there is one that was not.
fn waiting(round: &UncheckedAccount) -> Result<Option<u64>> {
    if !round.owned_by(&crate::ID) {
        return Ok(None);
    }
    let round = RoundAccount::load(*round.account())?;
    check_version(round.version)?;
    Ok((round.judged == 0).then_some(round.evidence_until))
}
