//! What belongs to one request from its first byte to its answer: its number and its caller's language.

use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, HeaderValue, header};
use kardan_schema::Language;
use uuid::Uuid;

/// The request's own facts; every layer shares them.
#[derive(Debug, Clone)]
pub struct Context(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: HeaderValue,
    accepted: Option<HeaderValue>,
    person: OnceLock<Language>,
}

impl Context {
    /// Takes the number that the caller gave, if it is a sane one, or makes one.
    pub fn of(headers: &HeaderMap) -> Self {
        let id = headers
            .get("x-request-id")
            .filter(|id| is_sane(id.as_bytes()));
        Self(Arc::new(Inner {
            id: id.cloned().unwrap_or_else(fresh),
            accepted: headers.get(header::ACCEPT_LANGUAGE).cloned(),
            person: OnceLock::new(),
        }))
    }

    /// The request's number.
    pub fn id(&self) -> &HeaderValue {
        &self.0.id
    }

    /// The same as text.
    pub fn id_text(&self) -> &str {
        self.0.id.to_str().unwrap_or_default()
    }

    /// Remembers the language that the person chose.
    pub fn speaks(&self, language: Language) {
        let _ = self.0.person.set(language);
    }

    /// The language to answer in: the request's wish, else the person's, else English.
    pub fn language(&self) -> Language {
        let wished = self
            .0
            .accepted
            .as_ref()
            .and_then(|header| preferred(header.to_str().ok()?));
        wished
            .or_else(|| self.0.person.get().copied())
            .unwrap_or(Language::En)
    }
}

fn is_sane(id: &[u8]) -> bool {
    (1..=64).contains(&id.len())
        && id
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

fn fresh() -> HeaderValue {
    let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
    let text = Uuid::now_v7().hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

/// The language of `Accept-Language` with the greatest weight that we speak; the first of equals.
fn preferred(header: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for entry in header.split(',') {
        let mut parts = entry.split(';');
        let tag = parts.next().unwrap_or_default().trim();
        let primary = tag
            .split('-')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let Ok(language) = primary.parse::<Language>() else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok())
            .unwrap_or(1.0);
        if weight > 0.0 && best.is_none_or(|(top, _)| weight > top) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_that_we_speak_is_taken() {
        assert_eq!(preferred("de, ru;q=0.7, en;q=0.8"), Some(Language::En));
        assert_eq!(preferred("ru-RU,ru;q=0.9,en-US;q=0.8"), Some(Language::Ru));
        assert_eq!(preferred("fr, de;q=0.5"), None);
        assert_eq!(preferred("ru;q=0, en;q=0.1"), Some(Language::En));
    }

    #[test]
    fn a_number_with_control_characters_or_of_endless_length_is_not_taken() {
        assert!(is_sane(b"a-1_B.2"));
        assert!(!is_sane(b""));
        assert!(!is_sane(b"a b"));
        assert!(!is_sane(&[b'a'; 65]));
    }
}
