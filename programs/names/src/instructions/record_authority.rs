use crate::{
    instructions::shared::{check_version, record_authority},
    nft::holder_of,
    state::Name,
};
use anchor_lang::prelude::*;

/// Records who holds a name now as who signs its routes: anyone may say so, the token account proves it. For tokens that were moved by an ordinary
/// wallet. Does nothing if the holder is recorded already.
#[derive(Accounts)]
pub struct RecordAuthority {
    #[account(mut, seeds = [b"name", &name.hash], bump = name.bump)]
    pub name: Account<Name>,
    /// Any token account that has the name's token.
    pub token: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut RecordAuthority) -> Result<()> {
    let RecordAuthority { name, token } = accounts;
    check_version(name.version)?;
    let holder = holder_of(token, &name.mint)?;
    record_authority(name, &holder)
}
