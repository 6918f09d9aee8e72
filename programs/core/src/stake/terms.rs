//! What the authority may set, and within which bounds. The bounds of the quorum program's times stand here too, because no exit may outrun them.

use crate::{ensure, split::WHOLE_BPS, time::SECONDS_A_DAY, Refusal, Result};

const DAY: u32 = SECONDS_A_DAY as u32;
/// Longest epoch, seconds.
pub const MAX_EPOCH: u32 = DAY;
/// Longest challenge window, seconds.
pub const MAX_CHALLENGE_WINDOW: u32 = DAY;
/// Longest time for which an ended epoch's evidence counts, seconds.
pub const MAX_EVIDENCE_LIFETIME: u32 = 5 * DAY;
/// Whoever asks to leave can still be slashed for everything that was frozen before, seconds.
pub const MIN_EXIT_DELAY: u32 = 8 * DAY;
pub const MAX_EXIT_DELAY: u32 = 90 * DAY;

// Not a matter of configuration: without this, stake could leave before what it did is proven.
const _: () = assert!(MIN_EXIT_DELAY > MAX_EPOCH + MAX_CHALLENGE_WINDOW + MAX_EVIDENCE_LIFETIME);

/// No lock is longer, seconds: four years.
pub const MAX_LOCK: u32 = 4 * 365 * DAY;
/// A tier weighs between once and four times what it stakes.
pub const MIN_TIER_BPS: u16 = WHOLE_BPS as u16;
pub const MAX_TIER_BPS: u16 = 4 * WHOLE_BPS as u16;
/// The most that each offence may cost: equivocation, a false root, an omission.
pub const MAX_SLASH_BPS: [u16; OFFENCES] = [10_000, 10_000, 5_000];
/// Who reports gets at most a fifth, so that reporting oneself never pays.
pub const MAX_REPORTER_BPS: u16 = 2_000;

pub const TIERS: usize = 4;
pub const OFFENCES: usize = 3;

/// How long a stake is locked and what it then weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Seconds.
    pub lock: u32,
    /// Basis points of the shares.
    pub weight_bps: u16,
}

/// Amounts in base units of the native token, durations in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakeTerms {
    pub exit_delay: u32,
    pub least_self_stake: u64,
    pub tiers: [Tier; TIERS],
    /// Basis points of the pool: equivocation, a false root, an omission.
    pub slash_bps: [u16; OFFENCES],
    /// Basis points of what is slashed.
    pub reporter_bps: u16,
    /// Basis points of what the reporter leaves; the rest goes to the treasury.
    pub burn_bps: u16,
}

impl StakeTerms {
    /// Refuses terms outside the bounds.
    pub fn check(&self) -> Result<()> {
        let Self { exit_delay, least_self_stake, tiers, slash_bps, reporter_bps, burn_bps } = *self;
        ensure((MIN_EXIT_DELAY..=MAX_EXIT_DELAY).contains(&exit_delay), Refusal::ExitDelayInvalid)?;
        ensure(least_self_stake != 0, Refusal::LeastStakeInvalid)?;
        let mut last = Tier { lock: 0, weight_bps: MIN_TIER_BPS };
        for tier in tiers {
            let rises = tier.lock >= last.lock && tier.weight_bps >= last.weight_bps;
            ensure(rises && tier.lock <= MAX_LOCK, Refusal::TiersInvalid)?;
            ensure(tier.weight_bps <= MAX_TIER_BPS, Refusal::TiersInvalid)?;
            last = tier;
        }
        for (bps, most) in slash_bps.into_iter().zip(MAX_SLASH_BPS) {
            ensure(bps != 0 && bps <= most, Refusal::SlashInvalid)?;
        }
        ensure(reporter_bps <= MAX_REPORTER_BPS, Refusal::SlashInvalid)?;
        ensure(burn_bps as u64 <= WHOLE_BPS, Refusal::SlashInvalid)
    }

    /// The tier of this number.
    pub fn tier(&self, number: u8) -> Result<Tier> {
        self.tiers.get(number as usize).copied().ok_or(Refusal::TierUnknown)
    }

    /// What an offence costs, basis points. Offences are numbered from 1.
    pub fn slash_bps(&self, offence: u8) -> Result<u16> {
        let place = (offence as usize).checked_sub(1).ok_or(Refusal::OffenceUnknown)?;
        self.slash_bps.get(place).copied().ok_or(Refusal::OffenceUnknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tier(lock: u32, weight_bps: u16) -> Tier {
        Tier { lock, weight_bps }
    }

    const GOOD: StakeTerms = StakeTerms {
        exit_delay: MIN_EXIT_DELAY,
        least_self_stake: 1,
        tiers: [tier(0, 10_000), tier(DAY, 12_500), tier(30 * DAY, 15_000), tier(MAX_LOCK, 40_000)],
        slash_bps: [10_000, 10_000, 5_000],
        reporter_bps: 2_000,
        burn_bps: 10_000,
    };

    #[test]
    fn terms_stay_within_their_bounds() {
        assert_eq!(GOOD.check(), Ok(()));
        let one = tier(0, 10_000);
        let edges = [
            (StakeTerms { exit_delay: MIN_EXIT_DELAY - 1, ..GOOD }, Refusal::ExitDelayInvalid),
            (StakeTerms { exit_delay: MAX_EXIT_DELAY + 1, ..GOOD }, Refusal::ExitDelayInvalid),
            (StakeTerms { least_self_stake: 0, ..GOOD }, Refusal::LeastStakeInvalid),
            (StakeTerms { tiers: [tier(0, 9_999), one, one, one], ..GOOD }, Refusal::TiersInvalid),
            (StakeTerms { tiers: [one, one, one, tier(0, 40_001)], ..GOOD }, Refusal::TiersInvalid),
            (
                StakeTerms { tiers: [one, one, one, tier(MAX_LOCK + 1, 10_000)], ..GOOD },
                Refusal::TiersInvalid,
            ),
            (
                StakeTerms { tiers: [one, tier(2, 10_000), tier(1, 10_000), tier(2, 10_000)], ..GOOD },
                Refusal::TiersInvalid,
            ),
            (
                StakeTerms { tiers: [one, tier(1, 10_002), tier(2, 10_001), tier(3, 10_002)], ..GOOD },
                Refusal::TiersInvalid,
            ),
            (StakeTerms { slash_bps: [0, 1, 1], ..GOOD }, Refusal::SlashInvalid),
            (StakeTerms { slash_bps: [10_001, 1, 1], ..GOOD }, Refusal::SlashInvalid),
            (StakeTerms { slash_bps: [1, 10_001, 1], ..GOOD }, Refusal::SlashInvalid),
            (StakeTerms { slash_bps: [1, 1, 5_001], ..GOOD }, Refusal::SlashInvalid),
            (StakeTerms { reporter_bps: 2_001, ..GOOD }, Refusal::SlashInvalid),
            (StakeTerms { burn_bps: 10_001, ..GOOD }, Refusal::SlashInvalid),
        ];
        for (terms, refusal) in edges {
            assert_eq!(terms.check(), Err(refusal), "{terms:?}");
        }
    }

    #[test]
    fn tiers_and_offences_have_numbers() {
        assert_eq!(GOOD.tier(3), Ok(tier(MAX_LOCK, 40_000)));
        assert_eq!(GOOD.tier(4), Err(Refusal::TierUnknown));
        assert_eq!(GOOD.slash_bps(0), Err(Refusal::OffenceUnknown));
        assert_eq!(GOOD.slash_bps(3), Ok(5_000));
        assert_eq!(GOOD.slash_bps(4), Err(Refusal::OffenceUnknown));
    }
}
