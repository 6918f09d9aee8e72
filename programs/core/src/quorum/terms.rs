//! What the authority may set, and within which bounds.

use crate::{ensure, stake::terms as stake, Refusal, Result};

/// Members a committee has at most: an epoch's account holds them all, and is made in one step.
pub const MAX_COMMITTEE: u8 = 100;
/// Slots from freeze to seed at most: the seed must still be in SlotHashes when somebody comes to fetch it.
pub const MAX_SEED_DELAY: u32 = 256;

/// Durations in seconds, the delay in slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuorumTerms {
    pub length: u32,
    pub window: u32,
    pub evidence: u32,
    pub seed_delay: u32,
    pub committee: u8,
}

impl QuorumTerms {
    /// Refuses terms out of bounds. The longest times are those that the stake program's least exit delay outlasts.
    pub fn check(&self) -> Result<()> {
        let QuorumTerms { length, window, evidence, seed_delay, committee } = *self;
        ensure((1..=stake::MAX_EPOCH).contains(&length), Refusal::EpochLengthInvalid)?;
        ensure((1..=stake::MAX_CHALLENGE_WINDOW).contains(&window), Refusal::WindowInvalid)?;
        ensure((1..=stake::MAX_EVIDENCE_LIFETIME).contains(&evidence), Refusal::EvidenceInvalid)?;
        ensure((1..=MAX_SEED_DELAY).contains(&seed_delay), Refusal::SeedDelayInvalid)?;
        ensure((1..=MAX_COMMITTEE).contains(&committee), Refusal::CommitteeInvalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: QuorumTerms =
        QuorumTerms { length: 60, window: 30, evidence: 3_600, seed_delay: 4, committee: 20 };

    #[test]
    fn terms_stay_within_their_bounds() {
        assert_eq!(GOOD.check(), Ok(()));
        let most = QuorumTerms {
            length: 86_400,
            window: 86_400,
            evidence: 5 * 86_400,
            seed_delay: 256,
            committee: 100,
        };
        assert_eq!(most.check(), Ok(()));
        let edges = [
            (QuorumTerms { length: 0, ..GOOD }, Refusal::EpochLengthInvalid),
            (QuorumTerms { length: 86_401, ..GOOD }, Refusal::EpochLengthInvalid),
            (QuorumTerms { window: 0, ..GOOD }, Refusal::WindowInvalid),
            (QuorumTerms { window: 86_401, ..GOOD }, Refusal::WindowInvalid),
            (QuorumTerms { evidence: 0, ..GOOD }, Refusal::EvidenceInvalid),
            (QuorumTerms { evidence: 432_001, ..GOOD }, Refusal::EvidenceInvalid),
            (QuorumTerms { seed_delay: 0, ..GOOD }, Refusal::SeedDelayInvalid),
            (QuorumTerms { seed_delay: 257, ..GOOD }, Refusal::SeedDelayInvalid),
            (QuorumTerms { committee: 0, ..GOOD }, Refusal::CommitteeInvalid),
            (QuorumTerms { committee: 101, ..GOOD }, Refusal::CommitteeInvalid),
        ];
        for (terms, refusal) in edges {
            assert_eq!(terms.check(), Err(refusal), "{terms:?}");
        }
    }
}
