//! The draw without replacement: each seat goes to whoever's weight covers a random point of what is left.

use crate::{ensure, Refusal, Result};

/// A stretch of the snapshot's line of weights, `[start, start + weight)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub start: u64,
    pub weight: u64,
}

impl Stretch {
    /// Is the point on it?
    pub fn covers(&self, point: u64) -> bool {
        point >= self.start && point - self.start < self.weight
    }
}

/// The first 16 bytes of a seat's hash, little endian.
pub fn random(hash: &[u8; 32]) -> u128 {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    u128::from_le_bytes(bytes)
}

/// The point on the snapshot's line that a seat's random number stands for. `taken` are the members' stretches, in order of where they start; `weight_taken` is
/// their sum.
pub fn point(
    random: u128,
    total: u64,
    weight_taken: u64,
    taken: impl Iterator<Item = Stretch>,
) -> Result<u64> {
    let left = total.checked_sub(weight_taken).ok_or(Refusal::InvariantBroken)?;
    ensure(left != 0, Refusal::NothingLeft)?;
    let mut point = (random % left as u128) as u64;
    for stretch in taken {
        if stretch.start > point {
            break;
        }
        point = point.checked_add(stretch.weight).ok_or(Refusal::InvariantBroken)?;
    }
    Ok(point)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_skips_what_is_taken() {
        let taken = [Stretch { start: 0, weight: 3 }, Stretch { start: 5, weight: 5 }];
        let at = |random| point(random, 12, 8, taken.into_iter()).unwrap();
        assert_eq!([at(0), at(1), at(2), at(3), at(4)], [3, 4, 10, 11, 3]);
        assert_eq!(point(7, 8, 8, taken.into_iter()), Err(Refusal::NothingLeft));
        assert_eq!(point(7, 7, 8, taken.into_iter()), Err(Refusal::InvariantBroken));
    }

    #[test]
    fn a_point_is_never_on_a_taken_stretch_and_every_other_is_reached_once() {
        // All ways to take stretches of a line of nine weights of 1 to 3.
        let weights = [1u64, 3, 2, 1, 1, 2, 3, 1, 2];
        let total: u64 = weights.iter().sum();
        for mask in 0u32..1 << weights.len() {
            let mut start = 0;
            let mut taken = [Stretch { start: 0, weight: 0 }; 9];
            let (mut count, mut sum) = (0, 0);
            for (at, weight) in weights.into_iter().enumerate() {
                if mask >> at & 1 == 1 {
                    taken[count] = Stretch { start, weight };
                    count += 1;
                    sum += weight;
                }
                start += weight;
            }
            let taken = &taken[..count];
            let mut seen = [false; 16];
            for random in 0..total - sum {
                let point = point(random as u128, total, sum, taken.iter().copied()).unwrap();
                assert!(point < total && !taken.iter().any(|stretch| stretch.covers(point)));
                assert!(!core::mem::replace(&mut seen[point as usize], true));
            }
        }
    }

    #[test]
    fn the_ends_of_64_bits_are_reckoned_with() {
        let nearly_all = Stretch { start: 0, weight: u64::MAX - 1 };
        assert_eq!(point(u128::MAX, u64::MAX, u64::MAX - 1, [nearly_all].into_iter()), Ok(u64::MAX - 1));
        assert!(Stretch { start: u64::MAX - 1, weight: 1 }.covers(u64::MAX - 1));
        assert!(!Stretch { start: 5, weight: 0 }.covers(5));
    }
}
