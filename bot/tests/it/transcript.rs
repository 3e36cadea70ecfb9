//! Conversations as pages of the book: what a scenario says is what people read about the bot.

use std::path::PathBuf;
use std::sync::Mutex;

use crate::telegram::Call;

/// The width of the names.
const NAMES: usize = 8;

/// What was said, line by line.
#[derive(Default)]
pub struct Transcript {
    lines: Mutex<Vec<String>>,
}

impl Transcript {
    fn add(&self, who: &str, text: &str) {
        let text = without_days(&without_token(text));
        let mut lines = self.lines.lock().unwrap();
        for (place, line) in text.lines().enumerate() {
            let who = if place == 0 { who } else { "" };
            lines.push(format!("{who:NAMES$} {line}").trim_end().to_owned());
        }
    }

    pub fn person(&self, name: &str, text: &str) {
        self.add(name, text);
    }

    pub fn bot(&self, to: &str, call: &Call) {
        let mut text = plain(call.text());
        if call.files == ["chart"] {
            text.insert_str(0, "(a chart)\n");
        }
        for row in call.labels() {
            let row: Vec<_> = row.iter().map(|label| format!("[{label}]")).collect();
            text.push_str(&format!("\n{}", row.join(" ")));
        }
        self.add(&format!("→ {to}"), &text);
    }

    /// The bot sends something that is no text.
    pub fn says(&self, to: &str, what: &str) {
        self.add(&format!("→ {to}"), what);
    }

    pub fn alert(&self, text: &str) {
        self.add("(alert)", text);
    }

    /// The page of the book says the same; with `KARDAN_UPDATE_SNAPSHOTS=1` it is made to.
    pub fn is(&self, name: &str, title: &str) -> anyhow::Result<()> {
        let said = self.lines.lock().unwrap().join("\n");
        let page = format!(
            "# {title}\n\nWhat people and the bot say to each other in a test; buttons are in brackets.\n\n\
             ```text\n{said}\n```\n"
        );
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../docs/src/bot")
            .join(format!("{name}.md"));
        if std::env::var_os("KARDAN_UPDATE_SNAPSHOTS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap())?;
            std::fs::write(&path, &page)?;
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(kept, page, "{}: update the snapshots", path.display());
        Ok(())
    }
}

/// HTML of Telegram as text.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut is_inside = false;
    for letter in html.chars() {
        match letter {
            '<' => is_inside = true,
            '>' => is_inside = false,
            letter if !is_inside => text.push(letter),
            _ => {}
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// An invitation is another one in each run.
fn without_token(text: &str) -> String {
    let found = ["start=i_", "/start i_"]
        .iter()
        .find_map(|mark| text.find(mark).map(|place| place + mark.len()));
    match found {
        Some(end) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What happens today happens on another day tomorrow, at another minute.
fn without_days(text: &str) -> String {
    let is_like = |text: &str, shape: &str| {
        let text = text.as_bytes();
        let mut pairs = text.iter().zip(shape.as_bytes());
        text.len() >= shape.len()
            && pairs.all(|(byte, shape)| match shape {
                b'0' => byte.is_ascii_digit(),
                shape => byte == shape,
            })
    };
    let mut said = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let shape = ["0000-00-00 00:00 UTC", "0000-00-00 00:00", "0000-00-00"]
            .into_iter()
            .find(|shape| is_like(rest, shape));
        let taken = match shape {
            Some(shape) => {
                said.push('…');
                shape.len()
            }
            None => {
                said.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    said
}
