use crate::{
    error::NamesError,
    event::PassportChanged,
    instructions::shared::check_version,
    nft::{check_programs, Minting},
    state::{NamesConfig, Passport, VERSION},
};
use anchor_lang::{prelude::*, programs::System};

/// Gives a wallet its one passport: a token that can't be transferred, and a place for a hint.
#[derive(Accounts)]
pub struct IssuePassport {
    #[account(mut)]
    pub wallet: Signer,
    #[account(seeds = [b"names"], bump)]
    pub config: Account<NamesConfig>,
    #[account(init_if_needed, payer = wallet, seeds = [b"passport", wallet.address().as_ref()], bump)]
    pub passport: Account<Passport>,
    /// At `["passport-mint", wallet]`.
    #[account(mut)]
    pub passport_mint: UncheckedAccount,
    /// The wallet's associated token account of it.
    #[account(mut)]
    pub passport_token: UncheckedAccount,
    pub token_2022: UncheckedAccount,
    pub associated_token_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub(crate) fn handle(accounts: &mut IssuePassport, bump: u8) -> Result<()> {
    let IssuePassport {
        wallet,
        config,
        passport,
        passport_mint,
        passport_token,
        token_2022,
        associated_token_program,
        system_program,
    } = accounts;
    check_version(config.version)?;
    require!(passport.version == 0, NamesError::PassportExists);
    check_programs(token_2022.address(), associated_token_program.address())?;

    passport.version = VERSION;
    passport.bump = bump;
    passport.wallet = *wallet.address();
    passport.mint = *passport_mint.address();
    Minting {
        payer: wallet,
        holder: wallet,
        mint: passport_mint,
        token: passport_token,
        authority: config.view(),
        authority_bump: config.bump,
        token_2022,
        system: system_program.account(),
    }
    .run(
        [b"passport-mint", wallet.address().as_ref(), b""],
        [b"TollDNS passport", b""],
        b"PASS",
        true,
    )?;
    emit!(PassportChanged { wallet: *wallet.address(), hint_kind: 0 });
    Ok(())
}
