//! A value's text as a number. Every value comes as PostgreSQL's text, so that any type will do.

/// A number, a truth, or a time in seconds since 1970; none when it is something else.
pub(super) fn number(text: &str) -> Option<f64> {
    match text {
        "t" => Some(1.0),
        "f" => Some(0.0),
        _ => match text.parse() {
            Ok(number) => Some(number),
            Err(_) => moment(text),
        },
    }
}

/// `2026-11-25 22:47:07.5+03`, also without time or zone, in whole seconds as upstream has them.
fn moment(text: &str) -> Option<f64> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.split('-').map(str::parse::<i64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    let mut seconds = days(year, month, day)? * 86_400;
    if let Some(time) = rest.strip_prefix([' ', 'T']) {
        let zone_at = time.find(['+', '-', 'Z']).unwrap_or(time.len());
        let (clock, zone) = time.split_at_checked(zone_at)?;
        seconds += clock_seconds(clock)?;
        if let Some(zone) = zone.strip_prefix('+') {
            seconds -= clock_seconds(zone)?;
        } else if let Some(zone) = zone.strip_prefix('-') {
            seconds += clock_seconds(zone)?;
        }
    } else if !rest.is_empty() {
        return None;
    }
    // No moment of this or the next thousand years loses anything.
    seconds.to_string().parse().ok()
}

/// Hours, minutes and whole seconds, each after the first may be missing.
fn clock_seconds(text: &str) -> Option<i64> {
    let whole = text.split('.').next()?;
    let mut parts = whole.split(':').map(str::parse::<i64>);
    let mut next = || parts.next().unwrap_or(Ok(0)).ok();
    Some(next()? * 3_600 + next()? * 60 + next()?)
}

/// Days since 1970 in the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// Milliseconds of a duration such as `1h2m3.5s` or `250ms`, or of PostgreSQL's `1 day 02:03:04.5`.
pub(super) fn milliseconds(text: &str) -> Option<f64> {
    if text == "-1" {
        return None;
    }
    interval(text).or_else(|| go_duration(text))
}

fn go_duration(text: &str) -> Option<f64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at_checked(digits)?;
        let unit_end = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(unit_end)?;
        let factor = match unit {
            "ns" => 1e-6,
            "us" | "µs" => 1e-3,
            "ms" => 1.0,
            "s" => 1e3,
            "m" => 6e4,
            "h" => 3.6e6,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * factor;
        rest = after;
    }
    Some(sign * total)
}

fn interval(text: &str) -> Option<f64> {
    let (days, clock) = match text.split_once(" day") {
        Some((days, rest)) => (
            days.parse::<f64>().ok()?,
            rest.trim_start_matches('s').trim_start(),
        ),
        None => (0.0, text),
    };
    let mut total = days * 86_400_000.0;
    if !clock.is_empty() {
        let parts: Option<Vec<f64>> = clock.split(':').map(|p| p.parse().ok()).collect();
        let [hours, minutes, seconds] = parts?.try_into().ok()?;
        let sign = if clock.starts_with('-') { -1.0 } else { 1.0 };
        total += hours * 3.6e6 + sign * (minutes * 6e4 + seconds * 1e3);
    }
    Some(total)
}

/// The elements of PostgreSQL's `{1,2.5,5}`.
pub(super) fn list(text: &str) -> Option<Vec<f64>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    inner
        .split(',')
        .filter(|part| !part.is_empty())
        .map(|part| part.trim_matches('"').parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_type_become_numbers() {
        for (text, value) in [
            ("42", Some(42.0)),
            ("-1.5e3", Some(-1_500.0)),
            ("NaN", Some(f64::NAN)),
            ("Infinity", Some(f64::INFINITY)),
            ("t", Some(1.0)),
            ("f", Some(0.0)),
            ("1970-01-01", Some(0.0)),
            ("2026-11-25 22:47:07.9+00", Some(1_795_646_827.0)),
            ("2026-11-26 04:17:07+05:30", Some(1_795_646_827.0)),
            ("2024-02-29 00:00:00", Some(1_709_164_800.0)),
            ("some words", None),
            ("streaming", None),
            ("", None),
            ("2026-13-01", None),
        ] {
            match (number(text), value) {
                (Some(number), Some(value)) if value.is_nan() => assert!(number.is_nan()),
                (number, value) => assert_eq!(number, value, "{text}"),
            }
        }
    }

    #[test]
    fn durations_become_milliseconds() {
        for (text, value) in [
            ("1h2m3.5s", Some(3_723_500.0)),
            ("250ms", Some(250.0)),
            ("00:00:01.5", Some(1_500.0)),
            ("2 days 01:00:00", Some(176_400_000.0)),
            ("-1", None),
            ("soon", None),
        ] {
            assert_eq!(milliseconds(text), value, "{text}");
        }
        assert_eq!(list("{1,2.5,5}"), Some(vec![1.0, 2.5, 5.0]));
        assert_eq!(list("{}"), Some(vec![]));
        assert_eq!(list("1"), None);
    }
}
