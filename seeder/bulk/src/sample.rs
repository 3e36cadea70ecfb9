//! Numbers that are spread as people and things are: a few are met all the time and most hardly ever.
//!
//! Logarithms and powers are those of the `libm` crate and not of the machine, whose last bits differ.

use crate::rng::Rng;

/// Zipf's law over the ranks 0 to `count - 1`: rank r is met in proportion to 1/(r + 1)^exponent.
///
/// By rejection-inversion (Hörmann and Derflinger 1996): no table, one try in most cases, exact.
#[derive(Debug, Clone, Copy)]
pub struct Zipf {
    count: f64,
    exponent: f64,
    /// The integral at one and a half, less the first rank; and at the end.
    first: f64,
    last: f64,
    /// What may be taken without looking at it twice.
    sure: f64,
}

impl Zipf {
    /// The law over so many ranks; `exponent` above zero. No ranks are taken as one.
    #[must_use]
    pub fn new(count: u64, exponent: f64) -> Self {
        let count = count.max(1) as f64;
        let mut law = Self {
            count,
            exponent,
            first: 0.0,
            last: 0.0,
            sure: 0.0,
        };
        law.first = law.integral(1.5) - 1.0;
        law.last = law.integral(count + 0.5);
        law.sure = 2.0 - law.inverse(law.integral(2.5) - law.weight(2.0));
        law
    }

    /// A rank, the commonest being 0.
    pub fn sample(&self, rng: &mut Rng) -> u64 {
        loop {
            let at = self.last + rng.unit() * (self.first - self.last);
            let place = self.inverse(at);
            let rank = libm::floor(place + 0.5).clamp(1.0, self.count);
            if rank - place <= self.sure || at >= self.integral(rank + 0.5) - self.weight(rank) {
                return rank as u64 - 1;
            }
        }
    }

    fn weight(&self, rank: f64) -> f64 {
        libm::exp(-self.exponent * libm::log(rank))
    }

    /// The integral of the weight, so that 1 gives 0.
    fn integral(&self, to: f64) -> f64 {
        let log = libm::log(to);
        let grown = (1.0 - self.exponent) * log;
        // expm1(x)/x, which has a hole at 0, where the exponent is 1.
        let ratio = if grown.abs() > 1e-8 {
            libm::expm1(grown) / grown
        } else {
            1.0 + grown * 0.5
        };
        log * ratio
    }

    fn inverse(&self, integral: f64) -> f64 {
        let grown = (integral * (1.0 - self.exponent)).max(-1.0);
        let ratio = if grown.abs() > 1e-8 {
            libm::log1p(grown) / grown
        } else {
            1.0 - grown * 0.5
        };
        libm::exp(ratio * integral)
    }
}

/// The normal distribution with mean 0 and deviation 1 (Box and Muller 1958); always two numbers of the stream.
pub fn normal(rng: &mut Rng) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - rng.unit()));
    radius * libm::cos(2.0 * std::f64::consts::PI * rng.unit())
}

/// A log-normal number: prices, delays, sizes. `median` is what half of them are below, `spread` the deviation of the logarithm.
pub fn log_normal(rng: &mut Rng, median: f64, spread: f64) -> f64 {
    median * libm::exp(spread * normal(rng))
}

/// A choice by weights.
#[derive(Debug, Clone, Default)]
pub struct Weighted {
    /// Sums of the weights up to each.
    sums: Vec<u64>,
}

impl Weighted {
    /// A choice between as many things as there are weights.
    pub fn new(weights: impl IntoIterator<Item = u64>) -> Self {
        let sums = weights
            .into_iter()
            .scan(0_u64, |sum, weight| {
                *sum += weight;
                Some(*sum)
            })
            .collect();
        Self { sums }
    }

    /// The weights of Zipf's law over so many ranks, for choosing by a table.
    #[must_use]
    pub fn zipf(count: usize, exponent: f64) -> Self {
        Self::new((0..count).map(|rank| {
            (1e9 * libm::exp(-exponent * libm::log(rank as f64 + 1.0))).max(1.0) as u64
        }))
    }

    /// The place of the chosen thing; 0 when there is none.
    pub fn sample(&self, rng: &mut Rng) -> usize {
        let at = rng.below(self.sums.last().copied().unwrap_or(0));
        self.sums.partition_point(|sum| *sum <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(law: Zipf, count: usize, draws: u32) -> Vec<f64> {
        let mut rng = Rng::new(11);
        let mut seen = vec![0_u32; count];
        for _ in 0..draws {
            seen[usize::try_from(law.sample(&mut rng)).unwrap()] += 1;
        }
        seen.iter()
            .map(|c| f64::from(*c) / f64::from(draws))
            .collect()
    }

    #[test]
    fn ranks_are_met_as_the_law_says() {
        for exponent in [0.6, 1.0, 1.3] {
            let count = 50;
            let got = shares(Zipf::new(count as u64, exponent), count, 200_000);
            let total: f64 = (1..=count).map(|r| (r as f64).powf(-exponent)).sum();
            for (rank, share) in got.iter().enumerate() {
                let wanted = ((rank + 1) as f64).powf(-exponent) / total;
                assert!(
                    (share - wanted).abs() < 0.004,
                    "{exponent} {rank}: {share} {wanted}"
                );
            }
        }
    }

    #[test]
    fn one_rank_and_no_rank_give_the_first() {
        let mut rng = Rng::new(1);
        for count in [0, 1] {
            assert_eq!(Zipf::new(count, 1.0).sample(&mut rng), 0);
        }
        assert_eq!(Weighted::default().sample(&mut rng), 0);
    }

    #[test]
    fn half_of_the_prices_are_below_the_median_and_two_thirds_within_one_deviation() {
        let mut rng = Rng::new(2);
        let draws: Vec<f64> = (0..50_000)
            .map(|_| log_normal(&mut rng, 1000.0, 0.8))
            .collect();
        let below = draws.iter().filter(|price| **price < 1000.0).count();
        assert!((24_500..25_500).contains(&below), "{below}");
        let (low, high) = (1000.0 * (-0.8_f64).exp(), 1000.0 * 0.8_f64.exp());
        let within = draws
            .iter()
            .filter(|price| (low..high).contains(*price))
            .count();
        assert!((33_600..34_700).contains(&within), "{within}");
    }

    #[test]
    fn weights_are_kept_and_what_weighs_nothing_is_never_chosen() {
        let choice = Weighted::new([1, 0, 3]);
        let mut rng = Rng::new(4);
        let mut seen = [0_u32; 3];
        for _ in 0..8_000 {
            seen[choice.sample(&mut rng)] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!((1_850..2_150).contains(&seen[0]), "{seen:?}");
    }

    #[test]
    fn golden_numbers_stay() {
        let mut rng = Rng::new(9);
        let ranks: Vec<u64> = (0..6)
            .map(|_| Zipf::new(1_000_000, 1.07).sample(&mut rng))
            .collect();
        assert_eq!(ranks, GOLDEN_RANKS);
        let prices: Vec<u64> = (0..4)
            .map(|_| log_normal(&mut rng, 2500.0, 0.9).to_bits())
            .collect();
        assert_eq!(prices, GOLDEN_PRICES);
    }

    const GOLDEN_RANKS: [u64; 6] = [36, 342, 14_367, 1, 197_898, 50_096];
    const GOLDEN_PRICES: [u64; 4] = [
        4_658_941_460_043_202_724,
        4_656_238_626_051_479_416,
        4_651_169_246_870_110_812,
        4_657_158_867_577_918_367,
    ];
}
