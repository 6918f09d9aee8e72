//! Reading mints and token accounts, and moving tokens. SPL Token and Token-2022 share this layout as long as a mint has no extensions.

use crate::{error::EscrowError, state::Config};
use anchor_lang::{
    pinocchio::{account::Ref, cpi::Seed, cpi::Signer as CpiSigner},
    prelude::*,
    Id,
};
use pinocchio_token::instructions::Transfer;

/// Length of a mint without extensions.
const MINT_BYTES: usize = 82;
/// Length of a token account without extensions.
pub const TOKEN_ACCOUNT_BYTES: usize = 165;
/// A multisig has this length and is never a token account, whatever its bytes say.
const MULTISIG_BYTES: usize = 355;
/// Token-2022 puts the kind of account after the base layout when there are extensions; 2 is a token account.
const KIND_TOKEN_ACCOUNT: u8 = 2;
const FROZEN: u8 = 2;
/// Index Units have six decimals.
const DECIMALS: u8 = 6;

/// Checks that IU's mint is one this program can hold safely.
pub fn check_mint(mint: &AccountView, token_program: &AccountView) -> Result<()> {
    let program = token_program.address();
    require!(*program == Token::id() || *program == Token2022::id(), EscrowError::TokenProgramUnsupported);
    require!(mint.owned_by(program), EscrowError::MintInvalid);
    let data = mint.try_borrow()?;
    // A Token-2022 mint with extensions is 166 bytes or longer; only a plain one has exactly this length.
    require!(data.len() <= MINT_BYTES, EscrowError::MintExtensions);
    require!(data.len() == MINT_BYTES && data[45] == 1, EscrowError::MintInvalid);
    require!(data[44] == DECIMALS, EscrowError::MintDecimals);
    Ok(())
}

/// A token account's bytes, known to be one of the mint and token program.
pub struct TokenAccount<'a>(Ref<'a, [u8]>);

impl<'a> TokenAccount<'a> {
    /// Reads a token account of IU; refuses another program's, another mint's, an uninitialised and a frozen one.
    pub fn read(account: &'a AccountView, mint: &Address, token_program: &Address) -> Result<Self> {
        require!(account.owned_by(token_program), EscrowError::TokenAccountProgram);
        let data = account.try_borrow()?;
        let plain = data.len() == TOKEN_ACCOUNT_BYTES;
        let extended = data.len() > TOKEN_ACCOUNT_BYTES
            && data.len() != MULTISIG_BYTES
            && data[TOKEN_ACCOUNT_BYTES] == KIND_TOKEN_ACCOUNT;
        require!((plain || extended) && data[108] != 0, EscrowError::TokenAccountInvalid);
        require!(data[..32] == *mint.as_ref(), EscrowError::TokenAccountMint);
        require!(data[108] != FROZEN, EscrowError::TokenAccountFrozen);
        Ok(Self(data))
    }

    /// Refuses one that isn't the wallet's own.
    pub fn check_owner(&self, owner: &Address) -> Result<()> {
        require!(self.0[32..64] == *owner.as_ref(), EscrowError::TokenAccountOwner);
        Ok(())
    }

    /// Refuses one that a third party could empty or close: for accounts the protocol pays into without asking again.
    pub fn check_undelegated(&self) -> Result<()> {
        require!(self.0[72..76] == [0; 4], EscrowError::TokenAccountDelegate);
        require!(self.0[129..133] == [0; 4], EscrowError::TokenAccountCloseAuthority);
        Ok(())
    }
}

/// Tokens in an account whose layout was checked before.
#[inline(always)]
pub fn amount_of(account: &AccountView) -> Result<u64> {
    let data = account.try_borrow()?;
    let bytes = data.get(64..72).ok_or(EscrowError::TokenAccountInvalid)?;
    Ok(u64::from_le_bytes(bytes.try_into().map_err(|_| EscrowError::TokenAccountInvalid)?))
}

/// Refuses a token program other than the configuration's.
#[inline(always)]
pub fn check_token_program(config: &Config, token_program: &Address) -> Result<()> {
    require!(*token_program == config.token_program, EscrowError::TokenProgramMismatch);
    Ok(())
}

/// Moves tokens from a wallet that signed the transaction.
#[inline(always)]
pub fn pull(
    config: &Config,
    from: &AccountView,
    vault: &AccountView,
    owner: &AccountView,
    amount: u64,
) -> Result<()> {
    // SAFETY of the unverified program: `config.token_program` was checked when it was written.
    Transfer::new(from, vault, owner, amount).invoke_with_unverified_program(&config.token_program)
}

/// Moves tokens out of the vault, signed by the configuration's address. Nothing moves for an amount of zero.
#[inline(always)]
pub fn pay(
    config: &Config,
    config_view: &AccountView,
    vault: &AccountView,
    to: &AccountView,
    amount: u64,
) -> Result<()> {
    if amount == 0 {
        return Ok(());
    }
    let bump = [config.bump];
    let seeds = [Seed::from(b"config"), Seed::from(&bump)];
    Transfer::new(vault, to, config_view, amount)
        .invoke_signed_with_unverified_program(&[CpiSigner::from(&seeds)], &config.token_program)
}
