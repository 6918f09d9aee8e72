//! The call that takes a member's stake: `slash` of the stake program, signed by this program's slasher.

use crate::{error::QuorumError, state::Member};
use anchor_lang::{
    pinocchio::{
        cpi::{invoke_signed, Seed, Signer as CpiSigner},
        instruction::{InstructionAccount, InstructionView},
    },
    prelude::*,
};
use stake::Operator;

/// First byte of the stake program's `slash`.
const SLASH: u8 = 40;

/// What slashing touches, in the order in which the stake program takes it. It checks its own accounts; here only those are checked that say whom it is about.
pub struct Slashing<'a> {
    /// This program's `["slasher"]`.
    pub slasher: &'a AccountView,
    pub slasher_bump: u8,
    pub stake_config: &'a AccountView,
    pub operator: &'a AccountView,
    pub vault: &'a AccountView,
    pub mint: &'a AccountView,
    /// Gets the reporter's share.
    pub reporter_tokens: &'a AccountView,
    pub treasury: &'a AccountView,
    pub token_program: &'a AccountView,
    pub stake_program: &'a AccountView,
}

impl Slashing<'_> {
    /// Takes what the offence costs from the member's operator, who is known by its place in the stake tree.
    pub fn run(&self, member: &Member, offence: u8) -> Result<()> {
        require!(*self.stake_program.address() == stake::ID, QuorumError::WrongStakeProgram);
        let index = Account::<Operator>::load(*self.operator)?.index;
        require!(index == member.operator, QuorumError::WrongOperator);
        let views = [
            self.slasher,
            self.stake_config,
            self.operator,
            self.vault,
            self.mint,
            self.treasury,
            self.reporter_tokens,
            self.token_program,
        ];
        let accounts = [
            InstructionAccount::readonly_signer(self.slasher.address()),
            InstructionAccount::readonly(self.stake_config.address()),
            InstructionAccount::writable(self.operator.address()),
            InstructionAccount::writable(self.vault.address()),
            InstructionAccount::writable(self.mint.address()),
            InstructionAccount::writable(self.treasury.address()),
            InstructionAccount::writable(self.reporter_tokens.address()),
            InstructionAccount::readonly(self.token_program.address()),
        ];
        let data = [SLASH, offence];
        let instruction = InstructionView { program_id: &stake::ID, accounts: &accounts, data: &data };
        let bump = [self.slasher_bump];
        let seeds = [Seed::from(b"slasher"), Seed::from(&bump)];
        invoke_signed(&instruction, &views, &[CpiSigner::from(&seeds)])
    }
}
