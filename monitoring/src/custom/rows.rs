//! The rows of a custom query become samples.

use tokio::time::Instant;
use tokio_postgres::SimpleQueryRow;
use tracing::debug;

use super::file::{Column, Namespace, Usage};
use super::value;
use crate::scrape::emit::Style;
use crate::session::{Failure, Session};
use crate::text::{Kind, Labels, Page};

/// A sample that may be told again.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    name: String,
    kind: Kind,
    help: String,
    labels: Labels,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Number(f64),
    Histogram {
        buckets: Vec<(f64, f64)>,
        sum: f64,
        count: f64,
    },
}

/// Puts samples on the page.
pub(super) fn tell(samples: &[Sample], page: &mut Page) {
    for sample in samples {
        let family = page.family(sample.name.clone(), sample.kind, sample.help.clone());
        match &sample.what {
            What::Number(value) => family.push(sample.labels.text(), *value),
            What::Histogram {
                buckets,
                sum,
                count,
            } => {
                family.push_histogram(&sample.labels, buckets, *sum, *count);
            }
        }
    }
}

/// Asks the query.
pub(super) async fn ask(
    name: &str,
    namespace: &Namespace,
    session: &Session,
    style: &Style,
    deadline: Instant,
) -> Result<Vec<Sample>, Failure> {
    let rows = session.text(&namespace.query, deadline).await?;
    let name = match &style.prefix {
        Some(prefix) => name.replacen("pg", prefix, 1),
        None => name.to_owned(),
    };
    let mut samples = Vec::new();
    for row in &rows {
        Reader {
            name: &name,
            namespace,
            row,
            labels: labels(namespace, row, style),
            version: session.version,
        }
        .read(&mut samples)?;
    }
    Ok(samples)
}

fn labels(namespace: &Namespace, row: &SimpleQueryRow, style: &Style) -> Labels {
    namespace
        .columns()
        .filter(|(_, column)| column.usage == Usage::Label)
        .fold(style.extra.clone(), |labels, (name, _)| {
            labels.with(name.clone(), text(row, name).unwrap_or_default())
        })
}

fn text<'a>(row: &'a SimpleQueryRow, column: &str) -> Option<&'a str> {
    row.try_get(column).ok().flatten()
}

struct Reader<'a> {
    name: &'a str,
    namespace: &'a Namespace,
    row: &'a SimpleQueryRow,
    labels: Labels,
    version: i32,
}

impl Reader<'_> {
    fn read(&self, samples: &mut Vec<Sample>) -> Result<(), Failure> {
        let names = self
            .row
            .columns()
            .iter()
            .map(tokio_postgres::SimpleColumn::name);
        for (n, name) in names.enumerate() {
            // Null is nothing that was measured.
            let Some(value) = self.row.try_get(n).ok().flatten() else {
                continue;
            };
            match self.namespace.columns().find(|(have, _)| *have == name) {
                Some((_, column)) => self.column(name, column, value, samples)?,
                None => self.unknown(name, value, samples),
            }
        }
        Ok(())
    }

    fn column(
        &self,
        name: &str,
        column: &Column,
        value: &str,
        samples: &mut Vec<Sample>,
    ) -> Result<(), Failure> {
        if column
            .pg_version
            .as_ref()
            .is_some_and(|range| !range.holds(self.version))
        {
            return Ok(());
        }
        let wrong = |what: &str| Failure::Unexpected(format!("column {name}: {value:?} is {what}"));
        let (kind, number) = match column.usage {
            Usage::Discard | Usage::Label => return Ok(()),
            Usage::Histogram => {
                samples.push(self.histogram(name, column, value)?);
                return Ok(());
            }
            Usage::Counter => (
                Kind::Counter,
                value::number(value).ok_or_else(|| wrong("no number"))?,
            ),
            Usage::Gauge => (
                Kind::Gauge,
                value::number(value).ok_or_else(|| wrong("no number"))?,
            ),
            Usage::MappedMetric => {
                let number = column.metric_mapping.get(value);
                (
                    Kind::Gauge,
                    *number.ok_or_else(|| wrong("not in metric_mapping"))?,
                )
            }
            Usage::Duration if value == "-1" => return Ok(()),
            Usage::Duration => {
                let number = value::milliseconds(value);
                (Kind::Gauge, number.ok_or_else(|| wrong("no duration"))?)
            }
        };
        let unit = if column.usage == Usage::Duration {
            "_milliseconds"
        } else {
            ""
        };
        samples.push(Sample {
            name: format!("{}_{name}{unit}", self.name),
            kind,
            help: column.description.clone(),
            labels: self.labels.clone(),
            what: What::Number(number),
        });
        Ok(())
    }

    /// A column of which the file says nothing is told without a type when it is a number.
    fn unknown(&self, name: &str, value: &str, samples: &mut Vec<Sample>) {
        let is_part = ["_bucket", "_sum", "_count"].iter().any(|part| {
            name.strip_suffix(part).is_some_and(|of| {
                self.namespace
                    .columns()
                    .any(|(have, column)| have == of && column.usage == Usage::Histogram)
            })
        });
        if is_part {
            return;
        }
        let Some(number) = value::number(value) else {
            debug!(
                query = self.name,
                column = name,
                "a column of which the file says nothing is no number"
            );
            return;
        };
        samples.push(Sample {
            name: format!("{}_{name}", self.name),
            kind: Kind::Untyped,
            help: format!("Unknown metric from {}", self.name),
            labels: self.labels.clone(),
            what: What::Number(number),
        });
    }

    fn histogram(&self, name: &str, column: &Column, bounds: &str) -> Result<Sample, Failure> {
        let part = |part: &str| {
            let column = format!("{name}_{part}");
            text(self.row, &column)
                .ok_or_else(|| Failure::Unexpected(format!("column {column} is missing or null")))
        };
        let list = |text: &str| {
            value::list(text).ok_or_else(|| {
                Failure::Unexpected(format!("column {name}: {text:?} is no list of numbers"))
            })
        };
        let number = |text: &str| {
            value::number(text)
                .ok_or_else(|| Failure::Unexpected(format!("column {name}: {text:?} is no number")))
        };
        Ok(Sample {
            name: format!("{}_{name}", self.name),
            kind: Kind::Histogram,
            help: column.description.clone(),
            labels: self.labels.clone(),
            what: What::Histogram {
                buckets: list(bounds)?
                    .into_iter()
                    .zip(list(part("bucket")?)?)
                    .collect(),
                sum: number(part("sum")?)?,
                count: number(part("count")?)?,
            },
        })
    }
}
