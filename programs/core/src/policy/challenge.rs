//! What proves a report wrong: a record its verifier committed to that no honest one writes. Bytes: docs/reference/verifier.md.

use super::record::{u16_at, Record, COUNT, END, EXPECTED, ORDER, PLACE, RECORD_BYTES};
use crate::{
    ensure,
    hash::{Hash, Sha256},
    routes::{
        list::{leaf, ListProof},
        way::Way,
    },
    Refusal, Result,
};

/// Bytes of a challenge set's entry.
pub const ENTRY_BYTES: usize = 70;

/// An expected answer that is a digest of the set's own.
const DIGEST: u8 = 2;

/// What a seat reported of a window, and the set it was to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported<'a> {
    pub total: u16,
    pub ok: u16,
    pub probes_root: &'a Hash,
    /// Of the window, seconds.
    pub seconds: u64,
    /// Challenges in the set; 0 where none was published.
    pub set_count: u16,
    pub set_root: &'a Hash,
}

impl Reported<'_> {
    /// Reads a record that a list proof (`length u8 | siblings`) shows at its place.
    fn shown<'a, H: Sha256>(&self, bytes: &'a [u8; RECORD_BYTES], proof: &ListProof) -> Result<Record<'a>> {
        let record = Record::read(bytes);
        let root = proof.root::<H>(&record.leaf::<H>(), record.index as u32, self.total as u32);
        ensure(root.as_ref() == Some(self.probes_root), Refusal::RecordProof)?;
        Ok(record)
    }

    /// What is wrong with one record, by itself, which is in the list by this way.
    pub fn challenge_record<H: Sha256>(&self, bytes: &[u8; RECORD_BYTES], way: &Way) -> Result<u8> {
        let record = Record::read(bytes);
        ensure(way.leads::<H>(record.leaf::<H>(), self.probes_root), Refusal::RecordProof)?;
        if !way.is_of(record.index as u32, self.total as u32) {
            return Ok(PLACE);
        }
        self.fault(&record).ok_or(Refusal::RecordHolds)
    }

    /// What is wrong with a record at its place in this report.
    fn fault(&self, record: &Record) -> Option<u8> {
        let begins = record.index != 0 || record.running_ok == record.is_ok() as u16;
        let ends = record.count() != self.total || record.running_ok == self.ok;
        let is_asked = self.set_count == 0 || record.challenge < self.set_count;
        record.fault(self.seconds).or(match (begins, ends, is_asked) {
            (false, ..) => Some(COUNT),
            (_, false, _) => Some(END),
            (.., false) => Some(EXPECTED),
            _ => None,
        })
    }

    /// Whether two records in a row don't follow each other: in time, or in the count of those that are OK.
    pub fn challenge_order<H: Sha256>(
        &self,
        first: (&[u8; RECORD_BYTES], &ListProof),
        second: (&[u8; RECORD_BYTES], &ListProof),
    ) -> Result<u8> {
        let before = self.shown::<H>(first.0, first.1)?;
        let record = self.shown::<H>(second.0, second.1)?;
        ensure(before.index.checked_add(1) == Some(record.index), Refusal::RecordsApart)?;
        let follows = before.running_ok.checked_add(record.is_ok() as u16) == Some(record.running_ok);
        ensure(!follows || record.at < before.at, Refusal::RecordsFollow)?;
        Ok(ORDER)
    }

    /// Whether a record expects of a challenge something else than the published set. `entry`: `number u16 | kind u8 | surface u8 | type u16 | name hash 32 | digest 32`,
    /// at the place of its number.
    pub fn challenge_expected<H: Sha256>(
        &self,
        bytes: &[u8; RECORD_BYTES],
        proof: &ListProof,
        entry: &[u8; ENTRY_BYTES],
        entry_proof: &ListProof,
    ) -> Result<u8> {
        let record = self.shown::<H>(bytes, proof)?;
        let number = u16_at(entry, 0);
        let root = entry_proof.root::<H>(&leaf::<H>(entry), number as u32, self.set_count as u32);
        ensure(root.as_ref() == Some(self.set_root) && number == record.challenge, Refusal::EntryProof)?;
        ensure(entry[2] == DIGEST && entry[38..] != *record.expected, Refusal::ExpectedHolds)?;
        Ok(EXPECTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{library::Library, policy::record::*};

    const LENGTH: usize = 5;
    type Bytes = [u8; RECORD_BYTES];
    /// `sides, siblings`
    type Owned<const N: usize> = (u64, [Hash; N]);

    /// An OK record of a window of 300 s.
    fn record(index: u16) -> Bytes {
        let mut bytes = [0; RECORD_BYTES];
        bytes[..2].copy_from_slice(&index.to_le_bytes());
        bytes[2..6].copy_from_slice(&(1_000 * index as u32).to_le_bytes());
        (bytes[6], bytes[9], bytes[10]) = (1, OK, 3);
        bytes[12..14].copy_from_slice(&(index + 1).to_le_bytes());
        bytes[14..78].fill(7);
        bytes[78..110].fill(9);
        bytes
    }

    fn honest() -> [Bytes; LENGTH] {
        core::array::from_fn(|index| record(index as u16))
    }

    fn node(left: &Hash, right: &Hash) -> Hash {
        Library::hash(&[&[1], left, right])
    }

    /// The list of five: its root, and the ways of the third record, the fourth and the last.
    fn list(records: &[Bytes; LENGTH]) -> (Hash, [Owned<3>; 2], Owned<1>) {
        let leaves = records.map(|record| leaf::<Library>(&record));
        let (low, high) = (node(&leaves[0], &leaves[1]), node(&leaves[2], &leaves[3]));
        let four = node(&low, &high);
        let root = node(&four, &leaves[4]);
        (root, [(0b010, [leaves[3], low, leaves[4]]), (0b011, [leaves[2], low, leaves[4]])], (1, [four]))
    }

    fn reported<'a>(root: &'a Hash, set_root: &'a Hash) -> Reported<'a> {
        Reported { total: 5, ok: 5, probes_root: root, seconds: 300, set_count: 1, set_root }
    }

    /// Challenges the third record, changed.
    fn third(change: impl Fn(&mut Bytes)) -> Result<u8> {
        let mut records = honest();
        change(&mut records[2]);
        let (root, [(sides, siblings), _], _) = list(&records);
        reported(&root, &EMPTY).challenge_record::<Library>(&records[2], &Way { sides, siblings: &siblings })
    }

    const EMPTY: Hash = [0; 32];
    /// Of a list's only record.
    const NO_WAY: Way = Way { sides: 0, siblings: &[] };

    #[test]
    fn an_honest_record_holds_and_each_fault_has_its_kind() {
        assert_eq!(third(|_| ()), Err(Refusal::RecordHolds));
        assert_eq!(third(|bytes| bytes[9] = WRONG), Ok(OUTCOME));
        assert_eq!(third(|bytes| bytes[11] = 2), Ok(OUTCOME));
        assert_eq!(third(|bytes| bytes[46] = 8), Ok(OUTCOME));
        assert_eq!(third(|bytes| bytes[2..6].copy_from_slice(&300_000u32.to_le_bytes())), Ok(TIME));
        assert_eq!(
            third(|bytes| bytes[2..6].copy_from_slice(&299_999u32.to_le_bytes())),
            Err(Refusal::RecordHolds)
        );
        assert_eq!(third(|bytes| bytes[12] = 4), Ok(COUNT));
        assert_eq!(third(|bytes| bytes[7] = 1), Ok(EXPECTED));
        for (place, value) in [(6, 0), (6, 5), (9, 0), (9, 5), (10, 16), (10, 254), (11, 12), (117, 1)] {
            assert_eq!(third(|bytes| bytes[place] = value), Ok(FORM), "{place} {value}");
        }
        assert_eq!(third(|bytes| bytes[1] = 16), Ok(PLACE));
    }

    #[test]
    fn the_last_record_ends_at_the_reports_count_and_the_first_begins_at_its_own() {
        let records = honest();
        let (root, _, (sides, siblings)) = list(&records);
        let of = |ok| {
            let report = Reported { ok, ..reported(&root, &EMPTY) };
            report.challenge_record::<Library>(&records[4], &Way { sides, siblings: &siblings })
        };
        assert_eq!((of(5), of(4)), (Err(Refusal::RecordHolds), Ok(END)));
        let alone = |running_ok: u8| {
            let mut only = record(0);
            only[12] = running_ok;
            let root = leaf::<Library>(&only);
            let report = Reported { total: 1, ok: running_ok as u16, ..reported(&root, &EMPTY) };
            report.challenge_record::<Library>(&only, &NO_WAY)
        };
        assert_eq!((alone(0), alone(1)), (Ok(COUNT), Err(Refusal::RecordHolds)));
    }

    #[test]
    fn a_record_elsewhere_than_its_index_and_the_count_put_it_is_misplaced() {
        let mut records = honest();
        records.swap(2, 3);
        let (root, [(sides, siblings), _], _) = list(&records);
        let report = reported(&root, &EMPTY);
        assert_eq!(
            report.challenge_record::<Library>(&records[2], &Way { sides, siblings: &siblings }),
            Ok(PLACE)
        );
        let long = Reported { total: 9, ..report };
        let records = honest();
        let (root, [(sides, siblings), _], _) = list(&records);
        let long = Reported { probes_root: &root, ..long };
        assert_eq!(
            long.challenge_record::<Library>(&records[2], &Way { sides, siblings: &siblings }),
            Ok(PLACE)
        );
    }

    #[test]
    fn a_way_that_does_not_lead_to_the_root_shows_nothing() {
        let records = honest();
        let (root, [(sides, siblings), _], _) = list(&records);
        let report = reported(&root, &EMPTY);
        let of = |sides, siblings: &[Hash]| {
            report.challenge_record::<Library>(&records[2], &Way { sides, siblings })
        };
        assert_eq!(of(sides ^ 1, &siblings), Err(Refusal::RecordProof));
        assert_eq!(of(sides, &siblings[..2]), Err(Refusal::RecordProof));
        assert_eq!(of(sides | 8, &siblings), Err(Refusal::RecordProof));
        assert_eq!(of(0, &[EMPTY; 64]), Err(Refusal::RecordProof));
    }

    /// Challenges the third and the fourth record, the fourth changed.
    fn pair(change: impl Fn(&mut Bytes)) -> Result<u8> {
        let mut records = honest();
        change(&mut records[3]);
        let (root, [(_, one), (_, other)], _) = list(&records);
        let encoded = |siblings: [Hash; 3]| {
            let mut bytes = [3; 97];
            bytes[1..].copy_from_slice(siblings.as_flattened());
            bytes
        };
        let (one, other) = (encoded(one), encoded(other));
        let (one, other) = (ListProof::parse(&one).unwrap(), ListProof::parse(&other).unwrap());
        reported(&root, &EMPTY).challenge_order::<Library>((&records[2], &one), (&records[3], &other))
    }

    #[test]
    fn records_in_a_row_follow_in_count_and_in_time() {
        assert_eq!(pair(|_| ()), Err(Refusal::RecordsFollow));
        assert_eq!(pair(|bytes| bytes[12] = 3), Ok(ORDER));
        assert_eq!(pair(|bytes| bytes[12] = 5), Ok(ORDER));
        assert_eq!(pair(|bytes| bytes[9] = WRONG), Ok(ORDER));
        assert_eq!(pair(|bytes| bytes[2..6].copy_from_slice(&1_999u32.to_le_bytes())), Ok(ORDER));
        assert_eq!(
            pair(|bytes| bytes[2..6].copy_from_slice(&2_000u32.to_le_bytes())),
            Err(Refusal::RecordsFollow)
        );
        assert_eq!(pair(|bytes| bytes[0] = 4), Err(Refusal::RecordProof));
    }

    #[test]
    fn records_that_are_not_in_a_row_show_nothing() {
        let records = honest();
        let (root, [(_, one), _], _) = list(&records);
        let mut bytes = [3; 97];
        bytes[1..].copy_from_slice(one.as_flattened());
        let proof = ListProof::parse(&bytes).unwrap();
        let twice = (&records[2], &proof);
        let report = reported(&root, &EMPTY);
        assert_eq!(report.challenge_order::<Library>(twice, twice), Err(Refusal::RecordsApart));
    }

    #[test]
    fn only_another_fixed_digest_of_the_records_challenge_shows_something() {
        let only = record(0);
        let root = leaf::<Library>(&only);
        let expect = |kind: u8, number: u8, digest: u8| {
            let mut entry = [0; ENTRY_BYTES];
            (entry[0], entry[2]) = (number, kind);
            entry[38..].fill(digest);
            let set_root = leaf::<Library>(&entry);
            let report = Reported { total: 1, ok: 1, ..reported(&root, &set_root) };
            let proof = ListProof::parse(&[0]).unwrap();
            report.challenge_expected::<Library>(&only, &proof, &entry, &proof)
        };
        assert_eq!(expect(DIGEST, 0, 8), Ok(EXPECTED));
        assert_eq!(expect(DIGEST, 0, 7), Err(Refusal::ExpectedHolds));
        assert_eq!(expect(1, 0, 8), Err(Refusal::ExpectedHolds));
        assert_eq!(expect(DIGEST, 1, 8), Err(Refusal::EntryProof));
    }

    #[test]
    fn no_bytes_make_a_rule_panic() {
        for value in [0u8, 1, 0x7f, 0x80, 0xff] {
            let bytes = [value; RECORD_BYTES];
            let root = leaf::<Library>(&bytes);
            for total in [0, 1, u16::MAX] {
                let report = Reported { total, ok: u16::MAX, seconds: u64::MAX, ..reported(&root, &EMPTY) };
                let found = report.challenge_record::<Library>(&bytes, &NO_WAY);
                assert!(matches!(found, Ok(PLACE) | Ok(FORM)), "{value} {total} {found:?}");
            }
        }
    }
}
