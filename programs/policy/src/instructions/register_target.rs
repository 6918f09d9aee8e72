use crate::{
    error::PolicyError,
    event::TargetChanged,
    instructions::shared::{check_version, now, Syscall},
    state::{PolicyConfig, Target, VERSION},
};
use anchor_lang::{find_and_verify_program_address, prelude::*, programs::System};
use tolldns_common::{account::create, fault::OrRefuse};
use tolldns_core::policy::{preimage::target_id, round::check_target, transition::Standing};

/// Registers a backend or gateway, HEALTHY until somebody says otherwise. Anyone may, and pays the rent; nobody owns it.
#[derive(Accounts)]
pub struct RegisterTarget {
    #[account(mut)]
    pub payer: Signer,
    #[account(mut, seeds = [b"policy"], bump = config.bump)]
    pub config: Account<PolicyConfig>,
    /// `["target", id]`.
    #[account(mut)]
    pub target: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut RegisterTarget, kind: u8, name: &[u8]) -> Result<()> {
    let RegisterTarget { payer, config, target, system_program: _ } = accounts;
    check_version(config.version)?;
    check_target(kind, name).or_refuse()?;
    let id = target_id::<Syscall>(kind, name);
    let bump = find_and_verify_program_address(&[b"target", &id], &crate::ID, target.address())
        .map_err(|_| PolicyError::WrongTarget)?;
    require!(!target.owned_by(&crate::ID), PolicyError::TargetKnown);
    let now = now()?;

    let mut target: Account<Target> = create(payer, target, &[b"target", &id, &[bump]])?;
    target.version = VERSION;
    target.bump = bump;
    target.kind = kind;
    target.id = id;
    target.payer = *payer.address();
    target.registered_at = now;
    target.reported_at = now;
    target.set_standing(Standing::new(now));
    target.set_name(name);
    config.targets = config.targets.checked_add(1).ok_or(PolicyError::InvariantBroken)?;
    emit!(TargetChanged { id, kind, open: 1 });
    Ok(())
}
