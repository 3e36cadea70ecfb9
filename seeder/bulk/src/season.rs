//! When things happen: more in the evening than at night, less on Sundays, more of everything as the market grows.
//!
//! Times are microseconds since 2000-01-01 00:00 UTC, as PostgreSQL keeps them.

use crate::rng::Rng;

/// A second.
pub const SECOND: i64 = 1_000_000;
/// A minute.
pub const MINUTE: i64 = 60 * SECOND;
/// An hour.
pub const HOUR: i64 = 60 * MINUTE;
/// A day.
pub const DAY: i64 = 24 * HOUR;

/// Moscow's clock is three hours ahead, all year round.
const MOSCOW: i64 = 3 * HOUR;

/// How much of a day happens in each hour of it, in Moscow.
const HOURS: [u64; 24] = [
    22, 12, 7, 5, 5, 8, 16, 28, 42, 54, 60, 62, 60, 58, 57, 56, 57, 60, 66, 74, 80, 76, 60, 40,
];
/// Monday to Sunday, as parts of the busiest day.
const DAYS: [u64; 7] = [96, 100, 98, 97, 94, 82, 74];

/// A moment between the two, by the rhythm of the day and the week. `growth` above 1 puts more of them near the end.
pub fn moment(rng: &mut Rng, from: i64, to: i64, growth: f64) -> i64 {
    let span = to.saturating_sub(from).max(0);
    let part = libm::pow(rng.unit(), 1.0 / growth);
    let plain = from + (part * span as f64) as i64;
    rhythm(rng, plain).max(from).min(to.max(from))
}

/// The same day, or the one before when it is a quiet one, at an hour when people are awake.
pub fn rhythm(rng: &mut Rng, at: i64) -> i64 {
    let day = (at + MOSCOW).div_euclid(DAY);
    // 2000-01-01 was a Saturday.
    let weekday = (day + 5).rem_euclid(7) as usize;
    let is_kept = rng.below(100) < DAYS.get(weekday).copied().unwrap_or(100);
    let day = if is_kept { day } else { day - 2 };
    let hour = hour(rng);
    day * DAY - MOSCOW + hour * HOUR + rng.below(HOUR as u64) as i64
}

fn hour(rng: &mut Rng) -> i64 {
    let mut at = rng.below(HOURS.iter().sum());
    for (hour, weight) in HOURS.iter().enumerate() {
        if at < *weight {
            return hour as i64;
        }
        at -= weight;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_stay_between_their_bounds_and_grow_towards_the_end() {
        let mut rng = Rng::new(8);
        let (from, to) = (1000 * DAY, 2000 * DAY);
        let moments: Vec<i64> = (0..20_000)
            .map(|_| moment(&mut rng, from, to, 2.0))
            .collect();
        assert!(moments.iter().all(|at| (from..=to).contains(at)));
        let late = moments.iter().filter(|at| **at > 1500 * DAY).count();
        assert!((14_600..15_400).contains(&late), "{late}");
        assert_eq!(moment(&mut rng, to, from, 1.0), to);
    }

    #[test]
    fn nights_and_sundays_are_quiet() {
        let mut rng = Rng::new(8);
        let (mut nights, mut evenings, mut week) = (0, 0, [0_u32; 7]);
        for _ in 0..70_000 {
            let at = moment(&mut rng, 0, 7000 * DAY, 1.0) + MOSCOW;
            match at.rem_euclid(DAY) / HOUR {
                2..=4 => nights += 1,
                19..=21 => evenings += 1,
                _ => {}
            }
            week[usize::try_from((at.div_euclid(DAY) + 5).rem_euclid(7)).unwrap()] += 1;
        }
        assert!(nights * 8 < evenings, "{nights} {evenings}");
        let (tuesday, sunday) = (week[1], week[6]);
        assert!(sunday * 10 < tuesday * 9, "{week:?}");
    }

    #[test]
    fn golden_moments_stay() {
        let mut rng = Rng::new(8);
        let moments: Vec<i64> = (0..3)
            .map(|_| moment(&mut rng, 0, 9000 * DAY, 1.4))
            .collect();
        assert_eq!(moments, GOLDEN);
    }

    const GOLDEN: [i64; 3] = [
        398_252_499_980_609,
        409_653_609_524_955,
        333_481_107_996_595,
    ];
}
