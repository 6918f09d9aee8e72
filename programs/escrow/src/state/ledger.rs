use crate::error::EscrowError;
use anchor_lang::{accounts::Slab, prelude::*};
use bytemuck::{Pod, Zeroable};
use tolldns_core::lane::Lane;

/// A gateway's account, at `["ledger", genesis hash, operator, index u16]`: this header, then the rows.
#[account]
pub struct Ledger {
    pub version: u8,
    pub bump: u8,
    pub index: u16,
    /// Copied from the configuration when the ledger opens, so that a lane's terms can't change under it.
    pub grace_seconds: u32,
    pub operator: Address,
    /// Token account of the operator's share.
    pub payout: Address,
    /// The smallest reserve a lane may open with, micro Index Units.
    pub min_reserve: u64,
    /// All that vouchers ever took from lanes here.
    pub credited: u64,
    /// All of it that was paid out.
    pub distributed: u64,
    pub open_lanes: u32,
    pub reserved: [u8; 4],
}

/// One lane, 96 bytes.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct LaneRow {
    pub owner: Address,
    pub session_key: Address,
    pub reserve: u64,
    pub settled: u64,
    pub deadline: u64,
    pub generation: u16,
    pub state: u8,
    pub reserved: [u8; 5],
}

const _: () = assert!(core::mem::size_of::<LaneRow>() == 96);
const _: () = assert!(LedgerAccount::space_for(0) == 120);

/// A ledger and its rows: `discriminator 8 | header 104 | rows u32 | padding 4 | rows of 96 bytes`.
pub type LedgerAccount = Slab<Ledger, LaneRow>;

impl LaneRow {
    /// The part of the row the rules are about.
    #[inline(always)]
    pub fn lane(&self) -> Lane {
        Lane {
            reserve: self.reserve,
            settled: self.settled,
            deadline: self.deadline,
            generation: self.generation,
            state: self.state,
        }
    }

    /// Writes what a rule returned.
    #[inline(always)]
    pub fn set_lane(&mut self, lane: Lane) {
        let Lane { reserve, settled, deadline, generation, state } = lane;
        self.reserve = reserve;
        self.settled = settled;
        self.deadline = deadline;
        self.generation = generation;
        self.state = state;
    }
}

/// The row an instruction names.
#[inline(always)]
pub fn row_mut(ledger: &mut LedgerAccount, lane: u16) -> Result<&mut LaneRow> {
    ledger.get_mut(lane as usize).ok_or(EscrowError::LaneUnknown.into())
}

/// The row an instruction names, if it is still of the generation its sender saw: a row reused in the meantime is another lane.
#[inline(always)]
pub fn row_of_generation(ledger: &mut LedgerAccount, lane: u16, generation: u16) -> Result<&mut LaneRow> {
    let row = row_mut(ledger, lane)?;
    require!(row.generation == generation, EscrowError::LaneGeneration);
    Ok(row)
}
