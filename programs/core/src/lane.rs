//! A lane's life: FREE -> OPEN -> (REVOKED ->) CLOSING -> FREE, and what a voucher may take from it at each step.

use crate::{
    amounts::{add_capped, check_amount},
    ensure,
    time::{day_of, deadline_after, is_over},
    Refusal, Result,
};

/// Nobody's row.
pub const FREE: u8 = 0;
/// Pays by vouchers of its session key.
pub const OPEN: u8 = 1;
/// Its owner stopped the session key; vouchers are taken until the deadline.
pub const REVOKED: u8 = 2;
/// Its owner wants out; vouchers are taken until the deadline, then anyone may close it.
pub const CLOSING: u8 = 3;

/// The money and the time of a lane. Keys stay with the caller, who writes this back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// Micro Index Units set aside.
    pub reserve: u64,
    /// The part of the reserve that vouchers took; never falls, never exceeds the reserve.
    pub settled: u64,
    /// Unix seconds; 0 while OPEN or FREE.
    pub deadline: u64,
    /// Counts openings of this row. Part of every voucher, so that none outlives its lane.
    pub generation: u16,
    /// [`FREE`], [`OPEN`], [`REVOKED`] or [`CLOSING`].
    pub state: u8,
}

/// What a voucher does to a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: as much is settled already. Its signature needs no look.
    Covered,
    /// It would settle this much more, if its signature holds.
    Due(u64),
}

impl Lane {
    /// What goes back to the owner if the lane ends now.
    #[inline(always)]
    pub fn unspent(&self) -> u64 {
        self.reserve - self.settled
    }

    /// Takes the row for a new owner. `min_reserve` is the operator's answer to lanes too small to be worth a row.
    pub fn open(&self, reserve: u64, min_reserve: u64) -> Result<Lane> {
        ensure(self.state == FREE, Refusal::LaneTaken)?;
        ensure(self.generation < u16::MAX, Refusal::LaneRetired)?;
        check_amount(reserve)?;
        ensure(reserve >= min_reserve, Refusal::ReserveBelowMinimum)?;
        Ok(Lane { reserve, settled: 0, deadline: 0, generation: self.generation + 1, state: OPEN })
    }

    /// Adds to the reserve of a lane that is in use.
    pub fn top_up(&self, amount: u64) -> Result<Lane> {
        ensure(self.state == OPEN, Refusal::LaneNotOpen)?;
        check_amount(amount)?;
        Ok(Lane { reserve: add_capped(self.reserve, amount)?, ..*self })
    }

    /// Stops the session key, giving the operator the grace period to settle what it signed.
    pub fn revoke(&self, now: u64, grace_seconds: u32) -> Result<Lane> {
        ensure(self.state == OPEN, Refusal::LaneNotOpen)?;
        Ok(Lane { state: REVOKED, deadline: deadline_after(now, grace_seconds), ..*self })
    }

    /// Puts a new session key in place. It makes the old key's vouchers worthless, so the operator has to agree, unless the key was revoked and
    /// the time to settle is over.
    pub fn rekey(&self, now: u64, operator_signed: bool) -> Result<Lane> {
        ensure(self.state != CLOSING, Refusal::LaneClosing)?;
        ensure(self.state != FREE, Refusal::LaneFree)?;
        let operator_is_done = self.state == REVOKED && is_over(self.deadline, now);
        ensure(operator_signed || operator_is_done, Refusal::OperatorSignatureMissing)?;
        Ok(Lane { state: OPEN, deadline: 0, ..*self })
    }

    /// Asks for the end. A revoked lane keeps its deadline: its time is running already.
    pub fn request_close(&self, now: u64, grace_seconds: u32) -> Result<Lane> {
        ensure(self.state != FREE, Refusal::LaneFree)?;
        ensure(self.state != CLOSING, Refusal::LaneClosing)?;
        let deadline = if self.state == REVOKED { self.deadline } else { deadline_after(now, grace_seconds) };
        Ok(Lane { state: CLOSING, deadline, ..*self })
    }

    /// Ends the lane: the row is free, the generation stays. Anyone may once the deadline has passed; the operator at any time, because only the
    /// operator can lose by it.
    pub fn close(&self, now: u64, by_operator: bool) -> Result<Lane> {
        ensure(self.state != FREE, Refusal::LaneFree)?;
        if !by_operator {
            ensure(self.state == CLOSING, Refusal::LaneNotClosing)?;
            ensure(is_over(self.deadline, now), Refusal::LaneNotDue)?;
        }
        Ok(Lane { generation: self.generation, ..Lane::default() })
    }

    /// Judges a voucher, signature apart. Target-state: what is covered already is no error, so a batch may be sent twice.
    #[inline(always)]
    pub fn judge(&self, cumulative: u64, expiry_day: u32, now: u64) -> Result<Verdict> {
        ensure(self.state != FREE, Refusal::VoucherLaneFree)?;
        if cumulative <= self.settled {
            return Ok(Verdict::Covered);
        }
        ensure(cumulative <= self.reserve, Refusal::VoucherOverReserve)?;
        ensure(expiry_day <= u16::MAX as u32 && day_of(now) <= expiry_day as u64, Refusal::VoucherExpired)?;
        ensure(self.state == OPEN || !is_over(self.deadline, now), Refusal::VoucherTooLate)?;
        Ok(Verdict::Due(cumulative - self.settled))
    }
}
