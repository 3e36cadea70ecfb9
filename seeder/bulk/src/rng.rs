//! Random numbers that are the same on every machine and in every version: the generators are part of the format of the data.
//!
//! `rand` has both, but says of its small generator that it may become another one; golden vectors guard these.

/// SplitMix64 of Steele, Lea and Flood (2014), as Vigna gives it: the next number from a counter.
#[must_use]
pub const fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mix(*state)
}

/// The finaliser of SplitMix64: a permutation of the 64-bit numbers in which every bit depends on every bit.
#[must_use]
pub const fn mix(value: u64) -> u64 {
    let mut z = value;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Where the streams of one thing begin: a seed and a name such as `market.listings@1/price`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// The key of this name under this seed.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        // FNV-1a over the name, then mixed: names that differ in a letter give keys that differ everywhere.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(mix(mix(seed) ^ hash))
    }

    /// The stream of the thing with this number.
    #[must_use]
    pub const fn row(self, number: u64) -> Rng {
        Rng::new(self.0 ^ mix(number.wrapping_add(0x632b_e59b_d9b4_e019)))
    }

    /// One number for the thing with this number, where a stream would be too much.
    #[must_use]
    pub const fn one(self, number: u64) -> u64 {
        mix(self.0 ^ mix(number.wrapping_add(0x632b_e59b_d9b4_e019)))
    }
}

/// xoshiro256++ 1.0 of Blackman and Vigna (2019).
#[derive(Debug, Clone)]
pub struct Rng([u64; 4]);

impl Rng {
    /// A stream whose state is filled by SplitMix64, as its authors advise.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        let mut state = seed;
        Self([
            splitmix(&mut state),
            splitmix(&mut state),
            splitmix(&mut state),
            splitmix(&mut state),
        ])
    }

    /// 64 bits.
    pub const fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.0;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let c = c ^ a;
        let d = d ^ b;
        self.0 = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        result
    }

    /// A whole number below `limit`, zero when that is zero. By multiplication (Lemire 2019) without its rejection: at limits
    /// below 2^40 the bias is below 2^-24, and every call takes exactly one number.
    pub const fn below(&mut self, limit: u64) -> u64 {
        ((self.next() as u128 * limit as u128) >> 64) as u64
    }

    /// From `least` to `most`, both included.
    pub const fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = most.saturating_sub(least);
        let span = if span < 0 { 0 } else { span as u64 };
        least.wrapping_add(self.below(span.saturating_add(1)) as i64)
    }

    /// From 0 to below 1, all 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Whether something happens that happens so often of a thousand times.
    pub const fn permille(&mut self, often: u64) -> bool {
        self.below(1000) < often
    }

    /// One of these; `None` when there is none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len() as u64) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_gives_the_numbers_of_its_authors() {
        let mut state = 1_234_567;
        let numbers: Vec<u64> = (0..5).map(|_| splitmix(&mut state)).collect();
        let known = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(numbers, known);
    }

    #[test]
    fn xoshiro_gives_the_numbers_of_its_authors() {
        let mut rng = Rng([1, 2, 3, 4]);
        let numbers: Vec<u64> = (0..10).map(|_| rng.next()).collect();
        let known = [
            41_943_041,
            58_720_359,
            3_588_806_011_781_223,
            3_591_011_842_654_386,
            9_228_616_714_210_784_205,
            9_973_669_472_204_895_162,
            14_011_001_112_246_962_877,
            12_406_186_145_184_390_807,
            15_849_039_046_786_891_736,
            10_450_023_813_501_588_000,
        ];
        assert_eq!(numbers, known);
    }

    #[test]
    fn a_row_has_its_own_stream_that_no_other_row_table_or_seed_has() {
        let first = |seed, name, row| Key::new(seed, name).row(row).next();
        let here = first(1, "market.listings@1", 7);
        assert_eq!(here, first(1, "market.listings@1", 7));
        for other in [
            first(2, "market.listings@1", 7),
            first(1, "market.listings@2", 7),
            first(1, "market.listings@1", 8),
        ] {
            assert_ne!(here, other);
        }
        // Golden: whoever changes this changes every row that was ever seeded.
        assert_eq!(here, GOLDEN_ROW);
        assert_eq!(Key::new(1, "market.listings@1").one(7), GOLDEN_ONE);
    }

    const GOLDEN_ROW: u64 = 17_461_907_321_528_803_945;
    const GOLDEN_ONE: u64 = 10_151_106_564_724_048_403;

    #[test]
    fn bounds_hold_and_are_reached() {
        let mut rng = Rng::new(5);
        let mut seen = [0_u32; 7];
        for _ in 0..7_000 {
            let value = rng.between(-3, 3);
            seen[usize::try_from(value + 3).unwrap()] += 1;
            let unit = rng.unit();
            assert!((0.0..1.0).contains(&unit));
        }
        assert!(
            seen.iter().all(|count| (850..1150).contains(count)),
            "{seen:?}"
        );
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.between(4, 4), 4);
        assert_eq!(rng.pick::<u8>(&[]), None);
    }
}
