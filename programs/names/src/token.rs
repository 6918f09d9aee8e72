//! Reading the Index Unit's mint and token accounts, and moving Index Units. SPL Token and Token-2022 share this layout as long as a mint has no extensions.

use crate::{error::NamesError, state::NamesConfig};
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
    require!(*program == Token::id() || *program == Token2022::id(), NamesError::TokenProgramUnsupported);
    require!(mint.owned_by(program), NamesError::MintInvalid);
    let data = mint.try_borrow()?;
    // A Token-2022 mint with extensions is 166 bytes or longer; only a plain one has exactly this length.
    require!(data.len() <= MINT_BYTES, NamesError::MintExtensions);
    require!(data.len() == MINT_BYTES && data[45] == 1, NamesError::MintInvalid);
    require!(data[44] == DECIMALS, NamesError::MintDecimals);
    Ok(())
}

/// A token account's bytes, known to be one of the mint and token program.
pub struct TokenAccount<'a>(Ref<'a, [u8]>);

impl<'a> TokenAccount<'a> {
    /// Reads a token account of IU; refuses another program's, another mint's, an uninitialised and a frozen one.
    pub fn read(account: &'a AccountView, mint: &Address, token_program: &Address) -> Result<Self> {
        require!(account.owned_by(token_program), NamesError::TokenAccountProgram);
        let data = account.try_borrow()?;
        let plain = data.len() == TOKEN_ACCOUNT_BYTES;
        let extended = data.len() > TOKEN_ACCOUNT_BYTES
            && data.len() != MULTISIG_BYTES
            && data[TOKEN_ACCOUNT_BYTES] == KIND_TOKEN_ACCOUNT;
        require!((plain || extended) && data[108] != 0, NamesError::TokenAccountInvalid);
        require!(data[..32] == *mint.as_ref(), NamesError::TokenAccountMint);
        require!(data[108] != FROZEN, NamesError::TokenAccountFrozen);
        Ok(Self(data))
    }

    /// Tokens in it.
    pub fn amount(&self) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.0[64..72]);
        u64::from_le_bytes(bytes)
    }

    /// The wallet it belongs to.
    pub fn owner(&self) -> Address {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&self.0[32..64]);
        Address::new_from_array(bytes)
    }

    /// Refuses one that isn't the wallet's own.
    pub fn check_owner(&self, owner: &Address) -> Result<()> {
        require!(self.0[32..64] == *owner.as_ref(), NamesError::TokenAccountOwner);
        Ok(())
    }

    /// Refuses one that a third party could empty or close: for accounts the protocol pays into without asking again.
    pub fn check_undelegated(&self) -> Result<()> {
        require!(self.0[72..76] == [0; 4], NamesError::TokenAccountDelegate);
        require!(self.0[129..133] == [0; 4], NamesError::TokenAccountCloseAuthority);
        Ok(())
    }
}

/// Tokens in an account whose layout was checked before.
#[inline(always)]
pub fn amount_of(account: &AccountView) -> Result<u64> {
    let data = account.try_borrow()?;
    let bytes = data.get(64..72).ok_or(NamesError::TokenAccountInvalid)?;
    Ok(u64::from_le_bytes(bytes.try_into().map_err(|_| NamesError::TokenAccountInvalid)?))
}

/// Refuses a token program other than the configuration's.
#[inline(always)]
pub fn check_token_program(config: &NamesConfig, token_program: &Address) -> Result<()> {
    require!(*token_program == config.token_program, NamesError::TokenProgramMismatch);
    Ok(())
}

/// Moves tokens from a wallet that signed the transaction.
#[inline(always)]
pub fn pull(
    config: &NamesConfig,
    from: &AccountView,
    vault: &AccountView,
    owner: &AccountView,
    amount: u64,
) -> Result<()> {
    // SAFETY of the unverified program: `config.token_program` was checked when it was written.
    Transfer::new(from, vault, owner, amount).invoke_with_unverified_program(&config.token_program)
}

/// Moves tokens out of the auction vault, signed by the configuration's address. Nothing moves for an amount of zero.
#[inline(always)]
pub fn pay(
    config: &NamesConfig,
    config_view: &AccountView,
    vault: &AccountView,
    to: &AccountView,
    amount: u64,
) -> Result<()> {
    if amount == 0 {
        return Ok(());
    }
    let bump = [config.bump];
    let seeds = [Seed::from(b"names"), Seed::from(&bump)];
    Transfer::new(vault, to, config_view, amount)
        .invoke_signed_with_unverified_program(&[CpiSigner::from(&seeds)], &config.token_program)
}
