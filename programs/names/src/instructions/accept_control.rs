use crate::{
    error::NamesError,
    event::ControlChanged,
    instructions::shared::{check_version, now, record_authority},
    nft::{check_programs, create_associated, holder_of, move_approved},
    state::{Name, NamesConfig},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::tenure::check_held;

/// The second step: the wallet that was offered a name proves that it exists, and the token moves to its associated token account.
#[derive(Accounts)]
pub struct AcceptControl {
    #[account(mut)]
    pub accepter: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(mut, seeds = [b"name", &name.hash], bump = name.bump)]
    pub name: Account<Name>,
    /// The token account the offer was made from.
    #[account(mut)]
    pub from: UncheckedAccount,
    #[account(mut)]
    pub to: UncheckedAccount,
    #[account(address = name.mint @ NamesError::WrongNft)]
    pub nft_mint: UncheckedAccount,
    pub token_2022: UncheckedAccount,
    pub associated_token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut AcceptControl) -> Result<()> {
    let AcceptControl {
        accepter,
        config,
        name,
        from,
        to,
        nft_mint,
        token_2022,
        associated_token_program,
        system_program,
    } = accounts;
    check_version(config.version)?;
    check_version(name.version)?;
    require!(name.offered_to == *accepter.address(), NamesError::NotOffered);
    check_held(name.generation, name.expires_at, now()?).or_refuse()?;
    // An offer is its maker's: after an ordinary transfer the next holder has offered nothing.
    let holder = holder_of(from, &name.mint)?;
    require!(holder == name.offered_by, NamesError::NotOffered);
    check_programs(token_2022.address(), associated_token_program.address())?;

    create_associated(accepter, accepter, nft_mint, to, token_2022, system_program.account())?;
    move_approved(from, nft_mint, to, config.view(), config.bump)?;
    name.offered_to = Address::default();
    name.offered_by = Address::default();
    record_authority(name, accepter.address())?;
    emit!(ControlChanged { name_hash: name.hash, from: holder, to: *accepter.address(), moved: 1 });

    require!(holder_of(to, &name.mint)? == *accepter.address(), NamesError::InvariantBroken);
    Ok(())
}
