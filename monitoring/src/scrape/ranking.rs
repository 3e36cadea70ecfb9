//! Many things, of which the biggest are told by name: tables, indexes, statements. The rest share a row, and the counters
//! of whatever stands for several never fall while the exporter runs, because Prometheus takes a fall for a new beginning.

use std::collections::{HashMap, HashSet};

use crate::collect::Column;
use crate::scrape::emit::Reading;
use crate::text::Kind;

/// The value of the labels of the row that the smallest share.
pub(crate) const OTHER: &str = "(other)";

/// What is remembered of one question between scrapes.
#[derive(Debug, Default)]
pub(crate) struct Ranking {
    shown: HashSet<Vec<String>>,
    /// What each table was told with last.
    last: HashMap<Vec<String>, Vec<Option<f64>>>,
    /// Tables that stand for several.
    sums: HashMap<Vec<String>, Sum>,
    /// What all that share a row have come to.
    other: Option<Vec<f64>>,
}

#[derive(Debug)]
struct Sum {
    /// As the server told it last: falls when a partition is dropped.
    told: Vec<f64>,
    /// With what the dropped ones had.
    grown: Vec<f64>,
}

impl Ranking {
    /// The rows to show: at most `limit` (0: all), then one for the rest, which has the first `keeps` labels of the others.
    /// Each reading begins with its score and whether it is a sum.
    pub(crate) fn take(
        &mut self,
        columns: &[Column],
        readings: Vec<Reading>,
        limit: usize,
        keeps: usize,
    ) -> Vec<Reading> {
        let mut tables: Vec<(f64, Reading)> = readings
            .into_iter()
            .map(|reading| self.table(columns, reading))
            .collect();
        tables.sort_by(|a, b| {
            b.0.total_cmp(&a.0)
                .then_with(|| a.1.labels.cmp(&b.1.labels))
        });
        self.choose(&tables, if limit == 0 { tables.len() } else { limit });
        let (mut rows, rest): (Vec<_>, Vec<_>) = tables
            .into_iter()
            .map(|(_, reading)| reading)
            .partition(|reading| self.shown.contains(&reading.labels));
        let shared = self.share(columns, &rest, keeps);
        self.last = rows
            .iter()
            .chain(&rest)
            .map(|reading| (reading.labels.clone(), reading.values.clone()))
            .collect();
        self.sums.retain(|labels, _| self.last.contains_key(labels));
        rows.extend(shared);
        rows
    }

    /// One table: what could not be read keeps its last value, and a counter that is a sum only grows.
    fn table(&mut self, columns: &[Column], reading: Reading) -> (f64, Reading) {
        let Reading { labels, values } = reading;
        let mut values = values.into_iter();
        let score = values.next().flatten().unwrap_or_default();
        let is_sum = values.next().flatten().unwrap_or_default() > 0.0;
        let last = self.last.get(&labels);
        let mut values: Vec<Option<f64>> = values
            .enumerate()
            .map(|(n, value)| value.or_else(|| *last?.get(n)?))
            .collect();
        if is_sum {
            let told: Vec<f64> = values.iter().map(|v| v.unwrap_or_default()).collect();
            let sum = self.sums.entry(labels.clone()).or_insert_with(|| Sum {
                told: told.clone(),
                grown: told.clone(),
            });
            for ((grown, now), before) in sum.grown.iter_mut().zip(&told).zip(&sum.told) {
                *grown += (now - before).max(0.0);
            }
            sum.told = told;
            for ((column, value), grown) in columns.iter().zip(&mut values).zip(&sum.grown) {
                if column.kind == Kind::Counter {
                    *value = Some(*grown);
                }
            }
        }
        (score, Reading { labels, values })
    }

    /// The biggest are shown. One that is shown already stays until it has fallen well below the others, so that series do
    /// not come and go.
    fn choose(&mut self, tables: &[(f64, Reading)], limit: usize) {
        let stays = limit + limit / 5;
        let labels = || tables.iter().map(|(_, reading)| &reading.labels);
        let mut shown: HashSet<Vec<String>> = labels()
            .take(stays)
            .filter(|labels| self.shown.contains(*labels))
            .take(limit)
            .cloned()
            .collect();
        for labels in labels() {
            if shown.len() >= limit {
                break;
            }
            shown.insert(labels.clone());
        }
        self.shown = shown;
    }

    /// One row for all that are not shown. Its counters grow by what each of them grew, so that one that joins does not
    /// bring its past with it.
    fn share(&mut self, columns: &[Column], rest: &[Reading], keeps: usize) -> Option<Reading> {
        let first = rest.first()?;
        let is_new = self.other.is_none();
        let mut grown = self
            .other
            .take()
            .unwrap_or_else(|| vec![0.0; columns.len()]);
        let mut values = Vec::with_capacity(columns.len());
        for (n, (column, grown)) in columns.iter().zip(&mut grown).enumerate() {
            let now =
                |reading: &Reading| reading.values.get(n).copied().flatten().unwrap_or_default();
            let is_moment = column.name.contains("_last_");
            let value = match column.kind {
                Kind::Counter => {
                    *grown += rest
                        .iter()
                        .map(|reading| match self.last.get(&reading.labels) {
                            Some(last) if !is_new => (now(reading)
                                - last.get(n).copied().flatten().unwrap_or_default())
                            .max(0.0),
                            _ => now(reading),
                        })
                        .sum::<f64>();
                    *grown
                }
                _ if is_moment => rest.iter().map(now).fold(0.0, f64::max),
                _ => rest.iter().map(now).sum(),
            };
            values.push(Some(value));
        }
        self.other = Some(grown);
        let labels = first.labels.iter().enumerate();
        Some(Reading {
            labels: labels
                .map(|(n, label)| {
                    if n < keeps {
                        label.clone()
                    } else {
                        OTHER.to_owned()
                    }
                })
                .collect(),
            values,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::{counter, gauge};

    const COLUMNS: &[Column] = &[counter("reads", ""), gauge("bytes", "")];

    fn table(name: &str, score: f64, is_sum: bool, reads: f64, bytes: Option<f64>) -> Reading {
        Reading {
            labels: vec!["db".to_owned(), "public".to_owned(), name.to_owned()],
            values: vec![
                Some(score),
                Some(f64::from(u8::from(is_sum))),
                Some(reads),
                bytes,
            ],
        }
    }

    fn of(rows: &[Reading], name: &str) -> Option<Vec<Option<f64>>> {
        rows.iter()
            .find(|r| r.labels.last().is_some_and(|l| l == name))
            .map(|r| r.values.clone())
    }

    #[test]
    fn a_dropped_partition_does_not_make_its_parents_counters_fall() {
        let mut sums = Ranking::default();
        let told = |sums: &mut Ranking, reads| {
            of(
                &sums.take(COLUMNS, vec![table("p", 1.0, true, reads, Some(8.0))], 0, 1),
                "p",
            )
            .unwrap()
        };
        assert_eq!(told(&mut sums, 100.0), [Some(100.0), Some(8.0)]);
        assert_eq!(told(&mut sums, 110.0), [Some(110.0), Some(8.0)]);
        assert_eq!(
            told(&mut sums, 40.0),
            [Some(110.0), Some(8.0)],
            "60 went with the partition"
        );
        assert_eq!(told(&mut sums, 45.0), [Some(115.0), Some(8.0)]);
    }

    #[test]
    fn a_size_that_cannot_be_read_is_the_last_one() {
        let mut sums = Ranking::default();
        sums.take(
            COLUMNS,
            vec![table("t", 1.0, false, 1.0, Some(4096.0))],
            0,
            1,
        );
        let rows = sums.take(COLUMNS, vec![table("t", 1.0, false, 2.0, None)], 0, 1);
        assert_eq!(of(&rows, "t").unwrap(), [Some(2.0), Some(4096.0)]);
        let rows = Ranking::default().take(COLUMNS, vec![table("t", 1.0, false, 2.0, None)], 0, 1);
        assert_eq!(
            of(&rows, "t").unwrap(),
            [Some(2.0), None],
            "nobody has seen it"
        );
    }

    #[test]
    fn the_smallest_share_a_row_that_only_grows_and_the_shown_ones_stay() {
        let mut sums = Ranking::default();
        let tables = |scores: &[(&str, f64, f64)]| {
            scores
                .iter()
                .map(|(name, score, reads)| table(name, *score, false, *reads, Some(1.0)))
                .collect::<Vec<_>>()
        };
        let five = |last: f64| {
            [
                ("a", 50.0, 1.0),
                ("b", 40.0, 1.0),
                ("c", 30.0, 1.0),
                ("d", 20.0, 1.0),
                ("e", 10.0, 1.0),
                ("f", 9.0, 5.0),
                ("g", last, 7.0),
            ]
        };
        let rows = sums.take(COLUMNS, tables(&five(8.0)), 5, 1);
        assert_eq!(rows.len(), 6);
        assert_eq!(of(&rows, OTHER).unwrap(), [Some(12.0), Some(2.0)]);
        // `g` grows above `e`, but not by as much as it takes to drive it out.
        let rows = sums.take(COLUMNS, tables(&five(11.0)), 5, 1);
        assert!(of(&rows, "e").is_some() && of(&rows, "g").is_none());
        // Now both others are above `e`: it is shown no more, and its past does not join the shared row.
        let mut grown = five(11.0);
        grown[5] = ("f", 12.0, 6.0);
        let rows = sums.take(COLUMNS, tables(&grown), 5, 1);
        assert!(of(&rows, "e").is_none() && of(&rows, "f").is_some());
        assert_eq!(of(&rows, OTHER).unwrap(), [Some(12.0), Some(2.0)]);
    }
}
