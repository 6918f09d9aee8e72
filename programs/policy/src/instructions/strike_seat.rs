use crate::{
    error::PolicyError,
    event::Struck,
    instructions::{
        challenged::strike_row,
        shared::{check_version, now},
    },
    state::{seat_of, RosterAccount, Verifier},
};
use anchor_lang::prelude::*;

/// Strikes a seat that an operator has beside the one it was struck in: a roster it enrolled for before.
#[derive(Accounts)]
pub struct StrikeSeat {
    #[account(mut)]
    pub roster: RosterAccount,
    pub verifier: Account<Verifier>,
}

pub(crate) fn handle(accounts: &mut StrikeSeat, seat: u8) -> Result<()> {
    let StrikeSeat { roster, verifier } = accounts;
    check_version(roster.version)?;
    check_version(verifier.version)?;
    require!(seat_of(roster, seat)?.operator == verifier.operator, PolicyError::WrongSeat);
    require!(now()? < verifier.struck_until, PolicyError::NotStruck);

    let operator = strike_row(roster, seat)?;
    emit!(Struck { operator, roster: roster.number, seat, id: [0; 32], begin: 0, kind: 0 });
    Ok(())
}
