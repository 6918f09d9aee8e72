use crate::{
    error::PolicyError,
    event::RosterOpened,
    instructions::shared::{check_version, now},
    state::{PolicyConfig, Roster, RosterAccount, VERSION},
};
use anchor_lang::{prelude::*, programs::System};
use stake::StakeTree;
use tolldns_common::{account::create_sized, fault::OrRefuse};
use tolldns_core::policy::roster::Times;

/// Opens the next roster for enrolment: copies the stake tree, which is its snapshot from here on. The sender pays for the account and gets it back by `close_roster`.
#[derive(Accounts)]
pub struct OpenRoster {
    #[account(mut)]
    pub payer: Signer,
    #[account(mut, seeds = [b"policy"], bump = config.bump)]
    pub config: Account<PolicyConfig>,
    #[account(mut, seeds = [b"roster", &config.rosters.wrapping_add(1).to_le_bytes()], bump)]
    pub roster: UncheckedAccount,
    /// The newest so far; this program's id before the first.
    #[account(mut, seeds = [b"roster", &config.rosters.to_le_bytes()], bump = previous.bump)]
    pub previous: Option<RosterAccount>,
    /// The stake program's one tree: owner and discriminator are what makes it that.
    pub tree: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut OpenRoster, bump: u8) -> Result<()> {
    let OpenRoster { payer, config, roster, previous, tree, system_program: _ } = accounts;
    check_version(config.version)?;
    let tree = Account::<StakeTree>::load(*tree.account())?;
    tolldns_common::account::check_version(tree.version, stake::VERSION)?;
    require!(tree.total != 0, PolicyError::SnapshotEmpty);
    require!(previous.is_some() == (config.rosters != 0), PolicyError::WrongRoster);
    let now = now()?;
    let terms = config.terms();
    let times = Times::from(now, &terms);
    if let Some(previous) = previous {
        check_version(previous.version)?;
        previous.times().check_next(previous.len(), &terms, now).or_refuse()?;
        previous.superseded_at = times.enrolment_ends;
        previous.evidence_ends = terms.evidence_until(times.enrolment_ends).max(config.evidence_floor);
    }
    let number = config.rosters.checked_add(1).ok_or(PolicyError::InvariantBroken)?;

    let space = RosterAccount::space_for(terms.seats as u32);
    let mut roster: RosterAccount =
        create_sized(payer, roster, space, &[b"roster", &number.to_le_bytes(), &[bump]])?;
    let Times { opened_at, enrolment_ends, ends } = times;
    *roster = Roster {
        version: VERSION,
        bump,
        depth: tree.depth,
        room: terms.seats,
        number,
        payer: *payer.address(),
        opened_at,
        enrolment_ends,
        ends,
        snapshot_root: tree.root,
        snapshot_total: tree.total,
        snapshot_count: tree.count,
        strike: terms.strike,
        ..bytemuck::Zeroable::zeroed()
    };
    config.rosters = number;
    config.enrolment_ends = enrolment_ends;
    config.roster_ends = ends;
    emit!(RosterOpened { roster: number, enrolment_ends, ends });
    Ok(())
}
