//! What people type into the field for searching: words of titles, part numbers in their spelling, slips.

use kardan_bulk::rng::Rng;
use kardan_bulk::words;

use crate::cast::Good;

/// What somebody types who looks for such a thing.
pub fn query(rng: &mut Rng, good: &Good) -> String {
    let kind = rng.below(100);
    let found = match kind {
        0..25 if !good.part_number.is_empty() => number(rng, &good.part_number),
        25..40 => noun(rng),
        40..50 => {
            let text = title(rng, good);
            slip(rng, &text)
        }
        _ => title(rng, good),
    };
    if found.is_empty() { noun(rng) } else { found }
}

/// The first two or three words of a title that are words and not numbers.
fn title(rng: &mut Rng, good: &Good) -> String {
    let wanted = if rng.permille(300) { 3 } else { 2 };
    let words: Vec<&str> = good
        .title
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| word.chars().count() > 3)
        .take(wanted)
        .collect();
    words.join(" ")
}

/// A part number as written, in small letters, or without what separates its parts.
fn number(rng: &mut Rng, written: &str) -> String {
    match rng.below(3) {
        0 => written.to_owned(),
        1 => written.to_lowercase(),
        _ => written.chars().filter(|c| c.is_alphanumeric()).collect(),
    }
}

/// What things are called, the common ones more often.
fn noun(rng: &mut Rng) -> String {
    static NOUNS: std::sync::OnceLock<Vec<words::Noun>> = std::sync::OnceLock::new();
    let nouns = NOUNS.get_or_init(words::nouns);
    let mut at = rng.below(nouns.iter().map(|noun| noun.weight).sum());
    for noun in nouns {
        match at.checked_sub(noun.weight) {
            Some(rest) => at = rest,
            None => return noun.ru.clone(),
        }
    }
    String::new()
}

/// The same with two neighbours swapped, inside a word.
fn slip(rng: &mut Rng, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let places: Vec<usize> = letters
        .windows(3)
        .enumerate()
        .filter(|(_, three)| three.iter().all(|c| c.is_alphabetic()))
        .map(|(at, _)| at + 1)
        .collect();
    if let Some(at) = rng.pick(&places) {
        letters.swap(*at, at + 1);
    }
    letters.into_iter().collect()
}

/// What stands in the field while somebody types: the beginning of a text, at least three letters.
pub fn beginning(rng: &mut Rng, text: &str) -> String {
    let length = text.chars().count() as i64;
    let wanted = rng.between(3.min(length), length);
    text.chars().take(wanted.unsigned_abs() as usize).collect()
}
