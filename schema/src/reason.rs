//! The reasons for a refusal, generated from `errors.toml`: code, HTTP status, field and sentences.

use crate::Language;

struct Entry {
    reason: Reason,
    code: &'static str,
    sqlstate: &'static str,
    status: u16,
    field: Option<&'static str>,
    en: &'static str,
    ru: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/reasons.rs"));

impl Reason {
    /// The reason with this code (a constraint's name in the database), if it is registered.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let at = REGISTER
            .binary_search_by(|entry| entry.code.cmp(code))
            .ok()?;
        REGISTER.get(at).map(|entry| entry.reason)
    }

    /// Every registered reason.
    pub fn all() -> impl Iterator<Item = Self> {
        REGISTER.iter().map(|entry| entry.reason)
    }

    fn entry(self) -> Option<&'static Entry> {
        REGISTER.iter().find(|entry| entry.reason == self)
    }

    /// The stable code that clients match on.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.entry().map_or("", |entry| entry.code)
    }

    /// The SQLSTATE that the database reports it with.
    #[must_use]
    pub fn sqlstate(self) -> &'static str {
        self.entry().map_or("", |entry| entry.sqlstate)
    }

    /// The HTTP status that the API answers with.
    #[must_use]
    pub fn status(self) -> u16 {
        self.entry().map_or(500, |entry| entry.status)
    }

    /// The request's field that is at fault, where it is always the same one.
    #[must_use]
    pub fn field(self) -> Option<&'static str> {
        self.entry().and_then(|entry| entry.field)
    }

    /// The sentence for people.
    #[must_use]
    pub fn sentence(self, language: Language) -> &'static str {
        self.entry().map_or("", |entry| match language {
            Language::En => entry.en,
            Language::Ru => entry.ru,
        })
    }
}
