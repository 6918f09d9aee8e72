use crate::{
    error::NamesError,
    event::BidReturned,
    instructions::shared::check_version,
    state::{Auction, Bid, NamesConfig, AUCTION_OPEN},
    token::{amount_of, check_token_program, pay, TokenAccount},
};
use anchor_lang::prelude::*;

/// Returns a losing bid, exactly what is held, to any token account its bidder names. The Bid is closed in the same instruction. Never paused.
#[derive(Accounts)]
pub struct WithdrawBid {
    #[account(mut)]
    pub bidder: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(seeds = [b"auction", &auction.name_hash, &auction.generation.to_le_bytes()], bump = auction.bump)]
    pub auction: Account<Auction>,
    #[account(
        mut,
        close = bidder,
        seeds = [b"bid", auction.address().as_ref(), bidder.address().as_ref()],
        bump = bid.bump
    )]
    pub bid: Account<Bid>,
    #[account(mut, address = config.vault @ NamesError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(mut)]
    pub destination: UncheckedAccount,
    pub token_program: UncheckedAccount,
}

pub(crate) fn handle(accounts: &mut WithdrawBid) -> Result<()> {
    let WithdrawBid { bidder, config, auction, bid, vault, destination, token_program } = accounts;
    check_version(config.version)?;
    check_version(auction.version)?;
    check_version(bid.version)?;
    // Once settled the winner's Bid is closed, so whatever is left belongs to a loser.
    let leads = auction.state == AUCTION_OPEN && auction.highest_bidder == *bidder.address();
    require!(!leads, NamesError::HighestBidder);
    check_token_program(config, token_program.address())?;
    TokenAccount::read(destination, &config.mint, &config.token_program)?;
    require!(*destination.address() != config.vault, NamesError::TokenAccountReserved);

    let (vault_before, amount) = (amount_of(vault)?, bid.held);
    bid.held = 0;
    pay(config, config.view(), vault, destination, amount)?;
    emit!(BidReturned { auction: *auction.address(), bidder: *bidder.address(), amount });

    let paid = vault_before.checked_sub(amount_of(vault)?);
    require!(paid == Some(amount), NamesError::InvariantBroken);
    Ok(())
}
