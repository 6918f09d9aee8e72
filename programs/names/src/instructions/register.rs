use crate::{
    error::NamesError,
    event::NameRegistered,
    instructions::shared::{
        begin_generation, check_name_hash, check_running, check_version, next_generation, now, prepare_name,
    },
    nft::{check_programs, Minting},
    state::{Commitment, Name, NamesConfig},
    token::{amount_of, check_token_program, pull, TokenAccount},
};
use anchor_lang::{hash::sha256, prelude::*, programs::System};
use tolldns_common::fault::OrRefuse;
use tolldns_core::names::{
    label::is_premium,
    preimage::commitment_preimage,
    tenure::{check_free, check_reveal, first_expiry},
};

/// Reveals a commitment: the owner pays, and gets the name's token.
#[derive(Accounts)]
#[instruction(name_hash: [u8; 32])]
pub struct Register {
    #[account(mut)]
    pub owner: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(
        mut,
        close = owner,
        seeds = [b"commitment", owner.address().as_ref(), &commitment.hash],
        bump = commitment.bump
    )]
    pub commitment: Account<Commitment>,
    #[account(init_if_needed, payer = owner, seeds = [b"name", &name_hash], bump)]
    pub name: Account<Name>,
    /// The owner's Index Units.
    #[account(mut)]
    pub source: UncheckedAccount,
    #[account(mut, address = config.treasury @ NamesError::WrongTreasury)]
    pub treasury: UncheckedAccount,
    /// At `["nft", name hash, generation]`.
    #[account(mut)]
    pub nft_mint: UncheckedAccount,
    /// The owner's associated token account of it.
    #[account(mut)]
    pub nft_token: UncheckedAccount,
    pub token_program: UncheckedAccount,
    pub token_2022: UncheckedAccount,
    pub associated_token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(
    accounts: &mut Register,
    name_bump: u8,
    name_hash: [u8; 32],
    secret: [u8; 32],
    years: u8,
    label: &[u8],
) -> Result<()> {
    let Register {
        owner,
        config,
        commitment,
        name,
        source,
        treasury,
        nft_mint,
        nft_token,
        token_program,
        token_2022,
        associated_token_program,
        system_program,
    } = accounts;
    check_version(config.version)?;
    check_version(commitment.version)?;
    check_running(config.paused)?;
    check_name_hash(label, &name_hash)?;
    require!(!is_premium(label.len()), NamesError::LabelPremium);
    let promised = sha256(&commitment_preimage(&name_hash, owner.address().as_array(), &secret));
    require!(promised == commitment.hash, NamesError::CommitmentMismatch);
    let now = now()?;
    check_reveal(commitment.made_at, config.commit_min, config.commit_max, now).or_refuse()?;
    prepare_name(name, name_bump, &name_hash, label)?;
    check_free(name.generation, name.expires_at, config.grace, now).or_refuse()?;
    let price = config.terms().price_of(label.len(), years).or_refuse()?;
    let expires_at = first_expiry(now, config.term, years).or_refuse()?;
    let generation = next_generation(name)?;
    check_token_program(config, token_program.address())?;
    check_programs(token_2022.address(), associated_token_program.address())?;
    TokenAccount::read(source, &config.mint, &config.token_program)?.check_owner(owner.address())?;
    TokenAccount::read(treasury, &config.mint, &config.token_program)?;

    let treasury_before = amount_of(treasury)?;
    pull(config, source, treasury, owner, price)?;
    begin_generation(name, generation, nft_mint.address(), owner.address(), now, expires_at)?;
    Minting {
        payer: owner,
        holder: owner,
        mint: nft_mint,
        token: nft_token,
        authority: config.view(),
        authority_bump: config.bump,
        token_2022,
        system: system_program.account(),
    }
    .run([b"nft", &name_hash, &generation.to_le_bytes()], [label, b".dns"], b"DNS", false)?;
    emit!(NameRegistered { name_hash, generation, owner: *owner.address(), expires_at, price });

    let received = amount_of(treasury)?.checked_sub(treasury_before);
    require!(received == Some(price), NamesError::InvariantBroken);
    Ok(())
}
