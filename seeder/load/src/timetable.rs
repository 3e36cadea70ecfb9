//! When people come: decided before anything is measured, by the seed alone.

use std::time::Duration;

use kardan_bulk::rng::{Key, Rng};

/// The moments at which people come, counted from the beginning: a Poisson process, whose rate rises evenly during the ramp.
///
/// People who know nothing of each other come like this: at times several at once, at times nobody.
#[derive(Debug, Clone)]
pub struct Timetable {
    rng: Rng,
    per_second: f64,
    ramp: f64,
    /// How many were to be expected by now.
    expected: f64,
}

impl Timetable {
    /// So many a second after the ramp.
    #[must_use]
    pub fn new(seed: u64, per_second: f64, ramp: Duration) -> Self {
        Self {
            rng: Key::new(seed, "load.arrivals@1").row(0),
            per_second,
            ramp: ramp.as_secs_f64(),
            expected: 0.0,
        }
    }
}

impl Iterator for Timetable {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        self.expected -= libm::log1p(-self.rng.unit());
        let of_ramp = self.per_second * self.ramp / 2.0;
        let at = if self.expected < of_ramp {
            libm::sqrt(2.0 * self.expected * self.ramp / self.per_second)
        } else {
            self.ramp / 2.0 + self.expected / self.per_second
        };
        Some(Duration::from_secs_f64(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_come_as_was_said_fewer_during_the_ramp_and_irregularly() {
        let all: Vec<f64> = Timetable::new(5, 200.0, Duration::from_secs(10))
            .map(|at| at.as_secs_f64())
            .take_while(|at| *at < 30.0)
            .collect();
        let between = |from: f64, to: f64| all.iter().filter(|at| (from..to).contains(at)).count();
        assert!(all.is_sorted());
        // Four standard deviations.
        assert!((3_747..4_253).contains(&between(10.0, 30.0)));
        assert!((874..1_126).contains(&between(0.0, 10.0)));
        assert!((187..313).contains(&between(0.0, 5.0)));
        // Of a Poisson process a share of 1/e of the gaps is longer than the mean.
        let gaps: Vec<f64> = all
            .windows(2)
            .filter(|pair| pair[0] > 10.0)
            .map(|pair| pair[1] - pair[0])
            .collect();
        let long = gaps.iter().filter(|gap| **gap > 1.0 / 200.0).count() as f64;
        assert!((0.33..0.41).contains(&(long / gaps.len() as f64)));
    }
}
