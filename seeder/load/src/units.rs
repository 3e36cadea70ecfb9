//! Durations and shares as people write them on a command line.

use std::time::Duration;

/// `150ms`, `30s`, `5m`, `1h`.
///
/// # Errors
/// A sentence that says what is expected.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no duration; write 150ms, 30s, 5m or 1h");
    let at = text
        .find(|c: char| c.is_ascii_alphabetic())
        .ok_or_else(wrong)?;
    let (number, unit) = text.split_at(at);
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "ms" => number / 1e3,
        "s" => number,
        "m" => number * 60.0,
        "h" => number * 3600.0,
        _ => return Err(wrong()),
    };
    if !(0.0..=604_800.0).contains(&seconds) {
        return Err(format!("{text:?} is not between 0s and a week"));
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// A duration above zero.
///
/// # Errors
/// A sentence that says what is expected.
pub fn some_time(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("it has to be longer than nothing".to_owned()),
        time => Ok(time),
    }
}

/// `1%` or `0.01`, as a share of one.
///
/// # Errors
/// A sentence that says what is expected.
pub fn share(text: &str) -> Result<f64, String> {
    let (number, whole) = match text.strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text, 1.0),
    };
    number
        .trim()
        .parse::<f64>()
        .ok()
        .map(|number| number / whole)
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| format!("{text:?} is no share; write 1% or 0.01"))
}

/// Above zero and no more than a million a second.
///
/// # Errors
/// A sentence that says what is expected.
pub fn rate(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|rate| *rate > 0.0 && *rate <= 1e6)
        .ok_or_else(|| format!("{text:?} is no rate; write how many a second, such as 50 or 0.5"))
}

/// The address of an API, without a slash at its end.
///
/// # Errors
/// A sentence that says what is expected.
pub fn target(text: &str) -> Result<String, String> {
    let url = reqwest::Url::parse(text).map_err(|error| {
        format!("{text:?} is no address ({error}); write http://127.0.0.1:8080")
    })?;
    if !matches!(url.scheme(), "http" | "https") || url.query().is_some() {
        return Err(format!(
            "{text:?} is no address of an API; write http://127.0.0.1:8080"
        ));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// Milliseconds of so many microseconds.
#[must_use]
pub fn ms(micros: u64) -> f64 {
    micros as f64 / 1e3
}

/// Whole microseconds of a duration.
#[must_use]
pub fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read_and_what_cannot_be_meant_is_refused() {
        for (text, ms) in [
            ("150ms", 150),
            ("1.5s", 1_500),
            ("2m", 120_000),
            ("1h", 3_600_000),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(ms)));
        }
        for text in ["5", "s", "-1s", "1d", "2 weeks", "1e9s", "NaNs", "infs"] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert_eq!(share("1%"), Ok(0.01));
        assert_eq!(share("0.25"), Ok(0.25));
        for text in ["101%", "-1%", "few", "NaN"] {
            assert!(share(text).is_err(), "{text}");
        }
        assert_eq!(
            target("https://kardan.example/"),
            Ok("https://kardan.example".to_owned())
        );
        for text in ["localhost:8080", "ftp://host", "http://host/?a=1", ""] {
            assert!(target(text).is_err(), "{text}");
        }
        for text in ["0", "-3", "inf", "NaN", "fast"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }
}
