//! Ranges of versions, as `>=9.4.0 <10.0.0 || >=12`.

use serde::{Deserialize, Deserializer, de::Error as _};

/// Any of some sets of bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range(Vec<Vec<Bound>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bound {
    sign: Sign,
    /// As PostgreSQL numbers versions: 150018.
    version: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        text.split("||")
            .map(|part| {
                let bounds: Option<Vec<_>> = part.split_whitespace().map(bound).collect();
                bounds.filter(|bounds| !bounds.is_empty())
            })
            .collect::<Option<_>>()
            .map(Self)
    }

    /// Whether the version is within.
    pub(crate) fn holds(&self, version: i32) -> bool {
        self.0
            .iter()
            .any(|bounds| bounds.iter().all(|bound| bound.holds(version)))
    }
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format!(
                "{text:?} is no range of versions, such as \">=13.0.0 <17.0.0\""
            ))
        })
    }
}

impl Bound {
    const fn holds(self, version: i32) -> bool {
        match self.sign {
            Sign::Less => version < self.version,
            Sign::LessOrEqual => version <= self.version,
            Sign::Equal => version == self.version,
            Sign::NotEqual => version != self.version,
            Sign::GreaterOrEqual => version >= self.version,
            Sign::Greater => version > self.version,
        }
    }
}

fn bound(text: &str) -> Option<Bound> {
    let signs = [
        (">=", Sign::GreaterOrEqual),
        ("<=", Sign::LessOrEqual),
        ("!=", Sign::NotEqual),
        ("==", Sign::Equal),
        (">", Sign::Greater),
        ("<", Sign::Less),
        ("=", Sign::Equal),
        ("!", Sign::NotEqual),
    ];
    let (sign, version) = signs
        .iter()
        .find_map(|(word, sign)| text.strip_prefix(word).map(|rest| (*sign, rest)))
        .unwrap_or((Sign::Equal, text));
    let mut numbers = version.split('.').map(str::parse::<i32>);
    let mut next = || numbers.next().unwrap_or(Ok(0)).ok();
    let (major, minor, patch) = (next()?, next()?, next()?);
    // Two numbers make a version from 10 on, three before.
    let version = if major >= 10 {
        major * 10_000 + minor
    } else {
        major * 10_000 + minor * 100 + patch
    };
    Some(Bound { sign, version })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_they_say() {
        for (range, version, holds) in [
            (">=9.4.0 <10.0.0", 90_624, true),
            (">=9.4.0 <10.0.0", 150_018, false),
            (">=10.0.0", 150_018, true),
            ("<13.0.0 || >=15", 150_018, true),
            ("<13.0.0 || >=16", 150_018, false),
            ("15.18", 150_018, true),
            ("!=15.18", 150_018, false),
        ] {
            assert_eq!(
                Range::parse(range).unwrap().holds(version),
                holds,
                "{range} {version}"
            );
        }
        for broken in ["", ">=x", ">=1 ||"] {
            assert_eq!(Range::parse(broken), None, "{broken}");
        }
    }
}
