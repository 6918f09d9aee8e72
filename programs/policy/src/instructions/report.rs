// The derive leaves an argument unused in a part of what it makes where another seed is an account's field.
#![allow(unused_variables)]

use crate::{
    error::PolicyError,
    event::Reported,
    instructions::{
        shared::{check_version, now, Syscall},
        stakes::{check_weighs, verifier_node},
    },
    state::{
        report_of, seat_of, PolicyConfig, RosterAccount, Round, RoundAccount, RoundReport, Target, VERSION,
    },
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::fault::OrRefuse;
use tolldns_core::policy::{
    preimage::{first_evidence, next_evidence},
    quorum::grade,
    round::{check_counts, check_report},
    terms::PolicyTerms,
    transition::Verdict,
};

/// A verifier reports a target's window, once it is over. The first to report pays for the Round. A seat's first report is its only one.
#[derive(Accounts)]
#[instruction(begin: u64)]
pub struct Report {
    #[account(mut)]
    pub hot_key: Signer,
    pub config: Account<PolicyConfig>,
    #[account(mut)]
    pub target: Account<Target>,
    pub roster: RosterAccount,
    #[account(
        init_if_needed,
        payer = hot_key,
        space = RoundAccount::space_for(roster.len() as u32),
        seeds = [b"round", &target.id, &begin.to_le_bytes()],
        bump
    )]
    pub round: RoundAccount,
    pub operator: UncheckedAccount,
    pub node: UncheckedAccount,
    pub stake_config: UncheckedAccount,
    pub system_program: Program<System>,
}

/// What a seat says of a window.
pub struct Said {
    pub begin: u64,
    pub seat: u8,
    pub total: u16,
    pub ok: u16,
    pub probes_root: [u8; 32],
}

pub(crate) fn handle(accounts: &mut Report, bump: u8, said: Said) -> Result<()> {
    let Report { hot_key, config, target, roster, round, operator, node, stake_config, system_program: _ } =
        accounts;
    let Said { begin, seat, total, ok, probes_root } = said;
    check_version(config.version)?;
    check_version(target.version)?;
    check_version(roster.version)?;
    let now = now()?;
    let terms = config.terms();
    terms.check_window(begin, config.terms_from.max(target.registered_at)).or_refuse()?;
    check_report(&terms, begin, now).or_refuse()?;
    roster.times().check_in_force(roster.superseded_at, begin).or_refuse()?;
    roster.times().check_backed(now).or_refuse()?;
    let row = seat_of(roster, seat)?;
    require!(row.operator == *operator.address() && row.node == *node.address(), PolicyError::WrongSeat);
    require!(!row.is_struck(), PolicyError::SeatStruck);
    verifier_node(node, operator.address(), hot_key)?;
    check_weighs(operator, stake_config)?;
    check_counts(total, ok, &terms).or_refuse()?;
    let grade = grade(total, ok, &terms);
    require!(grade != Verdict::Unknown, PolicyError::InvariantBroken);

    if round.version == 0 {
        // Just created: the runtime gave zeroes.
        begin_round(round, config, &terms, roster, target, begin);
        round.bump = bump;
        round.payer = *hot_key.address();
    }
    check_version(round.version)?;
    require!(round.roster == roster.number, PolicyError::WrongRoster);
    if let Some(report) = report_of(round, seat) {
        let same = report.total == total && report.ok == ok && report.probes_root == probes_root;
        require!(same, PolicyError::ReportedOtherwise);
        return Ok(());
    }
    let masks = round.masks();
    require!(!masks.holds(seat), PolicyError::InvariantBroken);
    round.try_push(RoundReport { probes_root, total, ok, seat, reserved: 0 })?;
    round.set_masks(masks.with(seat, grade));
    round.evidence_root = next_evidence::<Syscall>(&round.evidence_root, seat, total, ok, &probes_root);
    target.reported_at = now;
    emit!(Reported { id: target.id, begin, roster: roster.number, seat, total, ok, probes_root });

    require!(round.masks().holds(seat), PolicyError::InvariantBroken);
    Ok(())
}

/// Fills a new Round's header. Its evidence ends no later than its roster's, without which it can't be judged.
fn begin_round(
    round: &mut RoundAccount,
    config: &PolicyConfig,
    terms: &PolicyTerms,
    roster: &RosterAccount,
    target: &Target,
    begin: u64,
) {
    let set = config.set_at(begin);
    let evidence_until = terms.evidence_until(begin);
    **round = Round {
        version: VERSION,
        roster: roster.number,
        id: target.id,
        begin,
        end: terms.end_of(begin),
        reports_until: terms.reports_until(begin),
        evidence_until: match roster.evidence_ends {
            0 => evidence_until,
            ends => evidence_until.min(ends),
        },
        set_version: set.version,
        set_count: set.count,
        set_root: set.root,
        evidence_root: first_evidence::<Syscall>(&config.domain, &target.id, begin, roster.number),
        ..bytemuck::Zeroable::zeroed()
    };
}
