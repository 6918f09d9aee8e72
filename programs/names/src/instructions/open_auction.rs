use crate::{
    error::NamesError,
    instructions::shared::{
        announce_auction, check_name_hash, check_running, check_version, next_generation, now, prepare_name,
    },
    state::{Auction, Bid, Name, NamesConfig, AUCTION_OPEN, VERSION},
    token::{amount_of, check_token_program, pull, TokenAccount},
};
use anchor_lang::{find_and_verify_program_address, prelude::*, programs::System};
use tolldns_common::{account::create, fault::OrRefuse};
use tolldns_core::{
    amounts::check_amount,
    names::{label::is_premium, tenure::check_free},
};

/// Puts a premium name up for auction, with a first bid of at least a term's price.
#[derive(Accounts)]
#[instruction(name_hash: [u8; 32])]
pub struct OpenAuction {
    #[account(mut)]
    pub bidder: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(init_if_needed, payer = bidder, seeds = [b"name", &name_hash], bump)]
    pub name: Account<Name>,
    /// At `["auction", name hash, generation]`, the generation being the one that is sold.
    #[account(mut)]
    pub auction: UncheckedAccount,
    #[account(init, payer = bidder, seeds = [b"bid", auction.address().as_ref(), bidder.address().as_ref()], bump)]
    pub bid: Account<Bid>,
    /// The bidder's Index Units.
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(mut, address = config.vault @ NamesError::WrongVault)]
    pub vault: UncheckedAccount,
    pub token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(
    accounts: &mut OpenAuction,
    name_bump: u8,
    bid_bump: u8,
    name_hash: [u8; 32],
    amount: u64,
    label: &[u8],
) -> Result<()> {
    let OpenAuction { bidder, config, name, auction, bid, source, vault, token_program, system_program: _ } =
        accounts;
    check_version(config.version)?;
    check_running(config.paused)?;
    check_name_hash(label, &name_hash)?;
    require!(is_premium(label.len()), NamesError::LabelNotPremium);
    prepare_name(name, name_bump, &name_hash, label)?;
    let now = now()?;
    check_free(name.generation, name.expires_at, config.grace, now).or_refuse()?;
    check_amount(amount).or_refuse()?;
    require!(amount >= config.terms().price_of(label.len(), 1).or_refuse()?, NamesError::BidTooLow);
    check_token_program(config, token_program.address())?;
    TokenAccount::read(source, &config.mint, &config.token_program)?.check_owner(bidder.address())?;
    require!(!auction.owned_by(&crate::ID), NamesError::AuctionExists);
    let generation = next_generation(name)?;
    let number = generation.to_le_bytes();
    let bump =
        find_and_verify_program_address(&[b"auction", &name_hash, &number], &crate::ID, auction.address())
            .map_err(|_| NamesError::AuctionName)?;

    let vault_before = amount_of(vault)?;
    pull(config, source, vault, bidder, amount)?;
    let address = *auction.address();
    let mut auction: Account<Auction> = create(bidder, auction, &[b"auction", &name_hash, &number, &[bump]])?;
    *auction = Auction {
        version: VERSION,
        bump,
        state: AUCTION_OPEN,
        reserved: 0,
        generation,
        ends_at: now.saturating_add(config.auction as u64),
        highest: amount,
        name_hash,
        highest_bidder: *bidder.address(),
        opened_by: *bidder.address(),
    };
    **bid = Bid {
        version: VERSION,
        bump: bid_bump,
        reserved: [0; 6],
        held: amount,
        auction: address,
        bidder: *bidder.address(),
    };
    announce_auction(address, &auction);

    let received = amount_of(vault)?.checked_sub(vault_before);
    require!(received == Some(amount), NamesError::InvariantBroken);
    Ok(())
}
