//! The sentences of the bot: one file for each language, the same names in both. Whatever people wrote is escaped.

use kardan_schema::Language;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use crate::Error;

const RU: &str = include_str!("../texts/ru.toml");
const EN: &str = include_str!("../texts/en.toml");

/// What the bot says, in both languages.
pub struct Texts {
    ru: Environment<'static>,
    en: Environment<'static>,
}

impl Texts {
    /// Reads what was built in.
    ///
    /// # Errors
    /// [`Error::Texts`].
    pub fn load() -> Result<Self, Error> {
        Ok(Self {
            ru: environment(RU)?,
            en: environment(EN)?,
        })
    }

    /// A sentence by its name, as HTML of Telegram.
    ///
    /// # Errors
    /// When there is no such sentence, or it names what is not in the data.
    pub fn say(
        &self,
        language: Language,
        name: &str,
        data: impl Serialize,
    ) -> Result<String, minijinja::Error> {
        let said = self.of(language).get_template(name)?.render(Serde(data))?;
        Ok(said.trim().to_owned())
    }

    /// The names of all sentences in a language.
    #[must_use]
    pub fn names(&self, language: Language) -> Vec<String> {
        let mut names: Vec<_> = self
            .of(language)
            .templates()
            .map(|(name, _)| name.to_owned())
            .collect();
        names.sort();
        names
    }

    const fn of(&self, language: Language) -> &Environment<'static> {
        match language {
            Language::Ru => &self.ru,
            Language::En => &self.en,
        }
    }
}

fn environment(file: &str) -> Result<Environment<'static>, Error> {
    let wrong = |error: &dyn std::fmt::Display| Error::Texts(error.to_string());
    let table: toml::Table = file.parse().map_err(|error| wrong(&error))?;
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_formatter(|out, state, value| {
        if *state.auto_escape() != AutoEscape::Html || value.is_safe() {
            return minijinja::escape_formatter(out, state, value);
        }
        Ok(out.write_str(&escape(&value.to_string()))?)
    });
    environment.add_filter("money", money);
    environment.add_filter("cut", |text: &str, units: usize| cut(text, units));
    for (group, sentences) in table {
        let sentences = sentences
            .as_table()
            .ok_or_else(|| Error::Texts(format!("{group} is no group")))?;
        for (name, text) in sentences {
            let text = text
                .as_str()
                .ok_or_else(|| Error::Texts(format!("{group}.{name} is no text")))?;
            environment
                .add_template_owned(format!("{group}.{name}"), text.to_owned())
                .map_err(|error| wrong(&error))?;
        }
    }
    Ok(environment)
}

/// Exactly what Telegram minds: an address with its slashes written as numbers is still one to a browser, and not to everything that
/// looks for one.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A sentence where Telegram reads no HTML.
pub fn plain(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// Hundredths of a currency as people write them: `12 500 ₽`, `9,50 $`.
fn money(minor: Value, currency: &str) -> String {
    let minor = minor.as_i64().unwrap_or_default();
    let (whole, part) = (minor / 100, minor % 100);
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    if part != 0 {
        grouped.push_str(&format!(",{part:02}"));
    }
    let sign = match currency {
        "RUB" => "₽",
        "USD" => "$",
        "EUR" => "€",
        other => other,
    };
    format!("{grouped}\u{a0}{sign}")
}

/// At most so many units of UTF-16, as Telegram counts; what was longer ends in an ellipsis.
pub fn cut(text: &str, units: usize) -> String {
    if text.encode_utf16().count() <= units {
        return text.to_owned();
    }
    let mut left = units.saturating_sub(1);
    let mut short = String::new();
    for letter in text.chars() {
        let Some(rest) = left.checked_sub(letter.len_utf16()) else {
            break;
        };
        left = rest;
        short.push(letter);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped_and_hundredths_are_shown_only_when_there_are_some() {
        assert_eq!(money(Value::from(1_250_000), "RUB"), "12\u{a0}500\u{a0}₽");
        assert_eq!(money(Value::from(950), "USD"), "9,50\u{a0}$");
        assert_eq!(money(Value::from(0), "KZT"), "0\u{a0}KZT");
        assert_eq!(money(Value::from(99_999), "EUR"), "999,99\u{a0}€");
    }

    #[test]
    fn slashes_and_apostrophes_stay_and_what_is_null_is_nothing() {
        let texts = Texts::load().expect("texts");
        let data = serde_json::json!({ "title": "W 712/95 'A' <&>", "note": null, "reason_title": "\"x\"" });
        let said = texts
            .say(Language::En, "listing.rejected", &data)
            .expect("a sentence");
        assert!(said.contains("W 712/95 'A' &lt;&amp;&gt;"), "{said}");
        assert!(said.contains("&quot;x&quot;\nMend"), "{said}");
    }

    #[test]
    fn what_was_escaped_is_read_on_a_button_as_it_was_written() {
        for text in ["<b>&amp;lt;\"", "a & b", "&quot;", ""] {
            assert_eq!(plain(&escape(text)), text);
        }
    }

    #[test]
    fn a_text_is_cut_by_units_of_utf16_and_never_inside_a_letter() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
        assert_eq!(cut("a🚗🚗", 4), "a🚗…");
        assert_eq!(cut("🚗🚗", 3), "🚗…");
    }
}
