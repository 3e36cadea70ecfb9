//! People: who they are, how they sign in, who is blocked.

use std::io::Write as _;

use super::{Per, Table};
use crate::copy::Rows;
use crate::market::{Language, Market, Person};
use crate::rng::Rng;
use crate::season::{DAY, moment};
use crate::words;

pub const USERS: Table = Table {
    name: "people_data.users",
    version: 1,
    columns: &[
        "id",
        "role",
        "display_name",
        "language",
        "created_at",
        "updated_at",
    ],
    per: Per::Person,
    write: user,
};

pub const IDENTITIES: Table = Table {
    name: "people_data.identities",
    version: 1,
    columns: &[
        "provider",
        "subject",
        "user_id",
        "username",
        "first_name",
        "last_name",
        "linked_at",
        "seen_at",
        "unreachable_at",
    ],
    per: Per::Person,
    write: identity,
};

pub const BANS: Table = Table {
    name: "people_data.bans",
    version: 1,
    columns: &[
        "id",
        "user_id",
        "reason",
        "until",
        "created_by",
        "created_at",
    ],
    per: Per::Person,
    write: ban,
};

/// A person's names.
#[derive(Debug, Clone)]
pub struct Names {
    /// The given name as they write it.
    pub first: String,
    /// The family name, if they give one.
    pub last: Option<String>,
    /// Their name at Telegram, if they have one.
    pub username: Option<String>,
}

impl Names {
    /// The names of this person.
    #[must_use]
    pub fn of(market: &Market, number: u64, person: &Person) -> Self {
        let mut rng = market.key("names@1").row(number);
        let lists = lists();
        let given = if person.is_he { &lists.he } else { &lists.she };
        let (ru, en) = rng.pick(given).copied().unwrap_or(("Имя", "Name"));
        let (family_ru, family_en) = rng.pick(&lists.family).copied().unwrap_or(("", ""));
        let is_latin = person.language == Language::En || rng.permille(90);
        let ending = if person.is_he {
            ""
        } else if is_latin {
            "a"
        } else {
            "а"
        };
        let family = if is_latin { family_en } else { family_ru };
        Self {
            first: if market.adversarial {
                odd(&mut rng, ru)
            } else {
                given_name(is_latin, ru, en)
            },
            last: rng.permille(640).then(|| format!("{family}{ending}")),
            username: rng.permille(710).then(|| username(&mut rng, en, family_en)),
        }
    }

    /// Both names.
    #[must_use]
    pub fn display(&self) -> String {
        match &self.last {
            Some(last) => format!("{} {last}", self.first),
            None => self.first.clone(),
        }
    }
}

struct Lists {
    he: Vec<(&'static str, &'static str)>,
    she: Vec<(&'static str, &'static str)>,
    family: Vec<(&'static str, &'static str)>,
}

fn lists() -> &'static Lists {
    static LISTS: std::sync::OnceLock<Lists> = std::sync::OnceLock::new();
    LISTS.get_or_init(|| Lists {
        he: words::people("m"),
        she: words::people("f"),
        family: words::people("s"),
    })
}

fn given_name(is_latin: bool, ru: &str, en: &str) -> String {
    if is_latin {
        en.to_owned()
    } else {
        ru.to_owned()
    }
}

/// Names that break what was written for plain ones.
fn odd(rng: &mut Rng, name: &str) -> String {
    match rng.below(7) {
        0 => "Ж".repeat(100),
        1 => format!("{name} 🚗🇷🇺"),
        2 => "مُحَمَّد".to_owned(),
        3 => format!("O'{name} \"\\"),
        4 => "e\u{301}\u{327}\u{323}".to_owned(),
        5 => "<b>%s</b>".to_owned(),
        _ => name.to_owned(),
    }
}

fn username(rng: &mut Rng, given: &str, family: &str) -> String {
    let (given, family) = (given.to_lowercase(), family.to_lowercase());
    match rng.below(4) {
        0 => format!("{given}_{family}"),
        1 => format!("{given}{}", 60 + rng.below(40)),
        2 => format!("{family}_{}", 100 + rng.below(900)),
        _ => format!("{given}.{family}{}", rng.below(100)).replace('.', "_"),
    }
}

fn user(market: &Market, number: u64, rows: &mut Rows) {
    let person = market.person(number);
    rows.begin(6);
    rows.id(number);
    rows.text(Market::role(number));
    rows.text(&Names::of(market, number, &person).display());
    rows.text(match person.language {
        Language::Ru => "ru",
        Language::En => "en",
    });
    rows.i64(person.created_at);
    rows.i64(person.created_at);
    rows.end();
}

/// When somebody was last seen, and whether nothing reaches them since; with the stream for the rest.
fn seen(market: &Market, number: u64, person: &Person) -> (i64, bool, Rng) {
    let mut rng = market.key("identity@1").row(number);
    let at = moment(&mut rng, person.created_at, market.to, 2.5);
    let is_gone = rng.permille(35);
    (at, is_gone, rng)
}

/// Since when nothing reaches this person, if nothing does.
pub fn gone_since(market: &Market, number: u64) -> Option<i64> {
    let (at, is_gone, _) = seen(market, number, &market.person(number));
    is_gone.then_some(at)
}

fn identity(market: &Market, number: u64, rows: &mut Rows) {
    let person = market.person(number);
    let names = Names::of(market, number, &person);
    let (seen_at, is_gone, mut rng) = seen(market, number, &person);
    rows.begin(9);
    rows.text("telegram");
    rows.format(format_args!("{}", market.telegram(number)));
    rows.id(number);
    rows.opt(names.username.as_deref(), Rows::text);
    rows.text(&names.first);
    rows.opt(names.last.as_deref(), Rows::text);
    rows.i64(person.created_at);
    rows.i64(seen_at);
    rows.opt(is_gone.then_some(seen_at), Rows::i64);
    rows.end();
    if rng.permille(25) {
        let linked_at = moment(&mut rng, person.created_at, market.to, 1.0);
        rows.begin(9);
        rows.text("oidc");
        rows.text_with(|text| {
            let _ = write!(
                text,
                "https://id.example {:016x}{:08x}",
                market.key("oidc@1").one(number),
                number
            );
        });
        rows.id(number);
        (0..3).for_each(|_| rows.null());
        rows.i64(linked_at);
        rows.i64(linked_at.max(seen_at));
        rows.null();
        rows.end();
    }
}

const REASONS: [&str; 4] = [
    "Продавал то, чего нет",
    "Спам в объявлениях",
    "Ругань с покупателями",
    "Fraud: took money and did not ship",
];

fn ban(market: &Market, number: u64, rows: &mut Rows) {
    let Some((at, until)) = market.person(number).banned else {
        return;
    };
    let mut rng = market.key("ban@1").row(number);
    rows.begin(6);
    rows.id(number);
    rows.id(number);
    rows.text(rng.pick(&REASONS).copied().unwrap_or("Спам"));
    rows.i64(until);
    // The administrator is the first person.
    rows.id(0);
    rows.i64(at.max(market.from + DAY));
    rows.end();
}
