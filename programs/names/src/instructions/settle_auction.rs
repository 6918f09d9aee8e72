use crate::{
    error::NamesError,
    event::NameRegistered,
    instructions::shared::{announce_auction, begin_generation, check_version, next_generation, now},
    nft::{check_programs, Minting},
    state::{Auction, Bid, Name, NamesConfig, AUCTION_OPEN, AUCTION_SETTLED},
    token::{amount_of, check_token_program, pay, TokenAccount},
};
use anchor_lang::{prelude::*, programs::System};
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::{auction::check_over, tenure::first_expiry};

/// Ends an auction: the winning bid goes to the treasury, the name to the winner. Anyone may, so that a winner who does nothing blocks nothing; the
/// rent of the winner's Bid goes to who does. Never paused.
#[derive(Accounts)]
pub struct SettleAuction {
    /// May be the winner too. It has no data of this program's, and whatever else is written may not be it.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(mut, seeds = [b"name", &name.hash], bump = name.bump)]
    pub name: Account<Name>,
    #[account(
        mut,
        seeds = [b"auction", &auction.name_hash, &auction.generation.to_le_bytes()],
        bump = auction.bump
    )]
    pub auction: Account<Auction>,
    #[account(
        mut,
        close = payer,
        seeds = [b"bid", bid.auction.as_ref(), bid.bidder.as_ref()],
        bump = bid.bump
    )]
    pub bid: Account<Bid>,
    #[account(address = auction.highest_bidder @ NamesError::BidNotWinners)]
    pub winner: UncheckedAccount,
    #[account(mut, address = config.vault @ NamesError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(mut, address = config.treasury @ NamesError::WrongTreasury)]
    pub treasury: UncheckedAccount,
    /// At `["nft", name hash, generation]`.
    #[account(mut)]
    pub nft_mint: UncheckedAccount,
    /// The winner's associated token account of it.
    #[account(mut)]
    pub nft_token: UncheckedAccount,
    pub token_program: UncheckedAccount,
    pub token_2022: UncheckedAccount,
    pub associated_token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut SettleAuction) -> Result<()> {
    let SettleAuction {
        payer,
        config,
        name,
        auction,
        bid,
        winner,
        vault,
        treasury,
        nft_mint,
        nft_token,
        token_program,
        token_2022,
        associated_token_program,
        system_program,
    } = accounts;
    check_version(config.version)?;
    check_version(name.version)?;
    check_version(auction.version)?;
    check_version(bid.version)?;
    require!(auction.state == AUCTION_OPEN, NamesError::AuctionSettled);
    require!(auction.name_hash == name.hash, NamesError::AuctionName);
    require!(auction.generation == next_generation(name)?, NamesError::AuctionName);
    require!(bid.auction == *auction.address(), NamesError::BidAuction);
    require!(bid.bidder == auction.highest_bidder, NamesError::BidNotWinners);
    let now = now()?;
    check_over(auction.ends_at, now).or_refuse()?;
    let expires_at = first_expiry(now, config.term, 1).or_refuse()?;
    check_token_program(config, token_program.address())?;
    check_programs(token_2022.address(), associated_token_program.address())?;
    TokenAccount::read(treasury, &config.mint, &config.token_program)?;
    require!(bid.held == auction.highest, NamesError::InvariantBroken);

    let (vault_before, treasury_before, price) = (amount_of(vault)?, amount_of(treasury)?, bid.held);
    bid.held = 0;
    auction.state = AUCTION_SETTLED;
    pay(config, config.view(), vault, treasury, price)?;
    let (name_hash, generation) = (name.hash, auction.generation);
    begin_generation(name, generation, nft_mint.address(), winner.address(), now, expires_at)?;
    Minting {
        payer,
        holder: winner,
        mint: nft_mint,
        token: nft_token,
        authority: config.view(),
        authority_bump: config.bump,
        token_2022,
        system: system_program.account(),
    }
    .run([b"nft", &name_hash, &generation.to_le_bytes()], [name.label(), b".dns"], b"DNS", false)?;
    announce_auction(*auction.address(), auction);
    emit!(NameRegistered { name_hash, generation, owner: *winner.address(), expires_at, price });

    let paid = vault_before.checked_sub(amount_of(vault)?);
    let received = amount_of(treasury)?.checked_sub(treasury_before);
    require!(paid == Some(price) && received == Some(price), NamesError::InvariantBroken);
    Ok(())
}
