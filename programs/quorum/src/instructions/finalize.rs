use crate::{
    instructions::shared::{check_running, check_version, end, now},
    state::{Epoch, EpochAccount, QuorumConfig, RECENT},
};
use anchor_lang::prelude::*;
use tolldns_common::fault::OrRefuse;
use tolldns_core::quorum::epoch::{Step, ATTESTED};

/// Ends the epoch: an attested root becomes final once its window is over, an epoch that attested none stalls once its deadline is.
#[derive(Accounts)]
pub struct Finalize {
    #[account(mut, seeds = [b"quorum"], bump)]
    pub config: Account<QuorumConfig>,
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
}

pub(crate) fn handle(accounts: &mut Finalize) -> Result<()> {
    let Finalize { config, epoch } = accounts;
    check_version(config.version)?;
    check_version(epoch.version)?;
    let now = now()?;
    check_running(config, epoch)?;
    if epoch.status != ATTESTED {
        epoch.times().check_stall(now).or_refuse()?;
        return end(config, epoch, Step::Stall, now);
    }
    epoch.times().check_settle(epoch.attested_at, now).or_refuse()?;
    end(config, epoch, Step::Settle, now)?;
    remember(config, epoch, now);
    Ok(())
}

/// The only place where the canonical root moves.
fn remember(config: &mut QuorumConfig, epoch: &Epoch, now: u64) {
    config.final_epoch = epoch.number;
    config.final_at = now;
    config.final_root = epoch.root;
    config.final_updates_root = epoch.updates_root;
    config.final_digest = epoch.digest;
    let place = (config.finals % RECENT as u64) as usize;
    config.recent_epochs[place] = epoch.number;
    config.recent_roots[place] = epoch.root;
    config.finals = config.finals.wrapping_add(1);
}
