use crate::{
    error::NamesError,
    event::PassportChanged,
    instructions::shared::check_version,
    state::{Passport, MAX_HINT, MAX_HINT_KIND},
};
use anchor_lang::prelude::*;

/// Sets or clears a passport's `dyndns_hint`. Only its wallet can.
#[derive(Accounts)]
pub struct SetHint {
    pub wallet: Signer,
    #[account(mut, seeds = [b"passport", wallet.address().as_ref()], bump = passport.bump)]
    pub passport: Account<Passport>,
}

pub(crate) fn handle(accounts: &mut SetHint, kind: u8, hint: &[u8]) -> Result<()> {
    let SetHint { wallet, passport } = accounts;
    check_version(passport.version)?;
    require!(kind <= MAX_HINT_KIND, NamesError::HintKind);
    require!((kind == 0) == hint.is_empty() && hint.len() <= MAX_HINT, NamesError::HintLength);
    let mut rows = [[0; 32]; MAX_HINT / 32];
    for (row, bytes) in rows.iter_mut().zip(hint.chunks(32)) {
        row[..bytes.len()].copy_from_slice(bytes);
    }
    passport.hint_kind = kind;
    passport.hint_length = hint.len() as u8;
    passport.hint = rows;
    emit!(PassportChanged { wallet: *wallet.address(), hint_kind: kind });
    Ok(())
}
