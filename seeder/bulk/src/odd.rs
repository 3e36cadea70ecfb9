//! Texts as bad as they may be: the longest, emoji, right to left, combining marks, quotes, control characters, markup.

/// Every third listing has odd texts.
#[must_use]
pub const fn is_odd(number: u64) -> bool {
    number.is_multiple_of(3)
}

const WORDS: [&str; 12] = [
    "🚗💨🔧",
    "👨‍👩‍👧‍👦",
    "مصباح أمامي",
    "פנס קדמי",
    "Ça̧ m̃e̋",
    "Z͑ͫa̴l̶g̷o̸",
    "'; drop table listings; --",
    "\"quoted\\\" \\n %s {0}",
    "<script>alert(1)</script>",
    "tab\tand\nline\r\nbreak\u{1}\u{7f}",
    "zero\u{200b}width\u{202e}reversed\u{202c}",
    "ﬁ Ⅷ ½ İıß ǅ",
];

/// A title, 3 to 150 characters.
#[must_use]
pub fn title(number: u64) -> String {
    if number.is_multiple_of(5) {
        // The longest; characters of four bytes.
        return "𝕿".repeat(150);
    }
    let word = WORDS
        .get((number / 3 % 12) as usize)
        .copied()
        .unwrap_or("odd");
    format!("{word} {number}")
}

/// A description, at most 8000 characters.
#[must_use]
pub fn description(number: u64) -> String {
    match number % 7 {
        0 => "я".repeat(8000),
        1 => String::new(),
        _ => WORDS.join(" "),
    }
}

/// A message of a chat, 1 to 4096 characters.
#[must_use]
pub fn message(number: u64) -> String {
    match number % 5 {
        0 => "𝕿".repeat(4096),
        _ => WORDS.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_texts_are_as_long_as_allowed_and_no_longer() {
        for number in 0..500 {
            assert!((3..=150).contains(&title(number).chars().count()));
            assert!(description(number).chars().count() <= 8000);
            assert!((1..=4096).contains(&message(number).chars().count()));
            assert!(!title(number).contains('\0'));
        }
    }
}
