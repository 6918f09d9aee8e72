//! How long a delegate's record outlives its appointment.

use crate::{
    ensure,
    stake::terms::{MAX_CHALLENGE_WINDOW, MAX_EPOCH, MAX_EVIDENCE_LIFETIME},
    time::SECONDS_A_DAY,
    Refusal, Result,
};

/// Seconds for which the record of an ended or expired appointment stays, so that a challenge can still read who was a delegate at a freeze. Longer
/// than the longest epoch, challenge window and evidence lifetime together.
pub const DELEGATE_TOMBSTONE: u64 = 8 * SECONDS_A_DAY;

// Not a matter of configuration: without this, evidence could go before what it proves is judged.
const _: () = assert!(DELEGATE_TOMBSTONE > (MAX_EPOCH + MAX_CHALLENGE_WINDOW + MAX_EVIDENCE_LIFETIME) as u64);

/// Refuses to close a record before its time. `ended_at` is `None` while nobody ended the appointment; then it ends with its expiry. Unix seconds.
pub fn check_closable(ended_at: Option<u64>, expires_at: u64, now: u64) -> Result<()> {
    let over = ended_at.unwrap_or(expires_at).min(expires_at);
    ensure(now >= over.saturating_add(DELEGATE_TOMBSTONE), Refusal::DelegateKept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_stays_for_its_tombstone_from_the_earlier_of_end_and_expiry() {
        let kept = Err(Refusal::DelegateKept);
        assert_eq!(check_closable(None, 100, 99 + DELEGATE_TOMBSTONE), kept);
        assert_eq!(check_closable(None, 100, 100 + DELEGATE_TOMBSTONE), Ok(()));
        assert_eq!(check_closable(Some(50), 100, 49 + DELEGATE_TOMBSTONE), kept);
        assert_eq!(check_closable(Some(50), 100, 50 + DELEGATE_TOMBSTONE), Ok(()));
        assert_eq!(check_closable(Some(150), 100, 100 + DELEGATE_TOMBSTONE), Ok(()));
        assert_eq!(check_closable(None, u64::MAX, u64::MAX - 1), kept);
    }
}
