//! What people come for, and how often.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use kardan_bulk::rng::Rng;

/// What somebody comes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Journey {
    /// Looks around in a category.
    Browse,
    /// Looks for something by words.
    Search,
    /// Opens a listing that they have heard of.
    Open,
    /// Asks for the contacts of a seller.
    Contact,
    /// Keeps a listing among their favourites.
    Favourite,
    /// Offers something.
    Post,
    /// Decides about what others offer.
    Moderate,
    /// Buys a piece.
    Deal,
    /// Buys a piece and says what the seller was like.
    Review,
}

impl Journey {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::Browse,
        Self::Search,
        Self::Open,
        Self::Contact,
        Self::Favourite,
        Self::Post,
        Self::Moderate,
        Self::Deal,
        Self::Review,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Browse => "browse",
            Self::Search => "search",
            Self::Open => "open",
            Self::Contact => "contact",
            Self::Favourite => "favourite",
            Self::Post => "post",
            Self::Moderate => "moderate",
            Self::Deal => "deal",
            Self::Review => "review",
        }
    }

    /// How often of a hundred times, unless somebody says otherwise.
    const fn usual(self) -> u64 {
        match self {
            Self::Browse => 25,
            Self::Search => 35,
            Self::Open => 20,
            Self::Contact => 6,
            Self::Favourite => 4,
            Self::Post | Self::Moderate => 3,
            Self::Deal | Self::Review => 2,
        }
    }
}

impl fmt::Display for Journey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Journeys and their weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mix(Vec<(Journey, u64)>);

impl Default for Mix {
    fn default() -> Self {
        Self(Journey::ALL.map(|one| (one, one.usual())).to_vec())
    }
}

impl Mix {
    /// A journey, each as often as its weight says.
    pub fn pick(&self, rng: &mut Rng) -> Journey {
        let mut at = rng.below(self.0.iter().map(|(_, weight)| weight).sum());
        for (journey, weight) in &self.0 {
            match at.checked_sub(*weight) {
                Some(rest) => at = rest,
                None => return *journey,
            }
        }
        Journey::Browse
    }

    /// Weights by name.
    #[must_use]
    pub fn weights(&self) -> BTreeMap<&'static str, u64> {
        self.0.iter().map(|(one, n)| (one.name(), *n)).collect()
    }
}

impl FromStr for Mix {
    type Err = String;

    /// `search=3,open=1`: those that are not named do not come.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut weights = Vec::new();
        for part in text.split(',') {
            let (name, weight) = part
                .split_once('=')
                .ok_or_else(|| format!("{part:?} is no name and weight, such as search=3"))?;
            let journey = Journey::ALL
                .into_iter()
                .find(|one| one.name() == name.trim())
                .ok_or_else(|| {
                    let names = Journey::ALL.map(Journey::name).join(", ");
                    format!("{name:?} is no journey; there are {names}")
                })?;
            let weight: u32 = weight
                .trim()
                .parse()
                .map_err(|_| format!("the weight of {journey} is no whole number: {weight:?}"))?;
            if weights.iter().any(|(one, _)| *one == journey) {
                return Err(format!("{journey} is named twice"));
            }
            weights.push((journey, u64::from(weight)));
        }
        if weights.iter().all(|(_, weight)| *weight == 0) {
            return Err("at least one weight is above zero".to_owned());
        }
        weights.sort();
        Ok(Self(weights))
    }
}

impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(|(one, n)| format!("{one}={n}")).collect();
        f.write_str(&parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mix_is_read_and_its_mistakes_are_named() {
        let mix: Mix = "search=3, open=1".parse().unwrap();
        assert_eq!(mix.to_string(), "search=3,open=1");
        for (text, said) in [
            ("search", "no name and weight"),
            ("buy=1", "there are browse, search"),
            ("search=many", "no whole number"),
            ("search=1,search=2", "twice"),
            ("search=0", "above zero"),
        ] {
            let error = text.parse::<Mix>().unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn journeys_come_as_often_as_they_weigh_and_others_never() {
        let mix: Mix = "search=30,deal=10".parse().unwrap();
        let mut rng = Rng::new(3);
        let mut counts = BTreeMap::new();
        for _ in 0..4_000 {
            *counts.entry(mix.pick(&mut rng).name()).or_insert(0_u32) += 1;
        }
        assert_eq!(counts.values().sum::<u32>(), 4_000);
        assert!((2_850..3_150).contains(&counts["search"]), "{counts:?}");
        assert_eq!(counts.len(), 2);
    }
}
