//! Codes that mean the same in every program. Each program lists them among its own errors too, at the same numbers, so that its IDL names them;
//! [`assert_shared`] holds it to that.

use anchor_lang::prelude::*;
use tolldns_core::Refusal;

/// Anchor's first code for a program's own errors.
pub const CODE_OFFSET: u32 = 6000;

/// What the code shared by all programs may refuse. The error code is 6000 plus the number; a number once used is never given to another meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Fault {
    Paused = 0,
    VersionUnknown = 1,
    NotUpgradeAuthority = 2,
    ProgramDataInvalid = 3,
    NotAuthority = 4,
    NotPendingAuthority = 5,
    NotGuardian = 6,
    FlagInvalid = 7,
    InstructionUnknown = 13,
    InstructionLength = 14,
    AlreadyInitialized = 15,
    MintInvalid = 20,
    MintDecimals = 21,
    MintExtensions = 22,
    TokenProgramUnsupported = 23,
    TokenProgramMismatch = 24,
    TokenAccountInvalid = 25,
    TokenAccountProgram = 26,
    TokenAccountMint = 27,
    TokenAccountFrozen = 28,
    TokenAccountOwner = 29,
    TokenAccountDelegate = 30,
    TokenAccountCloseAuthority = 31,
    WrongVault = 32,
    TokenAccountReserved = 33,
}

impl From<Fault> for Error {
    #[inline(always)]
    fn from(fault: Fault) -> Self {
        Error::Custom(CODE_OFFSET + fault as u32)
    }
}

/// Turns a rule's refusal into the program's error of the same number.
pub trait OrRefuse<T> {
    fn or_refuse(self) -> Result<T>;
}

impl<T> OrRefuse<T> for tolldns_core::Result<T> {
    #[inline(always)]
    fn or_refuse(self) -> Result<T> {
        self.map_err(|refusal: Refusal| Error::Custom(CODE_OFFSET + refusal as u32))
    }
}

/// For a program's tests: panics unless its errors of the names that are given carry the shared numbers.
///
/// `assert_shared!(NamesError: Paused, VersionUnknown)`
#[macro_export]
macro_rules! assert_shared {
    ($errors:ident: $($name:ident),+ $(,)?) => {
        $(assert_eq!(
            anchor_lang::prelude::Error::from($errors::$name),
            anchor_lang::prelude::Error::from($crate::fault::Fault::$name),
            stringify!($name)
        );)+
    };
}
