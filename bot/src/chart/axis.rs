//! What stands at the axes.

use chrono::{Datelike as _, NaiveDate};

/// The most rules of a picture, without the lowest.
const RULES: i64 = 4;
/// The most days that are named.
const NAMED: usize = 6;

/// From nothing to no less than `most`, in steps of 1, 2 or 5 times a power of ten.
pub fn ticks(most: i64) -> Vec<i64> {
    let most = most.clamp(1, i64::MAX / 8);
    let mut step: i64 = 1;
    let mut factors = [2, 5, 10].into_iter().cycle();
    let mut power = 1;
    while step.saturating_mul(RULES) < most {
        let factor = factors.next().unwrap_or(10);
        step = power * factor;
        if factor == 10 {
            power = step;
        }
    }
    let count = (most + step - 1) / step;
    (0..=count).map(|place| place * step).collect()
}

/// A number in few letters: 12000 is 12k.
pub fn short(number: i64) -> String {
    for (size, letter) in [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")] {
        if number >= 10 * size || (number >= size && number % size == 0) {
            return format!("{}{letter}", number / size);
        }
    }
    number.to_string()
}

/// Whether the day of this place is named: the last one is, and of the others a few.
pub fn is_named(place: usize, count: usize) -> bool {
    let every = count.div_ceil(NAMED);
    count > 0 && (count - 1 - place).is_multiple_of(every)
}

/// A day and its month.
pub fn date(day: NaiveDate, months: &[&str]) -> String {
    let month = months.get(day.month0() as usize).copied();
    format!("{} {}", day.day(), month.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_at_round_numbers_up_to_the_most_and_are_few() {
        assert_eq!(ticks(0), [0, 1]);
        assert_eq!(ticks(3), [0, 1, 2, 3]);
        assert_eq!(ticks(5), [0, 2, 4, 6]);
        assert_eq!(ticks(80), [0, 20, 40, 60, 80]);
        assert_eq!(ticks(101), [0, 50, 100, 150]);
        for most in (1..2000).chain([i64::from(i32::MAX), i64::MAX]) {
            let ticks = ticks(most);
            assert!(ticks.len() <= 5 && ticks.len() >= 2, "{most}: {ticks:?}");
            assert!(
                ticks.last().copied() >= Some(most.min(i64::MAX / 8)),
                "{most}: {ticks:?}"
            );
        }
    }

    #[test]
    fn numbers_are_short_and_exact_where_they_are_small() {
        let all = [0, 999, 1_000, 1_500, 20_000, 3_000_000, 50_000_000_000];
        let short: Vec<_> = all.into_iter().map(short).collect();
        assert_eq!(short, ["0", "999", "1k", "1500", "20k", "3M", "50G"]);
    }

    #[test]
    fn few_days_are_named_and_the_last_one_always() {
        for count in 1..400 {
            let named = (0..count).filter(|place| is_named(*place, count)).count();
            assert!((1..=NAMED).contains(&named), "{count}: {named}");
            assert!(is_named(count - 1, count));
        }
        let day = NaiveDate::from_ymd_opt(2026, 2, 3).expect("a day");
        assert_eq!(date(day, &["янв", "фев"]), "3 фев");
    }
}
