use crate::{
    error::NamesError,
    instructions::shared::{announce_auction, check_running, check_version, now},
    state::{Auction, Bid, NamesConfig, AUCTION_OPEN, VERSION},
    token::{amount_of, check_token_program, pull, TokenAccount},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::auction::{check_bid, check_open, end_after_bid};

/// Tops the highest bid. `amount` is all the bidder then has in the auction; only what is missing is paid.
#[derive(Accounts)]
pub struct PlaceBid {
    #[account(mut)]
    pub bidder: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(
        mut,
        seeds = [b"auction", &auction.name_hash, &auction.generation.to_le_bytes()],
        bump = auction.bump
    )]
    pub auction: Account<Auction>,
    #[account(
        init_if_needed,
        payer = bidder,
        seeds = [b"bid", auction.address().as_ref(), bidder.address().as_ref()],
        bump
    )]
    pub bid: Account<Bid>,
    /// The bidder's Index Units.
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(mut, address = config.vault @ NamesError::WrongVault)]
    pub vault: UncheckedAccount,
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut PlaceBid, bid_bump: u8, amount: u64) -> Result<()> {
    let PlaceBid { bidder, config, auction, bid, source, vault, token_program, system_program: _ } = accounts;
    check_version(config.version)?;
    check_version(auction.version)?;
    check_running(config.paused)?;
    require!(auction.state == AUCTION_OPEN, NamesError::AuctionSettled);
    let now = now()?;
    check_open(auction.ends_at, now).or_refuse()?;
    check_bid(amount, auction.highest, config.increment_bps).or_refuse()?;
    check_token_program(config, token_program.address())?;
    TokenAccount::read(source, &config.mint, &config.token_program)?.check_owner(bidder.address())?;
    let address = *auction.address();
    if bid.version == 0 {
        // Just created: the runtime gave zeroes.
        **bid = Bid {
            version: VERSION,
            bump: bid_bump,
            reserved: [0; 6],
            held: 0,
            auction: address,
            bidder: *bidder.address(),
        };
    }
    check_version(bid.version)?;
    // A bidder's earlier bid was at most the highest, so the difference is never below zero.
    let missing = amount.checked_sub(bid.held).ok_or(NamesError::InvariantBroken)?;

    let vault_before = amount_of(vault)?;
    pull(config, source, vault, bidder, missing)?;
    bid.held = amount;
    auction.highest = amount;
    auction.highest_bidder = *bidder.address();
    auction.ends_at = end_after_bid(auction.ends_at, config.extension, now);
    announce_auction(address, auction);

    let received = amount_of(vault)?.checked_sub(vault_before);
    require!(received == Some(missing), NamesError::InvariantBroken);
    Ok(())
}
