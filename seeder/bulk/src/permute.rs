//! Permutations of whole numbers that need no memory: uniqueness by construction, never by trying again.

use crate::rng::{Key, mix};

/// Enough rounds that neighbours do not stay neighbours; this is not cryptography.
const ROUNDS: u64 = 4;

/// A permutation of the numbers below `size`: a balanced Feistel network over the next power of four, walked until the number
/// is below `size` again (Black and Rogaway 2002). That takes four steps at most on average.
#[derive(Debug, Clone, Copy)]
pub struct Permutation {
    key: u64,
    size: u64,
    half_bits: u32,
}

impl Permutation {
    /// The permutation of this key.
    #[must_use]
    pub fn new(key: Key, size: u64) -> Self {
        let bits = u64::BITS - size.saturating_sub(1).leading_zeros();
        Self {
            key: key.one(size),
            size,
            half_bits: bits.div_ceil(2).max(1),
        }
    }

    /// Where this number goes. A number that is not below the size stays where it is.
    #[must_use]
    pub const fn apply(&self, number: u64) -> u64 {
        if number >= self.size {
            return number;
        }
        let mut at = number;
        loop {
            at = self.encipher(at);
            if at < self.size {
                return at;
            }
        }
    }

    const fn encipher(&self, number: u64) -> u64 {
        let mask = (1_u64 << self.half_bits) - 1;
        let (mut left, mut right) = (number >> self.half_bits, number & mask);
        let mut round = 0;
        while round < ROUNDS {
            let next = left ^ (mix(self.key ^ (round << 48) ^ right) & mask);
            left = right;
            right = next;
            round += 1;
        }
        left << self.half_bits | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_met_once_whatever_the_size() {
        for size in [1, 2, 3, 4, 5, 16, 17, 100, 1000, 4097] {
            let permutation = Permutation::new(Key::new(3, "test"), size);
            let mut seen = vec![false; usize::try_from(size).unwrap()];
            for number in 0..size {
                let at = usize::try_from(permutation.apply(number)).unwrap();
                assert!(!seen[at], "{size}: {at} twice");
                seen[at] = true;
            }
        }
    }

    #[test]
    fn another_key_is_another_permutation_and_neighbours_part() {
        let one = Permutation::new(Key::new(1, "test"), 1_000_000);
        let two = Permutation::new(Key::new(2, "test"), 1_000_000);
        let same = (0..10_000)
            .filter(|n| one.apply(*n) == two.apply(*n))
            .count();
        assert!(same < 5, "{same}");
        let near = (0..10_000)
            .filter(|n| one.apply(*n).abs_diff(one.apply(n + 1)) < 1000)
            .count();
        assert!(near < 60, "{near}");
    }

    #[test]
    fn golden_numbers_stay() {
        let permutation = Permutation::new(Key::new(1, "test"), 1_000_000);
        let numbers: Vec<u64> = (0..5).map(|n| permutation.apply(n)).collect();
        assert_eq!(numbers, GOLDEN);
    }

    const GOLDEN: [u64; 5] = [947_259, 122_394, 160_957, 618_079, 382_694];
}
