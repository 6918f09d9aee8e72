//! Who administers a program: an authority that hands over in two steps, a guardian that may only pause, the upgrade authority that begins.
//! Accounts' constraints (who must have signed) stand in each program's instructions; what then happens stands here.

use crate::fault::Fault;
use anchor_lang::{find_and_verify_program_address, prelude::*};

/// The upgradeable loader, version 3, which owns a program's ProgramData account.
const LOADER: Address = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// The parts of a configuration that these rules change.
pub struct Powers<'a> {
    pub authority: &'a mut Address,
    /// All zero when nobody is proposed.
    pub pending_authority: &'a mut Address,
    pub guardian: &'a mut Address,
    /// 0 or 1.
    pub paused: &'a mut u8,
}

/// A configuration that is administered.
pub trait Administered {
    fn powers(&mut self) -> Powers<'_>;
}

/// Implements [`Administered`] for a configuration whose fields have the usual names.
#[macro_export]
macro_rules! administered {
    ($config:ty) => {
        impl $crate::admin::Administered for $config {
            fn powers(&mut self) -> $crate::admin::Powers<'_> {
                let Self { authority, pending_authority, guardian, paused, .. } = self;
                $crate::admin::Powers { authority, pending_authority, guardian, paused }
            }
        }
    };
}

/// Names the next authority. Nothing changes until that key accepts; proposing the zero address takes a proposal back. The authority has signed.
pub fn propose_authority(config: &mut impl Administered, new_authority: Address) {
    *config.powers().pending_authority = new_authority;
}

/// The second step: `signer`, which the caller has checked to be the pending authority, proves that it exists and takes over.
pub fn accept_authority(config: &mut impl Administered, signer: &Address) -> Result<()> {
    let Powers { authority, pending_authority, .. } = config.powers();
    require!(*signer == *pending_authority, Fault::NotPendingAuthority);
    *authority = *signer;
    *pending_authority = Address::default();
    Ok(())
}

/// Names who may pause. The authority has signed.
pub fn set_guardian(config: &mut impl Administered, guardian: Address) {
    *config.powers().guardian = guardian;
}

/// Stops what brings new money in, or lets it in again. To pause: guardian or authority. To resume: the authority.
pub fn set_paused(config: &mut impl Administered, signer: &Address, flag: u8) -> Result<()> {
    let Powers { authority, guardian, paused, .. } = config.powers();
    let by_authority = *signer == *authority;
    match flag {
        0 => {
            require!(by_authority, Fault::NotAuthority);
        }
        1 => {
            require!(by_authority || *signer == *guardian, Fault::NotGuardian);
        }
        _ => return Err(Fault::FlagInvalid.into()),
    }
    *paused = flag;
    Ok(())
}

/// Refuses what a pause stops. `paused` is the configuration's flag.
#[inline(always)]
pub fn check_running(paused: u8) -> Result<()> {
    require!(paused == 0, Fault::Paused);
    Ok(())
}

/// Refuses to initialise twice, and anybody but the program's upgrade authority, so that nobody gets in first. Reads ProgramData:
/// `3 u32 | slot u64 | has authority u8 | authority 32`, at the address the loader derives from the program's.
pub fn check_first(
    program: &Address,
    config: &AccountView,
    program_data: &AccountView,
    signer: &Address,
) -> Result<()> {
    require!(!config.owned_by(program), Fault::AlreadyInitialized);
    find_and_verify_program_address(&[program.as_ref()], &LOADER, program_data.address())
        .map_err(|_| Fault::ProgramDataInvalid)?;
    require!(program_data.owned_by(&LOADER), Fault::ProgramDataInvalid);
    let data = program_data.try_borrow()?;
    require!(data.len() >= 45 && data[..4] == [3, 0, 0, 0], Fault::ProgramDataInvalid);
    require!(data[12] == 1 && data[13..45] == *signer.as_ref(), Fault::NotUpgradeAuthority);
    Ok(())
}
