//! The words of the market, as tables beside this file: what parts are called, who makes them, how numbers and people are written.

/// What an adjective has to agree with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// Masculine.
    He,
    /// Feminine.
    She,
    /// Neuter.
    It,
    /// Plural.
    They,
}

impl Gender {
    /// One of four forms.
    #[must_use]
    pub const fn of(self, forms: [&str; 4]) -> &str {
        let [he, she, it, they] = forms;
        match self {
            Self::He => he,
            Self::She => she,
            Self::It => it,
            Self::They => they,
        }
    }
}

/// What is said of a part's place in the car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing: there is one of it.
    Nowhere,
    /// Front or rear.
    Axle,
    /// Left or right.
    Side,
    /// Both.
    Both,
}

/// What sellers call a part.
#[derive(Debug, Clone)]
pub struct Noun {
    /// Of which subcategory.
    pub slug: String,
    /// How often it is met.
    pub weight: u64,
    /// Of the Russian noun.
    pub gender: Gender,
    /// In Russian, without a capital.
    pub ru: String,
    /// In English, without a capital.
    pub en: String,
    /// What half of them cost less than, in roubles.
    pub price: f64,
    /// What is said of its place.
    pub place: Place,
}

/// The lines of a table that are not comments, split at tabs.
fn lines(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
}

/// What parts are called.
#[must_use]
pub fn nouns() -> Vec<Noun> {
    lines(include_str!("words/things.tsv"))
        .filter_map(|line| match line.as_slice() {
            [slug, weight, gender, ru, en, price, place] => Some(Noun {
                slug: (*slug).to_owned(),
                weight: weight.parse().ok()?,
                gender: match *gender {
                    "m" => Gender::He,
                    "f" => Gender::She,
                    "n" => Gender::It,
                    _ => Gender::They,
                },
                ru: (*ru).to_owned(),
                en: (*en).to_owned(),
                price: price.parse().ok()?,
                place: match *place {
                    "a" => Place::Axle,
                    "s" => Place::Side,
                    "b" => Place::Both,
                    _ => Place::Nowhere,
                },
            }),
            _ => None,
        })
        .collect()
}

/// Slugs of subcategories and of the brands that make such things.
#[must_use]
pub fn makers() -> Vec<(Vec<&'static str>, Vec<&'static str>)> {
    lines(include_str!("words/makers.tsv"))
        .filter_map(|line| match line.as_slice() {
            [things, brands] => Some((things.split(' ').collect(), brands.split(' ').collect())),
            _ => None,
        })
        .collect()
}

/// Slugs of brands and how they write their numbers; `*` for all others.
#[must_use]
pub fn numbers() -> Vec<(&'static str, &'static str)> {
    lines(include_str!("words/numbers.tsv"))
        .filter_map(|line| match line.as_slice() {
            [brand, pattern] => Some((*brand, *pattern)),
            _ => None,
        })
        .collect()
}

/// Russian and English words of one kind: `m`, `f` given names, `s` family names.
#[must_use]
pub fn people(kind: &str) -> Vec<(&'static str, &'static str)> {
    lines(include_str!("words/people.tsv"))
        .filter_map(|line| match line.as_slice() {
            [of, ru, en] if *of == kind => Some((*ru, *en)),
            _ => None,
        })
        .collect()
}

/// The words of one place, `a`, `b` or `c`, in the name of a shop.
#[must_use]
pub fn shops(place: &str) -> Vec<&'static str> {
    lines(include_str!("words/shops.tsv"))
        .filter_map(|line| match line.as_slice() {
            [of, word] if *of == place => Some(*word),
            _ => None,
        })
        .collect()
}

/// What is said beneath listings, in Russian and English, by one of `ask`, `answer`, `more`.
#[must_use]
pub fn sayings(by: &str) -> Vec<(&'static str, &'static str)> {
    lines(include_str!("words/chat.tsv"))
        .filter_map(|line| match line.as_slice() {
            [of, ru, en] if *of == by => Some((*ru, *en)),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Lines that count, so that a line with a mistake is not passed over in silence.
    fn counted(table: &'static str) -> usize {
        lines(table).count()
    }

    #[test]
    fn every_line_of_every_table_is_understood() {
        assert_eq!(nouns().len(), counted(include_str!("words/things.tsv")));
        assert_eq!(makers().len(), counted(include_str!("words/makers.tsv")));
        assert_eq!(numbers().len(), counted(include_str!("words/numbers.tsv")));
        let names = people("m").len() + people("f").len() + people("s").len();
        assert_eq!(names, counted(include_str!("words/people.tsv")));
        let shops = shops("a").len() + shops("b").len() + shops("c").len();
        assert_eq!(shops, counted(include_str!("words/shops.tsv")));
        let said = ["ask", "answer", "more"].map(|by| sayings(by).len());
        assert_eq!(
            said.iter().sum::<usize>(),
            counted(include_str!("words/chat.tsv"))
        );
    }

    #[test]
    fn no_two_names_of_shops_differ_in_case_only() {
        for place in ["a", "b", "c"] {
            let words = shops(place);
            let distinct: HashSet<String> = words.iter().map(|w| w.to_lowercase()).collect();
            assert_eq!(distinct.len(), words.len());
        }
    }
}
