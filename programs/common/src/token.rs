//! Reading mints and token accounts, and moving tokens. SPL Token and Token-2022 share this layout as long as a mint has no extensions.

use crate::fault::Fault;
use anchor_lang::{
    pinocchio::{account::Ref, cpi::Seed, cpi::Signer as CpiSigner},
    prelude::*,
    Id,
};
use pinocchio_token::instructions::{Burn, InitializeAccount3, Transfer};

/// Length of a mint without extensions.
const MINT_BYTES: usize = 82;
/// Length of a token account without extensions.
pub const TOKEN_ACCOUNT_BYTES: usize = 165;
/// A multisig has this length and is never a token account, whatever its bytes say.
const MULTISIG_BYTES: usize = 355;
/// Token-2022 puts the kind of account after the base layout when there are extensions; 2 is a token account.
const KIND_TOKEN_ACCOUNT: u8 = 2;
const FROZEN: u8 = 2;

/// Checks that a mint is one a program can hold safely, with that many decimals.
pub fn check_mint(mint: &AccountView, token_program: &AccountView, decimals: u8) -> Result<()> {
    let program = token_program.address();
    require!(*program == Token::id() || *program == Token2022::id(), Fault::TokenProgramUnsupported);
    require!(mint.owned_by(program), Fault::MintInvalid);
    let data = mint.try_borrow()?;
    // A Token-2022 mint with extensions is 166 bytes or longer; only a plain one has exactly this length.
    require!(data.len() <= MINT_BYTES, Fault::MintExtensions);
    require!(data.len() == MINT_BYTES && data[45] == 1, Fault::MintInvalid);
    require!(data[44] == decimals, Fault::MintDecimals);
    Ok(())
}

/// May somebody freeze accounts of this mint, which was checked before?
pub fn is_freezable(mint: &AccountView) -> Result<bool> {
    let data = mint.try_borrow()?;
    Ok(data.get(46..50) != Some(&[0; 4]))
}

/// A token account's bytes, known to be one of the mint and token program.
pub struct TokenAccount<'a>(Ref<'a, [u8]>);

impl<'a> TokenAccount<'a> {
    /// Reads a token account; refuses another program's, another mint's, an uninitialised and a frozen one.
    pub fn read(account: &'a AccountView, mint: &Address, token_program: &Address) -> Result<Self> {
        require!(account.owned_by(token_program), Fault::TokenAccountProgram);
        let data = account.try_borrow()?;
        let plain = data.len() == TOKEN_ACCOUNT_BYTES;
        let extended = data.len() > TOKEN_ACCOUNT_BYTES
            && data.len() != MULTISIG_BYTES
            && data[TOKEN_ACCOUNT_BYTES] == KIND_TOKEN_ACCOUNT;
        require!((plain || extended) && data[108] != 0, Fault::TokenAccountInvalid);
        require!(data[..32] == *mint.as_ref(), Fault::TokenAccountMint);
        require!(data[108] != FROZEN, Fault::TokenAccountFrozen);
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
        require!(self.0[32..64] == *owner.as_ref(), Fault::TokenAccountOwner);
        Ok(())
    }

    /// Refuses one that a third party could empty or close: for accounts a program pays into without asking again.
    pub fn check_undelegated(&self) -> Result<()> {
        require!(self.0[72..76] == [0; 4], Fault::TokenAccountDelegate);
        require!(self.0[129..133] == [0; 4], Fault::TokenAccountCloseAuthority);
        Ok(())
    }
}

/// Checks an account that a program will pay shares into: of its token, nobody else's hand on it, and not one with another part to play.
pub fn check_share_account(
    account: &AccountView,
    mint: &Address,
    token_program: &Address,
    reserved: &[&Address],
) -> Result<()> {
    TokenAccount::read(account, mint, token_program)?.check_undelegated()?;
    require!(!reserved.contains(&account.address()), Fault::TokenAccountReserved);
    Ok(())
}

/// Tokens in an account whose layout was checked before.
#[inline(always)]
pub fn amount_of(account: &AccountView) -> Result<u64> {
    let data = account.try_borrow()?;
    let bytes = data.get(64..72).ok_or(Fault::TokenAccountInvalid)?;
    Ok(u64::from_le_bytes(bytes.try_into().map_err(|_| Fault::TokenAccountInvalid)?))
}

/// Refuses a token program other than the configuration's.
#[inline(always)]
pub fn check_token_program(configured: &Address, token_program: &Address) -> Result<()> {
    require!(token_program == configured, Fault::TokenProgramMismatch);
    Ok(())
}

/// Creates a program's vault at the address of `seeds` (bump last), belonging to `owner`. Works on a prefunded address too: then it allocates and
/// assigns.
pub fn create_vault(
    payer: &AccountView,
    vault: &AccountView,
    mint: &AccountView,
    owner: &Address,
    token_program: &Address,
    seeds: &[&[u8]],
) -> Result<()> {
    create_account_signed(payer, vault, TOKEN_ACCOUNT_BYTES, token_program, seeds)?;
    InitializeAccount3::new(vault, mint, owner).invoke_with_unverified_program(token_program)
}

/// Moves tokens from a wallet that signed the transaction. `token_program` is the configuration's, which was checked when it was written.
#[inline(always)]
pub fn pull(
    token_program: &Address,
    from: &AccountView,
    vault: &AccountView,
    owner: &AccountView,
    amount: u64,
) -> Result<()> {
    Transfer::new(from, vault, owner, amount).invoke_with_unverified_program(token_program)
}

/// Moves tokens out of a vault, signed by the configuration, which lies at `[seed]` with `bump`. Nothing moves for an amount of zero.
#[inline(always)]
pub fn pay(
    token_program: &Address,
    (config, seed, bump): (&AccountView, &[u8], u8),
    vault: &AccountView,
    to: &AccountView,
    amount: u64,
) -> Result<()> {
    if amount == 0 {
        return Ok(());
    }
    let bump = [bump];
    let seeds = [Seed::from(seed), Seed::from(&bump)];
    Transfer::new(vault, to, config, amount)
        .invoke_signed_with_unverified_program(&[CpiSigner::from(&seeds)], token_program)
}

/// Burns tokens of a vault, signed as [`pay`] is. Nothing happens for an amount of zero.
#[inline(always)]
pub fn burn(
    token_program: &Address,
    (config, seed, bump): (&AccountView, &[u8], u8),
    vault: &AccountView,
    mint: &AccountView,
    amount: u64,
) -> Result<()> {
    if amount == 0 {
        return Ok(());
    }
    let bump = [bump];
    let seeds = [Seed::from(seed), Seed::from(&bump)];
    Burn::new(vault, mint, config, amount)
        .invoke_signed_with_unverified_program(&[CpiSigner::from(&seeds)], token_program)
}
