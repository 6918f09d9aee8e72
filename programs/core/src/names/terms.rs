//! What names cost and how long things take: bounds that no authority may leave.

use crate::{
    amounts::{check_amount, MAX_AMOUNT},
    ensure,
    time::SECONDS_A_DAY,
    Refusal, Result,
};

const DAY: u32 = SECONDS_A_DAY as u32;
/// Nobody holds a name for longer than this from now, seconds: ten years of 365 days.
pub const MAX_AHEAD: u64 = 3_650 * SECONDS_A_DAY;

/// Prices in micro-IU, durations in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamesTerms {
    /// A term's price for labels of 1, 2, 3, 4 and 5 or more bytes.
    pub prices: [u64; 5],
    pub term: u32,
    pub grace: u32,
    pub commit_min: u32,
    pub commit_max: u32,
    pub auction: u32,
    pub extension: u32,
    /// Basis points by which a bid must exceed the highest.
    pub increment_bps: u16,
}

impl NamesTerms {
    /// Refuses terms outside the bounds.
    pub fn check(&self) -> Result<()> {
        let Self { prices, term, grace, commit_min, commit_max, auction, extension, increment_bps } = *self;
        for price in prices {
            ensure(price != 0 && price <= MAX_AMOUNT / 100, Refusal::PriceInvalid)?;
        }
        ensure(term >= DAY && term as u64 <= MAX_AHEAD, Refusal::TermInvalid)?;
        ensure((DAY..=365 * DAY).contains(&grace), Refusal::NameGraceInvalid)?;
        ensure((1..=3_600).contains(&commit_min), Refusal::CommitAgesInvalid)?;
        ensure(commit_max > commit_min && commit_max <= 7 * DAY, Refusal::CommitAgesInvalid)?;
        ensure((60..=30 * DAY).contains(&auction), Refusal::AuctionTimesInvalid)?;
        ensure(extension != 0 && extension <= auction, Refusal::AuctionTimesInvalid)?;
        ensure(increment_bps != 0 && increment_bps <= 10_000, Refusal::IncrementInvalid)
    }

    /// What `years` terms of a label of this many bytes cost.
    pub fn price_of(&self, label_bytes: usize, years: u8) -> Result<u64> {
        ensure(years != 0, Refusal::YearsInvalid)?;
        ensure(label_bytes != 0, Refusal::LabelLength)?;
        let price = self.prices[label_bytes.min(self.prices.len()) - 1];
        let total = price.checked_mul(years as u64).ok_or(Refusal::AmountOverflow)?;
        check_amount(total)?;
        Ok(total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: NamesTerms = NamesTerms {
        prices: [500, 400, 300, 200, 100],
        term: 365 * DAY,
        grace: 30 * DAY,
        commit_min: 60,
        commit_max: DAY,
        auction: 3 * DAY,
        extension: 600,
        increment_bps: 500,
    };

    #[test]
    fn terms_stay_within_their_bounds() {
        assert_eq!(GOOD.check(), Ok(()));
        let edges: [(NamesTerms, Refusal); 16] = [
            (NamesTerms { prices: [0, 1, 1, 1, 1], ..GOOD }, Refusal::PriceInvalid),
            (NamesTerms { prices: [1, 1, 1, 1, MAX_AMOUNT / 100 + 1], ..GOOD }, Refusal::PriceInvalid),
            (NamesTerms { term: DAY - 1, ..GOOD }, Refusal::TermInvalid),
            (NamesTerms { term: 3_650 * DAY + 1, ..GOOD }, Refusal::TermInvalid),
            (NamesTerms { grace: DAY - 1, ..GOOD }, Refusal::NameGraceInvalid),
            (NamesTerms { grace: 365 * DAY + 1, ..GOOD }, Refusal::NameGraceInvalid),
            (NamesTerms { commit_min: 0, ..GOOD }, Refusal::CommitAgesInvalid),
            (NamesTerms { commit_min: 3_601, ..GOOD }, Refusal::CommitAgesInvalid),
            (NamesTerms { commit_max: 60, ..GOOD }, Refusal::CommitAgesInvalid),
            (NamesTerms { commit_max: 7 * DAY + 1, ..GOOD }, Refusal::CommitAgesInvalid),
            (NamesTerms { auction: 59, ..GOOD }, Refusal::AuctionTimesInvalid),
            (NamesTerms { auction: 30 * DAY + 1, ..GOOD }, Refusal::AuctionTimesInvalid),
            (NamesTerms { extension: 0, ..GOOD }, Refusal::AuctionTimesInvalid),
            (NamesTerms { extension: 3 * DAY + 1, ..GOOD }, Refusal::AuctionTimesInvalid),
            (NamesTerms { increment_bps: 0, ..GOOD }, Refusal::IncrementInvalid),
            (NamesTerms { increment_bps: 10_001, ..GOOD }, Refusal::IncrementInvalid),
        ];
        for (terms, refusal) in edges {
            assert_eq!(terms.check(), Err(refusal), "{terms:?}");
        }
    }

    #[test]
    fn a_price_goes_by_length_and_years() {
        assert_eq!(GOOD.price_of(1, 1), Ok(500));
        assert_eq!(GOOD.price_of(4, 2), Ok(400));
        assert_eq!(GOOD.price_of(5, 10), Ok(1_000));
        assert_eq!(GOOD.price_of(63, 255), Ok(25_500));
        assert_eq!(GOOD.price_of(5, 0), Err(Refusal::YearsInvalid));
        assert_eq!(GOOD.price_of(0, 1), Err(Refusal::LabelLength));
    }
}
