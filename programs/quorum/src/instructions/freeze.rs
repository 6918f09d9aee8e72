use crate::{
    error::QuorumError,
    instructions::shared::{advance, check_version, now},
    state::{Epoch, EpochAccount, QuorumConfig, VERSION},
};
use anchor_lang::{pinocchio::sysvars::Sysvar as _, prelude::*, programs::System};
use stake::StakeTree;
use tolldns_common::{account::create_sized, fault::OrRefuse};
use tolldns_core::quorum::epoch::{check_freeze, Step};

/// Begins the next epoch: copies the stake tree, which is the epoch's snapshot from here on, and names the slot whose hash seeds the draw. The sender pays for the
/// account and gets it back by `close`.
#[derive(Accounts)]
pub struct Freeze {
    #[account(mut)]
    pub payer: Signer,
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: Account<QuorumConfig>,
    #[account(mut, seeds = [b"epoch", &config.epoch.wrapping_add(1).to_le_bytes()], bump)]
    pub epoch: UncheckedAccount,
    /// The stake program's one tree: owner and discriminator are what makes it that.
    pub tree: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut Freeze, bump: u8) -> Result<()> {
    let Freeze { payer, config, epoch, tree, system_program: _ } = accounts;
    check_version(config.version)?;
    let tree = Account::<StakeTree>::load(*tree.account())?;
    require!(tree.version == stake::VERSION, QuorumError::VersionUnknown);
    require!(config.paused == 0, QuorumError::Paused);
    let clock = Clock::get()?;
    let now = now()?;
    check_freeze(config.running != 0, config.next_at, now).or_refuse()?;
    let number = config.epoch.checked_add(1).ok_or(QuorumError::InvariantBroken)?;

    let space = EpochAccount::space_for(config.committee as u32);
    let mut epoch: EpochAccount =
        create_sized(payer, epoch, space, &[b"epoch", &number.to_le_bytes(), &[bump]])?;
    *epoch = Epoch {
        version: VERSION,
        bump,
        committee: config.committee,
        depth: tree.depth,
        number,
        payer: *payer.address(),
        frozen_slot: clock.slot,
        frozen_at: now,
        seed_slot: clock.slot.saturating_add(config.seed_delay as u64),
        length: config.length,
        window: config.window,
        evidence: config.evidence,
        seed_delay: config.seed_delay,
        snapshot_root: tree.root,
        snapshot_total: tree.total,
        snapshot_count: tree.count,
        domain: config.domain,
        previous_root: config.final_root,
        ..bytemuck::Zeroable::zeroed()
    };
    advance(&mut epoch, Step::Freeze)?;
    config.epoch = number;
    config.running = 1;
    config.next_at = epoch.times().deadline();
    Ok(())
}
