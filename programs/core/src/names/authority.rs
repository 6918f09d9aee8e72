//! Who signs a name's routes, as its account tells it: the holder that was recorded last, since when, and who was before. Two steps are enough to
//! answer for every slot that no more than one change of a later slot has passed.

/// Slots are those in which a holder was recorded; a zero key is nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority {
    pub current: [u8; 32],
    pub since: u64,
    pub previous: [u8; 32],
    pub previous_since: u64,
}

/// Nobody.
pub const NOBODY: [u8; 32] = [0; 32];

impl Authority {
    /// The record after `holder` was seen in `slot`. Nothing changes for who is recorded already. Of several changes in one slot only the last ever
    /// ruled, so that the one before them stays the previous.
    pub fn after(self, holder: [u8; 32], slot: u64) -> Self {
        if holder == self.current {
            self
        } else if slot == self.since {
            Self { current: holder, ..self }
        } else {
            Self { current: holder, since: slot, previous: self.current, previous_since: self.since }
        }
    }

    /// Who signs in what was frozen in this slot: the authority at its end. `None` where nobody was recorded yet, or it can't be told any more.
    pub fn at(&self, slot: u64) -> Option<[u8; 32]> {
        let known = |key: [u8; 32]| (key != NOBODY).then_some(key);
        if self.since <= slot {
            known(self.current)
        } else if self.previous_since <= slot {
            known(self.previous)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: [u8; 32] = [1; 32];
    const BOB: [u8; 32] = [2; 32];
    const CAROL: [u8; 32] = [3; 32];
    const NEW: Authority = Authority { current: NOBODY, since: 0, previous: NOBODY, previous_since: 0 };

    #[test]
    fn one_change_back_can_be_told_and_no_more() {
        let record = NEW.after(ALICE, 10);
        assert_eq!((record.at(9), record.at(10)), (None, Some(ALICE)));
        let record = record.after(BOB, 20);
        assert_eq!([9, 10, 19, 20].map(|slot| record.at(slot)), [None, Some(ALICE), Some(ALICE), Some(BOB)]);
        let record = record.after(CAROL, 30);
        assert_eq!([19, 20, 29, 30].map(|slot| record.at(slot)), [None, Some(BOB), Some(BOB), Some(CAROL)]);
    }

    #[test]
    fn of_several_changes_in_a_slot_the_last_counts_and_the_one_before_them_stays() {
        let record = NEW.after(ALICE, 10).after(BOB, 20).after(CAROL, 20);
        assert_eq!([10, 19, 20].map(|slot| record.at(slot)), [Some(ALICE), Some(ALICE), Some(CAROL)]);
        let back = NEW.after(ALICE, 10).after(BOB, 20).after(ALICE, 20);
        assert_eq!([10, 19, 20].map(|slot| back.at(slot)), [Some(ALICE); 3]);
    }

    #[test]
    fn seeing_the_same_holder_again_changes_nothing() {
        let record = NEW.after(ALICE, 10);
        assert_eq!(record.after(ALICE, 99), record);
    }

    #[test]
    fn nobody_is_recorded_before_the_first_holder() {
        assert_eq!(NEW.at(5), None);
        assert_eq!(NEW.after(ALICE, 0).at(0), Some(ALICE));
    }
}
