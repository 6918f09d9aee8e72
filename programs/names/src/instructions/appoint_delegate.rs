use crate::{
    error::NamesError,
    event::DelegateChanged,
    instructions::shared::{check_version, now, record_authority, slot},
    nft::check_holder,
    state::{Delegate, Name, ROLE_ROUTES, VERSION},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::tenure::check_held;

/// Lets a wallet act for the holder in a role, until a time; or changes that time; or appoints one again whose appointment was ended.
#[derive(Accounts)]
#[instruction(delegate: Address)]
pub struct AppointDelegate {
    #[account(mut)]
    pub holder: Signer,
    #[account(mut, seeds = [b"name", &name.hash], bump = name.bump)]
    pub name: Account<Name>,
    pub token: UncheckedAccount,
    #[account(
        init_if_needed,
        payer = holder,
        seeds = [b"delegate", name.address().as_ref(), delegate.as_ref()],
        bump
    )]
    pub record: Account<Delegate>,
    pub system_program: Program<System>,
}

pub(crate) fn handle(
    accounts: &mut AppointDelegate,
    bump: u8,
    delegate: Address,
    role: u8,
    expires_at: u64,
) -> Result<()> {
    let AppointDelegate { holder, name, token, record, system_program: _ } = accounts;
    check_version(name.version)?;
    let now = now()?;
    check_held(name.generation, name.expires_at, now).or_refuse()?;
    check_holder(token, &name.mint, holder.address())?;
    require!(role == ROLE_ROUTES, NamesError::RoleUnknown);
    require!(expires_at > now, NamesError::DelegateExpired);
    let (mut appointed_slot, mut payer) = (slot()?, *holder.address());
    if record.version != 0 {
        check_version(record.version)?;
        let ended = record.ended_slot != 0;
        let by_holder = record.appointed_by == *holder.address();
        require!(ended || by_holder, NamesError::DelegateTaken);
        // A change of time alone keeps the slot, so that what it could sign before stays told. Whatever else is written over has a new one.
        if by_holder && !ended && record.generation == name.generation && now < record.expires_at {
            appointed_slot = record.appointed_slot;
        }
        payer = record.payer;
    }
    **record = Delegate {
        version: VERSION,
        bump,
        role,
        reserved: 0,
        generation: name.generation,
        expires_at,
        appointed_slot,
        ended_slot: 0,
        ended_at: 0,
        name: *name.address(),
        delegate,
        appointed_by: *holder.address(),
        payer,
    };
    record_authority(name, holder.address())?;
    emit!(DelegateChanged { name: *name.address(), delegate, expires_at });
    Ok(())
}
