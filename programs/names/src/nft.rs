//! Tokens of Token-2022 with their metadata inside the mint: the one token of a name, the one of a passport. The calls are written out, because
//! no crate that runs here has those of the extensions.

use crate::{error::NamesError, token::TokenAccount};
use anchor_lang::{
    find_and_verify_program_address,
    pinocchio::{
        cpi::{invoke_signed, Seed, Signer as CpiSigner},
        instruction::{InstructionAccount, InstructionView},
        sysvars::{rent::Rent, Sysvar as _},
    },
    prelude::*,
    Id,
};
use pinocchio_system::instructions::Transfer;

/// The associated token program.
pub const ASSOCIATED: Address = Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// Token-2022's instructions used here.
const MINT_TO: u8 = 7;
const SET_AUTHORITY: u8 = 6;
const APPROVE: u8 = 4;
const TRANSFER_CHECKED: u8 = 12;
const INITIALIZE_MINT2: u8 = 20;
const INITIALIZE_NON_TRANSFERABLE: u8 = 32;
const METADATA_POINTER: u8 = 39;
/// First 8 bytes of SHA-256 of "spl_token_metadata_interface:initialize_account".
const INITIALIZE_METADATA: [u8; 8] = [210, 225, 30, 162, 88, 184, 77, 141];
/// A mint with a metadata pointer: base and kind 166, entry 4 + 64; the soulbound mark is an entry of 4 more.
const MINT_BYTES: usize = 166 + 68;
const SOULBOUND_BYTES: usize = 4;
/// The metadata entry: header 4, authority and mint 64, three lengths 12, no further fields 4.
const METADATA_BYTES: usize = 4 + 64 + 12 + 4;
/// Longest title and symbol together: a label and ".dns", or "TollDNS passport".
const MAX_DATA: usize = 8 + 12 + 80;

/// Programs that a mint needs, checked once.
pub fn check_programs(token_2022: &Address, associated: &Address) -> Result<()> {
    require!(*token_2022 == Token2022::id(), NamesError::WrongToken2022);
    require!(*associated == ASSOCIATED, NamesError::WrongAssociated);
    Ok(())
}

/// What minting touches. `authority` is the configuration's account, whose address mints and then can't any more.
pub struct Minting<'a> {
    pub payer: &'a AccountView,
    pub holder: &'a AccountView,
    pub mint: &'a AccountView,
    /// The holder's associated token account.
    pub token: &'a AccountView,
    pub authority: &'a AccountView,
    pub authority_bump: u8,
    pub token_2022: &'a AccountView,
    pub system: &'a AccountView,
}

impl Minting<'_> {
    /// Makes the mint at the address of `seeds`, with metadata inside, mints its one token to the holder, and gives up minting. Works on prefunded
    /// addresses. A soulbound token can't be transferred.
    pub fn run(&self, seeds: [&[u8]; 3], title: [&[u8]; 2], symbol: &[u8], soulbound: bool) -> Result<()> {
        let [kind, first, second] = seeds;
        // A passport's mint has two seeds: its third is empty, which hashes alike.
        let bump = find_and_verify(kind, first, second, self.mint.address())?;
        let fixed = MINT_BYTES + if soulbound { SOULBOUND_BYTES } else { 0 };
        create_account_signed(
            self.payer,
            self.mint,
            fixed,
            &Token2022::id(),
            &[kind, first, second, &[bump]],
        )?;
        let title_length = title[0].len() + title[1].len();
        let whole = fixed + METADATA_BYTES + title_length + symbol.len();
        let missing = Rent::get()?.try_minimum_balance(whole)?.saturating_sub(self.mint.lamports());
        if missing != 0 {
            Transfer { from: self.payer, to: self.mint, lamports: missing }.invoke()?;
        }

        let mut pointer = [0; 66];
        pointer[0] = METADATA_POINTER;
        pointer[34..].copy_from_slice(self.mint.address().as_ref());
        self.call_mint(&pointer)?;
        if soulbound {
            self.call_mint(&[INITIALIZE_NON_TRANSFERABLE])?;
        }
        let mut mint = [0; 35];
        mint[0] = INITIALIZE_MINT2;
        mint[2..34].copy_from_slice(self.authority.address().as_ref());
        self.call_mint(&mint)?;
        self.write_metadata(title, title_length, symbol)?;
        self.create_token_account()?;
        self.mint_one()?;
        // 0: the authority to mint; 0: nobody.
        self.call_signed(
            &[InstructionAccount::writable(self.mint.address()), self.authority_meta()],
            &[self.mint, self.authority],
            &[SET_AUTHORITY, 0, 0],
        )
    }

    fn authority_meta(&self) -> InstructionAccount<'_> {
        InstructionAccount::readonly_signer(self.authority.address())
    }

    fn call_signed<const N: usize>(
        &self,
        metas: &[InstructionAccount; N],
        views: &[&AccountView; N],
        data: &[u8],
    ) -> Result<()> {
        call_signed(metas, views, data, self.authority_bump)
    }

    fn call_mint(&self, data: &[u8]) -> Result<()> {
        self.call_signed(&[InstructionAccount::writable(self.mint.address())], &[self.mint], data)
    }

    /// The configuration is named as update authority, and no instruction lets it update.
    fn write_metadata(&self, title: [&[u8]; 2], title_length: usize, symbol: &[u8]) -> Result<()> {
        let mut data = [0; MAX_DATA];
        let mut length = 0;
        let mut put = |bytes: &[u8]| -> Result<()> {
            let place = data.get_mut(length..length + bytes.len()).ok_or(NamesError::LabelLength)?;
            place.copy_from_slice(bytes);
            length += bytes.len();
            Ok(())
        };
        put(&INITIALIZE_METADATA)?;
        put(&(title_length as u32).to_le_bytes())?;
        put(title[0])?;
        put(title[1])?;
        put(&(symbol.len() as u32).to_le_bytes())?;
        put(symbol)?;
        put(&0u32.to_le_bytes())?;
        self.call_signed(
            &[
                InstructionAccount::writable(self.mint.address()),
                InstructionAccount::readonly(self.authority.address()),
                InstructionAccount::readonly(self.mint.address()),
                self.authority_meta(),
            ],
            &[self.mint, self.authority, self.mint, self.authority],
            &data[..length],
        )
    }

    fn create_token_account(&self) -> Result<()> {
        create_associated(self.payer, self.holder, self.mint, self.token, self.token_2022, self.system)
    }

    fn mint_one(&self) -> Result<()> {
        let mut data = [0; 9];
        data[0] = MINT_TO;
        data[1] = 1;
        self.call_signed(
            &[
                InstructionAccount::writable(self.mint.address()),
                InstructionAccount::writable(self.token.address()),
                self.authority_meta(),
            ],
            &[self.mint, self.token, self.authority],
            &data,
        )
    }
}

fn find_and_verify(kind: &[u8], first: &[u8], second: &[u8], expected: &Address) -> Result<u8> {
    find_and_verify_program_address(&[kind, first, second], &crate::ID, expected)
        .map_err(|_| NamesError::WrongMintAddress.into())
}

/// Calls Token-2022, signed by the configuration's address.
fn call_signed<const N: usize>(
    metas: &[InstructionAccount; N],
    views: &[&AccountView; N],
    data: &[u8],
    bump: u8,
) -> Result<()> {
    let bump = [bump];
    let seeds = [Seed::from(b"names"), Seed::from(&bump)];
    let program = Token2022::id();
    let instruction = InstructionView { program_id: &program, accounts: metas, data };
    invoke_signed(&instruction, views, &[CpiSigner::from(&seeds)])
}

/// Creates a wallet's associated token account unless it is there; the associated token program checks the address.
pub fn create_associated(
    payer: &AccountView,
    holder: &AccountView,
    mint: &AccountView,
    token: &AccountView,
    token_2022: &AccountView,
    system: &AccountView,
) -> Result<()> {
    let metas = [
        InstructionAccount::writable_signer(payer.address()),
        InstructionAccount::writable(token.address()),
        InstructionAccount::readonly(holder.address()),
        InstructionAccount::readonly(mint.address()),
        InstructionAccount::readonly(system.address()),
        InstructionAccount::readonly(token_2022.address()),
    ];
    let instruction = InstructionView { program_id: &ASSOCIATED, accounts: &metas, data: &[1] };
    invoke_signed(&instruction, &[payer, token, holder, mint, system, token_2022], &[])
}

/// Lets the configuration's address move a holder's one token; the holder signed the transaction.
pub fn approve(token: &AccountView, delegate: &AccountView, holder: &AccountView) -> Result<()> {
    let mut data = [0; 9];
    data[0] = APPROVE;
    data[1] = 1;
    let metas = [
        InstructionAccount::writable(token.address()),
        InstructionAccount::readonly(delegate.address()),
        InstructionAccount::readonly_signer(holder.address()),
    ];
    let program = Token2022::id();
    let instruction = InstructionView { program_id: &program, accounts: &metas, data: &data };
    invoke_signed(&instruction, &[token, delegate, holder], &[])
}

/// Moves the one token that its holder approved before.
pub fn move_approved(
    from: &AccountView,
    mint: &AccountView,
    to: &AccountView,
    authority: &AccountView,
    bump: u8,
) -> Result<()> {
    let mut data = [0; 10];
    data[0] = TRANSFER_CHECKED;
    data[1] = 1;
    let metas = [
        InstructionAccount::writable(from.address()),
        InstructionAccount::readonly(mint.address()),
        InstructionAccount::writable(to.address()),
        InstructionAccount::readonly_signer(authority.address()),
    ];
    call_signed(&metas, &[from, mint, to, authority], &data, bump)
}

/// Who holds the one token of `mint`, by a token account that must have it.
pub fn holder_of(token: &AccountView, mint: &Address) -> Result<Address> {
    require!(token.owned_by(&Token2022::id()), NamesError::NotHolder);
    let account = TokenAccount::read(token, mint, &Token2022::id()).map_err(|_| NamesError::WrongNft)?;
    require!(account.amount() == 1, NamesError::NotHolder);
    Ok(account.owner())
}

/// Refuses a wallet that doesn't hold the one token of `mint` in this account.
pub fn check_holder(token: &AccountView, mint: &Address, wallet: &Address) -> Result<()> {
    require!(holder_of(token, mint)? == *wallet, NamesError::NotHolder);
    Ok(())
}
