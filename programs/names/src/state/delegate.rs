use anchor_lang::prelude::*;

/// Signs routes for a holder.
pub const ROLE_ROUTES: u8 = 1;

/// Someone who acts for a name's holder, at `["delegate", name, delegate]`. It stays for a while after its end, as evidence of who could sign.
#[account]
pub struct Delegate {
    pub version: u8,
    pub bump: u8,
    pub role: u8,
    pub reserved: u8,
    /// The name's when it was appointed.
    pub generation: u32,
    /// Unix seconds.
    pub expires_at: u64,
    /// Slot of the appointment that holds. A change of its time alone leaves it.
    pub appointed_slot: u64,
    /// Slot and Unix second in which it was ended; 0 while it lasts.
    pub ended_slot: u64,
    pub ended_at: u64,
    pub name: Address,
    pub delegate: Address,
    /// Counts only while this is the holder.
    pub appointed_by: Address,
    /// Gets the rent when the record closes.
    pub payer: Address,
}
