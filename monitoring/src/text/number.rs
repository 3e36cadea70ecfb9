//! A number as Prometheus' own clients write it, so that two exporters on one server can be compared line by line.

use std::fmt::Write as _;

/// Appends a value: the shortest digits that give it back, from a million on and below 0.0001 with an exponent of at
/// least two digits (the rule of `%g`); `NaN` and `+Inf` by name.
pub fn push(out: &mut String, value: f64) {
    if value.is_nan() {
        out.push_str("NaN");
    } else if value.is_infinite() {
        out.push_str(if value > 0.0 { "+Inf" } else { "-Inf" });
    } else if value == 0.0 {
        out.push('0');
    } else {
        push_finite(out, value);
    }
}

fn push_finite(out: &mut String, value: f64) {
    let size = value.abs();
    // Writing into a String cannot fail.
    let _ = if (1e-4..1e6).contains(&size) {
        write!(out, "{value}")
    } else {
        let shortest = format!("{value:e}");
        let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(out, "{digits}e{sign}{:02}", exponent.abs())
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_like_those_of_other_exporters() {
        // Taken from what postgres_exporter 0.17.1 wrote.
        for (value, text) in [
            (0.0, "0"),
            (-1.0, "-1"),
            (0.000_55, "0.00055"),
            (100_000.0, "100000"),
            (1_000_000.0, "1e+06"),
            (167_738_727.0, "1.67738727e+08"),
            (1_795_178_714.676_635, "1.795178714676635e+09"),
            (0.000_028_122, "2.8122e-05"),
            (1.844_674_407_370_955_2e19, "1.8446744073709552e+19"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            let mut out = String::new();
            push(&mut out, value);
            assert_eq!(out, text);
        }
    }
}
