//! Checking signatures at one place each, so that the curve's code is in the program once a kind of message and not once a use.

use anchor_lang::prelude::*;
use tolldns_common::signature::holds;
use tolldns_core::{quorum::preimage::vote_message, routes::update::signed_message};

/// Did the witness vote for this digest?
#[inline(never)]
pub fn is_vote(witness: &Address, signature: &[u8; 64], digest: &[u8; 32]) -> bool {
    holds(witness, signature, &vote_message(digest))
}

/// Did the key sign the update of this hash?
#[inline(never)]
pub fn is_update(signer: &Address, signature: &[u8; 64], update_hash: &[u8; 32]) -> bool {
    holds(signer, signature, &signed_message(update_hash))
}
