use crate::{
    error::QuorumError,
    event::SeedMissed,
    instructions::shared::{advance, check_version, slot, Syscall},
    state::EpochAccount,
};
use anchor_lang::prelude::*;
use tolldns_core::{
    hash::Sha256,
    quorum::{
        epoch::{Step, FROZEN},
        preimage::seed_preimage,
        seed::{find, Seeding},
    },
};

/// The sysvar that lists the hashes of the last 512 blocks.
pub const SLOT_HASHES: Address = Address::from_str_const("SysvarS1otHashes111111111111111111111111111");

/// Fixes the draw's randomness: a block hash nobody knew at the freeze. If it fell out of SlotHashes before anybody came, another slot is named.
#[derive(Accounts)]
pub struct Seed {
    #[account(mut, seeds = [b"epoch", &epoch.number.to_le_bytes()], bump = epoch.bump)]
    pub epoch: EpochAccount,
    #[account(address = SLOT_HASHES @ QuorumError::SlotHashesInvalid)]
    pub slot_hashes: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut Seed) -> Result<()> {
    let Seed { epoch, slot_hashes } = accounts;
    check_version(epoch.version)?;
    require!(epoch.status == FROZEN, QuorumError::EpochStatus);
    let seeding = {
        let data = slot_hashes.try_borrow()?;
        find(&data, epoch.seed_slot).ok_or(QuorumError::SlotHashesInvalid)?
    };

    match seeding {
        Seeding::Ahead => Err(QuorumError::SeedAhead.into()),
        Seeding::Missed => {
            epoch.seed_slot = slot()?.saturating_add(epoch.seed_delay as u64);
            emit!(SeedMissed { epoch: epoch.number, seed_slot: epoch.seed_slot });
            Ok(())
        }
        Seeding::Hash(hash) => {
            epoch.seed = Syscall::hash(&[&seed_preimage(&hash, &epoch.previous_root, epoch.number)]);
            advance(epoch, Step::Seed)?;
            // Nothing to draw from: the epoch has no committee, and will stall.
            if epoch.snapshot_total == 0 {
                advance(epoch, Step::Complete)?;
            }
            Ok(())
        }
    }
}
