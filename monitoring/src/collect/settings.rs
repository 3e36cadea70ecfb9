//! Every setting of the server as a family of its own: numbers in seconds and bytes, switches as 0 and 1.

use tokio_postgres::Row;

use crate::text::{Kind, Labels, Page};

/// Name, value, unit, type. What this session has set for itself, such as its time-outs, is told as everybody else has it.
pub const SETTINGS_SQL: &str =
    "select s.name, case when s.source = 'session' then s.reset_val else s.setting end, coalesce(s.unit, ''), s.vartype from pg_settings as s
     where s.vartype in ('bool', 'integer', 'real') and s.name <> 'sync_commit_cancel_wait'";

/// What a unit is worth in the base unit, which is part of the name.
fn scale(unit: &str) -> Option<(&'static str, f64)> {
    Some(match unit {
        "us" => ("seconds", 1e-6),
        "ms" => ("seconds", 1e-3),
        "s" => ("seconds", 1.0),
        "min" => ("seconds", 60.0),
        "h" => ("seconds", 3_600.0),
        "d" => ("seconds", 86_400.0),
        _ => {
            // `8kB` is eight times `kB`.
            let digits = unit.len() - unit.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (count, unit) = unit.split_at_checked(digits)?;
            let count: f64 = if count.is_empty() {
                1.0
            } else {
                count.parse().ok()?
            };
            let power = match unit {
                "B" => 0,
                "kB" => 1,
                "MB" => 2,
                "GB" => 3,
                "TB" => 4,
                _ => return None,
            };
            ("bytes", count * 1024_f64.powi(power))
        }
    })
}

/// Adds the family of each row.
pub(crate) fn emit(rows: &[Row], labels: &Labels, page: &mut Page) {
    let labels = labels.text();
    for row in rows {
        let text = |n: usize| row.try_get::<_, &str>(n).unwrap_or_default();
        let Some((name, help, value)) = family(text(0), text(1), text(2), text(3)) else {
            continue;
        };
        page.family(name, Kind::Gauge, help)
            .push(labels.clone(), value);
    }
}

fn family(name: &str, setting: &str, unit: &str, kind: &str) -> Option<(String, String, f64)> {
    let mut family = format!("pg_settings_{}", name.replace(['.', '-'], "_"));
    let mut help = format!("Server Parameter: {name}");
    if kind == "bool" {
        return Some((family, help, if setting == "on" { 1.0 } else { 0.0 }));
    }
    let mut value: f64 = setting.parse().ok()?;
    if !unit.is_empty() {
        let (base, factor) = scale(unit)?;
        family = format!("{family}_{base}");
        help = format!("{help} [Units converted to {base}.]");
        // -1 switches something off, whatever the unit.
        if value != -1.0 {
            value = match unit {
                // Dividing keeps what is exact in thousandths.
                "ms" => value / 1e3,
                _ => value * factor,
            };
        }
    }
    Some((family, help, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_in_base_units() {
        for (given, name, value) in [
            (
                ["wal_segment_size", "16777216", "B", "integer"],
                "pg_settings_wal_segment_size_bytes",
                16_777_216.0,
            ),
            (
                ["shared_buffers", "16384", "8kB", "integer"],
                "pg_settings_shared_buffers_bytes",
                134_217_728.0,
            ),
            (
                ["max_wal_size", "1024", "MB", "integer"],
                "pg_settings_max_wal_size_bytes",
                1_073_741_824.0,
            ),
            (
                ["log_min_duration_statement", "-1", "ms", "integer"],
                "pg_settings_log_min_duration_statement_seconds",
                -1.0,
            ),
            (
                ["deadlock_timeout", "1000", "ms", "integer"],
                "pg_settings_deadlock_timeout_seconds",
                1.0,
            ),
            (
                ["checkpoint_timeout", "5", "min", "integer"],
                "pg_settings_checkpoint_timeout_seconds",
                300.0,
            ),
            (
                ["autovacuum", "on", "", "bool"],
                "pg_settings_autovacuum",
                1.0,
            ),
            (
                ["pg_stat_statements.max", "5000", "", "integer"],
                "pg_settings_pg_stat_statements_max",
                5_000.0,
            ),
        ] {
            let [setting, text, unit, kind] = given;
            let (family, help, number) = family(setting, text, unit, kind).unwrap();
            assert_eq!((family.as_str(), number), (name, value));
            assert!(help.contains(setting), "{help}");
        }
        assert_eq!(family("a", "1", "parsecs", "integer"), None);
    }
}
