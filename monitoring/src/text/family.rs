//! One family: a name, a type, a sentence, and its samples.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::number;

/// What kind of number a family holds, as the text format 0.0.4 knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, or starts anew.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Cumulative buckets with sum and count.
    Histogram,
    /// Nobody said.
    Untyped,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Untyped => "untyped",
        }
    }
}

/// A family with its samples.
#[derive(Debug, Clone)]
pub struct Family {
    kind: Kind,
    help: Cow<'static, str>,
    samples: Vec<Sample>,
}

#[derive(Debug, Clone, PartialEq)]
struct Sample {
    /// `_bucket`, `_sum`, `_count` of a histogram, else empty.
    suffix: &'static str,
    /// Everything between the braces.
    labels: String,
    value: f64,
}

impl Family {
    pub(super) fn new(kind: Kind, help: Cow<'static, str>) -> Self {
        Self {
            kind,
            help,
            samples: Vec::new(),
        }
    }

    /// Adds a sample; `labels` is what [`Labels`] gives.
    pub fn push(&mut self, labels: String, value: f64) {
        self.samples.push(Sample {
            suffix: "",
            labels,
            value,
        });
    }

    /// Adds a histogram: cumulative counts by upper bound, without the infinite one.
    pub fn push_histogram(
        &mut self,
        labels: &Labels,
        buckets: &[(f64, f64)],
        sum: f64,
        count: f64,
    ) {
        let bounds = buckets.iter().copied().chain([(f64::INFINITY, count)]);
        for (bound, value) in bounds {
            let mut text = String::new();
            number::push(&mut text, bound);
            self.samples.push(Sample {
                suffix: "_bucket",
                labels: labels.clone().with("le", &text).text(),
                value,
            });
        }
        for (suffix, value) in [("_sum", sum), ("_count", count)] {
            self.samples.push(Sample {
                suffix,
                labels: labels.text(),
                value,
            });
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.samples.extend(other.samples);
    }

    pub(super) fn write(&mut self, name: &str, out: &mut String) {
        if self.samples.is_empty() {
            return;
        }
        // A histogram's samples are in order already, and their bounds are no text.
        if self.kind != Kind::Histogram {
            self.samples.sort_by(|a, b| a.labels.cmp(&b.labels));
            // The same series twice would make Prometheus refuse the whole page.
            self.samples.dedup_by(|a, b| a.labels == b.labels);
        }
        // Writing into a String cannot fail.
        if !self.help.is_empty() {
            let _ = write!(out, "# HELP {name} ");
            escape(&self.help, false, out);
            out.push('\n');
        }
        let _ = writeln!(out, "# TYPE {name} {}", self.kind.word());
        for sample in &self.samples {
            out.push_str(name);
            out.push_str(sample.suffix);
            if !sample.labels.is_empty() {
                out.push('{');
                out.push_str(&sample.labels);
                out.push('}');
            }
            out.push(' ');
            number::push(out, sample.value);
            out.push('\n');
        }
    }
}

fn escape(text: &str, is_label: bool, out: &mut String) {
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '"' if is_label => out.push_str("\\\""),
            other => out.push(other),
        }
    }
}

/// Labels of a sample, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels(Vec<(Cow<'static, str>, String)>);

impl Labels {
    /// No labels.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// With one more; a label that is there already gets the new value.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: &str) -> Self {
        let name = name.into();
        match self.0.binary_search_by(|(have, _)| have.cmp(&name)) {
            Ok(at) => {
                if let Some(label) = self.0.get_mut(at) {
                    label.1 = value.to_owned();
                }
            }
            Err(at) => self.0.insert(at, (name, value.to_owned())),
        }
        self
    }

    /// What stands between the braces.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (name, value) in &self.0 {
            if !out.is_empty() {
                out.push(',');
            }
            out.push_str(name);
            out.push_str("=\"");
            escape(value, true, &mut out);
            out.push('"');
        }
        out
    }
}
