//! Rows become samples.

use tokio_postgres::Row;

use crate::collect::{Query, Shape};
use crate::session::Failure;
use crate::text::{Labels, Page};

/// A row as it was read: labels, then numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    pub labels: Vec<String>,
    pub values: Vec<Option<f64>>,
}

/// Reads rows of `text` labels and `double precision` values.
pub(crate) fn read(rows: &[Row], labels: usize) -> Result<Vec<Reading>, Failure> {
    let broken = |e: tokio_postgres::Error| Failure::Unexpected(e.to_string());
    rows.iter()
        .map(|row| {
            let text = |n| {
                row.try_get::<usize, Option<String>>(n)
                    .map(Option::unwrap_or_default)
            };
            Ok(Reading {
                labels: (0..labels)
                    .map(text)
                    .collect::<Result<_, _>>()
                    .map_err(broken)?,
                values: (labels..row.len())
                    .map(|n| row.try_get(n))
                    .collect::<Result<_, _>>()
                    .map_err(broken)?,
            })
        })
        .collect()
}

/// What every sample of some questions has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Style {
    /// Further labels.
    pub extra: Labels,
    /// What stands for `pg` in the names.
    pub prefix: Option<String>,
}

/// Adds what a question's answer says.
pub(crate) fn emit(query: &Query, readings: &[Reading], style: &Style, page: &mut Page) {
    for reading in readings {
        let labels = labels(query.labels, reading, &style.extra);
        if let Shape::Histogram(bounds) = query.shape {
            histogram(query, bounds, reading, &labels, page);
            continue;
        }
        let text = labels.text();
        for (column, value) in query.families.iter().zip(&reading.values) {
            // Null is nothing that was measured; a NaN would be a number in every sum.
            if let Some(value) = value {
                page.family(style.name(column.name), column.kind, column.help)
                    .push(text.clone(), *value);
            }
        }
    }
}

fn histogram(query: &Query, bounds: &[f64], reading: &Reading, labels: &Labels, page: &mut Page) {
    let mut values = reading.values.iter().map(|v| v.unwrap_or_default());
    let (Some(sum), Some(count), Some(column)) =
        (values.next(), values.next(), query.families.first())
    else {
        return;
    };
    let buckets: Vec<_> = bounds.iter().copied().zip(values).collect();
    page.family(column.name, column.kind, column.help)
        .push_histogram(labels, &buckets, sum, count);
}

pub(crate) fn labels(names: &[&'static str], reading: &Reading, extra: &Labels) -> Labels {
    names
        .iter()
        .zip(&reading.labels)
        .fold(extra.clone(), |labels, (name, value)| {
            labels.with(*name, value)
        })
}

impl Style {
    fn name(&self, name: &'static str) -> std::borrow::Cow<'static, str> {
        match (&self.prefix, name.strip_prefix("pg_")) {
            (Some(prefix), Some(rest)) => format!("{prefix}_{rest}").into(),
            _ => name.into(),
        }
    }
}
