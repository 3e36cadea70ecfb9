//! Amounts as people write them.

/// Currencies by what people write behind a price.
const CURRENCIES: [(&str, &[&str]); 5] = [
    ("RUB", &["₽", "руб", "р", "rub", "r"]),
    ("USD", &["$", "usd", "долл", "доллар", "dollar"]),
    ("EUR", &["€", "eur", "евро", "euro"]),
    ("KZT", &["₸", "kzt", "тенге", "тг"]),
    ("BYN", &["byn", "br"]),
];

/// A price: hundredths, and the currency where one is named. `12 500`, `12.500,50`, `99.90 $`, `1 200 руб.`
pub fn price(text: &str) -> Option<(i64, Option<&'static str>)> {
    let text = text.trim().to_lowercase();
    let is_of_number =
        |letter: char| letter.is_ascii_digit() || ",. \u{a0}\u{202f}'".contains(letter);
    let end = text
        .find(|letter| !is_of_number(letter))
        .unwrap_or(text.len());
    // The currency may stand in front as well.
    let (number, word) = if end == 0 {
        let start = text.find(|letter: char| letter.is_ascii_digit())?;
        (text.get(start..)?, text.get(..start)?)
    } else {
        (text.get(..end)?, text.get(end..)?)
    };
    let word = word.trim().trim_end_matches('.');
    let currency = match word {
        "" => None,
        word => Some(
            CURRENCIES
                .iter()
                .find(|(_, words)| words.contains(&word))?
                .0,
        ),
    };
    Some((hundredths(number)?, currency))
}

/// Digits with whatever separates them; what looks like hundredths are hundredths.
fn hundredths(number: &str) -> Option<i64> {
    let number: String = number
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '\'')
        .collect();
    let number = number.trim_end_matches([',', '.']);
    let (whole, part) = match number.rfind([',', '.']) {
        Some(place) if number.len() - place <= 3 => {
            (number.get(..place)?, number.get(place + 1..)?)
        }
        _ => (number, ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    if whole.is_empty() || whole.len() > 12 || !part.chars().all(|one| one.is_ascii_digit()) {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    whole
        .parse::<i64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(part)
}

/// Pieces: `10`, `10 шт`.
pub fn pieces(text: &str) -> Option<i32> {
    let text = text.trim();
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let rest = text.get(end..)?.trim().trim_end_matches('.').to_lowercase();
    if !["", "шт", "pcs", "piece", "pieces", "штук", "штука", "штуки"].contains(&rest.as_str())
    {
        return None;
    }
    text.get(..end)?.parse().ok()
}

/// A wholesale price and its pieces: `900 от 10`, `900 from 10`, `900 / 10`, `900 10`.
pub fn wholesale(text: &str) -> Option<(i64, i32)> {
    let text = text.trim().to_lowercase();
    let text = ["от", "from", "/", ";", "×"]
        .iter()
        .fold(text, |text, word| text.replace(word, " | "));
    let (left, right) = match text.split_once('|') {
        Some(parts) => parts,
        None => text.rsplit_once(char::is_whitespace)?,
    };
    let (minor, _) = price(left)?;
    Some((minor, pieces(right)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_as_people_write_them() {
        for (text, wanted) in [
            ("12500", (1_250_000, None)),
            ("12 500", (1_250_000, None)),
            ("12\u{a0}500 ₽", (1_250_000, Some("RUB"))),
            ("12.500,50", (1_250_050, None)),
            ("12,500", (1_250_000, None)),
            ("99.9 $", (9_990, Some("USD"))),
            ("$99.90", (9_990, Some("USD"))),
            ("1 200 руб.", (120_000, Some("RUB"))),
            ("0", (0, None)),
        ] {
            assert_eq!(price(text), Some(wanted), "{text}");
        }
        for nonsense in [
            "",
            "много",
            "12 рыб",
            "-5",
            "1e9",
            "9999999999999",
            "12,5,x",
        ] {
            assert_eq!(price(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn pieces_and_wholesale_are_read() {
        assert_eq!(pieces(" 10 шт. "), Some(10));
        assert_eq!(pieces("ten"), None);
        assert_eq!(pieces("10 кг"), None);
        assert_eq!(wholesale("900 от 10"), Some((90_000, 10)));
        assert_eq!(wholesale("1 900,50 / 5 шт"), Some((190_050, 5)));
        assert_eq!(wholesale("900 10"), Some((90_000, 10)));
        assert_eq!(wholesale("900"), None);
    }
}
