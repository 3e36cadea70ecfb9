//! The text format 0.0.4 of Prometheus. Written here, because a client library appends `_total` to counters and knows no
//! untyped families, and the names must be those of postgres_exporter.

mod family;
mod number;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

pub use family::{Family, Kind, Labels};

/// What an answer with this text is called.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

/// Families by name, in the order in which they are written.
#[derive(Debug, Default)]
pub struct Page {
    families: BTreeMap<Cow<'static, str>, Family>,
}

impl Page {
    /// The family of this name; the first caller says what it is.
    pub fn family(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        kind: Kind,
        help: impl Into<Cow<'static, str>>,
    ) -> &mut Family {
        self.families
            .entry(name.into())
            .or_insert_with(|| Family::new(kind, help.into()))
    }

    /// Adds a sample to a family of one kind.
    pub fn push(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        kind: Kind,
        help: impl Into<Cow<'static, str>>,
        labels: &Labels,
        value: f64,
    ) {
        self.family(name, kind, help).push(labels.text(), value);
    }

    /// Adds everything of another page.
    pub fn merge(&mut self, other: Self) {
        for (name, family) in other.families {
            match self.families.entry(name) {
                Entry::Vacant(place) => {
                    place.insert(family);
                }
                Entry::Occupied(mut have) => have.get_mut().merge(family),
            }
        }
    }

    /// Writes everything; a family without samples is left out.
    #[must_use]
    pub fn text(&mut self) -> String {
        let mut out = String::with_capacity(256 << 10);
        for (name, family) in &mut self.families {
            family.write(name, &mut out);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_sorted_escaped_and_says_a_series_once() {
        let mut page = Page::default();
        let labels = |value: &str| Labels::none().with("b", value).with("a", "x\"\\\n");
        page.push(
            "z_total",
            Kind::Counter,
            "Has \\ and\nlines",
            &labels("2"),
            2.0,
        );
        page.push("z_total", Kind::Counter, "", &labels("1"), 1.0);
        page.push("z_total", Kind::Counter, "", &labels("1"), 3.0);
        page.push("a", Kind::Untyped, "", &Labels::none(), 0.5);
        page.family("empty", Kind::Gauge, "Nothing in it");
        assert_eq!(
            page.text(),
            "# TYPE a untyped\na 0.5\n\
             # HELP z_total Has \\\\ and\\nlines\n# TYPE z_total counter\n\
             z_total{a=\"x\\\"\\\\\\n\",b=\"1\"} 1\nz_total{a=\"x\\\"\\\\\\n\",b=\"2\"} 2\n"
        );
    }

    #[test]
    fn a_histogram_ends_with_the_infinite_bucket() {
        let mut page = Page::default();
        page.family("h", Kind::Histogram, "").push_histogram(
            &Labels::none().with("z", "v"),
            &[(1.0, 2.0), (10.0, 3.0)],
            12.5,
            4.0,
        );
        assert_eq!(
            page.text(),
            "# TYPE h histogram\nh_bucket{le=\"1\",z=\"v\"} 2\nh_bucket{le=\"10\",z=\"v\"} 3\n\
             h_bucket{le=\"+Inf\",z=\"v\"} 4\nh_sum{z=\"v\"} 12.5\nh_count{z=\"v\"} 4\n"
        );
    }
}
