//! What people say beneath listings: several buyers, each with questions and the seller's answers.

use std::io::Write as _;
use std::sync::LazyLock;

use super::goods::bits;
use super::interest::shown;
use super::{Per, Table};
use crate::copy::{Rows, uuid_v7};
use crate::life::Life;
use crate::market::{LISTINGS, Language, Market};
use crate::rng::Rng;
use crate::sample::log_normal;
use crate::season::{DAY, MINUTE, SECOND, moment};
use crate::text::spelled;
use crate::{odd, words};

pub const CHATS: Table = Table {
    name: "market_data.chats",
    version: 1,
    columns: &[
        "listing_id",
        "is_on",
        "switched_by",
        "first_message_at",
        "last_message_at",
        "told_at",
        "read_at",
    ],
    per: Per::Listing,
    write: chat,
};

pub const MESSAGES: Table = Table {
    name: "market_data.chat_messages",
    version: 1,
    columns: &[
        "id",
        "sent_at",
        "listing_id",
        "source",
        "author_id",
        "text",
        "reply_to",
        "state",
        "why",
        "changed_at",
        "changed_by",
    ],
    per: Per::Listing,
    write: messages,
};

/// Buyers who talk beneath a listing at most.
const MOST_TALKS: u64 = 64;
/// What one of them and the seller say at most.
const MOST_TURNS: u64 = 16;
/// Half of the listings have fewer buyers who ask; the mean, with [`SPREAD`], gives fifty messages a listing and so fifty
/// millions in a market of a million.
const MEDIAN_TALKS: f64 = 5.2;
const SPREAD: f64 = 1.0;

/// Something that was said; what it says follows from its number.
struct Said {
    /// Among the messages of the listing.
    number: u64,
    at: i64,
    author: u64,
    is_seller: bool,
    /// Whether it is the first of its buyer.
    is_first: bool,
    /// What it answers: its number and time.
    to: Option<(u64, i64)>,
}

/// Everything that was said, buyer by buyer.
fn said(market: &Market, number: u64, life: &Life) -> Vec<Said> {
    let Some((since, until)) = shown(market, life) else {
        return Vec::new();
    };
    let mut rng = market.key("chat@1").row(number);
    let talks = log_normal(&mut rng, MEDIAN_TALKS, SPREAD) as u64;
    let mut found = Vec::new();
    for talk in 0..talks.min(MOST_TALKS) {
        let mut at = moment(&mut rng, since, until, 1.0);
        let turns = 3 + rng.below(MOST_TURNS - 7);
        let Some(buyer) = life.buyer(market, &mut rng, number / LISTINGS + 1, at) else {
            continue;
        };
        let mut is_seller = false;
        let mut former = None;
        for turn in 0..turns {
            if at >= until {
                break;
            }
            let message = talk * MOST_TURNS + turn;
            found.push(Said {
                number: message,
                at,
                author: if is_seller { life.seller.person } else { buyer },
                is_seller,
                is_first: turn == 0,
                to: former.filter(|_| rng.permille(350)),
            });
            former = Some((message, at));
            at += 5 * SECOND + (log_normal(&mut rng, 6.0 * MINUTE as f64, 1.3) as i64).min(3 * DAY);
            // Most wait for an answer; a few add something.
            is_seller = is_seller != rng.permille(860);
        }
    }
    found
}

/// The id of a message of a listing.
fn id_of(market: &Market, listing: u64, message: u64, at: i64) -> u128 {
    let row = listing * MOST_TALKS * MOST_TURNS + message;
    uuid_v7(at, bits(&mut market.key("message.id@1").row(row)))
}

fn chat(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    let said = said(market, number, &life);
    let times = said.iter().map(|one| one.at);
    let (Some(first), Some(last)) = (times.clone().min(), times.max()) else {
        return;
    };
    let read = said.iter().filter(|one| one.is_seller).map(|one| one.at);
    let told = said.iter().filter(|one| one.is_first).map(|one| one.at);
    let mut rng = market.key("chat.switch@1").row(number);
    // What was said before it was switched off is still there.
    let is_off = rng.permille(20);
    rows.begin(7);
    rows.id(number);
    rows.opt(is_off.then_some(false), Rows::bool);
    rows.opt(is_off.then_some(life.seller.person), Rows::id);
    rows.i64(first);
    rows.i64(last);
    rows.opt(told.max(), Rows::i64);
    rows.opt(read.max(), Rows::i64);
    rows.end();
}

fn messages(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    for one in said(market, number, &life) {
        let row = number * MOST_TALKS * MOST_TURNS + one.number;
        let mut rng = market.key("message@1").row(row);
        // A few think better of it.
        let gone = rng
            .permille(12)
            .then(|| (one.at + MINUTE * rng.between(1, 300)).min(market.to));
        let source = rng.pick(&["web", "web", "bot", "bot", "bot", "api"]);
        rows.begin(11);
        rows.raw(&id_of(market, number, one.number, one.at).to_be_bytes());
        rows.i64(one.at);
        rows.id(number);
        rows.text(source.copied().unwrap_or("web"));
        rows.id(one.author);
        rows.text_with(|text| sentence(market, &mut rng, &life, &one, text));
        rows.opt(one.to, |rows, (message, at)| {
            rows.raw(&id_of(market, number, message, at).to_be_bytes());
        });
        rows.text(if gone.is_some() { "deleted" } else { "visible" });
        rows.opt(gone.map(|_| "deleted"), Rows::text);
        rows.opt(gone, Rows::i64);
        rows.opt(gone.map(|_| one.author), Rows::id);
        rows.end();
    }
}

fn sentence(market: &Market, rng: &mut Rng, life: &Life, one: &Said, text: &mut Vec<u8>) {
    if market.adversarial && rng.permille(120) {
        return text.extend(odd::message(one.number).into_bytes());
    }
    let sayings = match (one.is_seller, one.is_first) {
        (true, _) => &SAYINGS.answers,
        (_, true) => &SAYINGS.questions,
        (false, false) if rng.permille(450) => &SAYINGS.questions,
        _ => &SAYINGS.more,
    };
    let is_en = matches!(market.person(one.author).language, Language::En);
    let car = life.ware.vehicle(market);
    let article = life.ware.article.as_ref();
    let fits = |saying: &str| {
        (car.is_some() || !saying.contains("{car}"))
            && (article.is_some() || !saying.contains("{number}"))
    };
    let picked = (0..8).find_map(|_| {
        let (ru, en) = rng.pick(sayings).copied()?;
        Some(if is_en { en } else { ru }).filter(|saying| fits(saying))
    });
    // A sign that is understood in every language.
    let Some((before, rest)) = picked.unwrap_or("+").split_once('{') else {
        return text.extend_from_slice(picked.unwrap_or("+").as_bytes());
    };
    let (name, after) = rest.split_once('}').unwrap_or((rest, ""));
    text.extend_from_slice(before.as_bytes());
    match (name, car, article) {
        ("car", Some(car), _) => {
            text.extend_from_slice(if is_en { &car.en } else { &car.ru }.as_bytes());
        }
        ("number", _, Some(article)) => text.extend(spelled(rng, &article.number).into_bytes()),
        _ => {
            let percent = rng.between(80, 96);
            let offer = life.price_at(one.at).minor * percent / 100 / 10_000 * 100;
            // A vector takes everything.
            let _ = write!(text, "{}", offer.max(100));
        }
    }
    text.extend_from_slice(after.as_bytes());
}

/// Sentences by who says them, each in Russian and English.
struct Sayings {
    questions: Vec<(&'static str, &'static str)>,
    answers: Vec<(&'static str, &'static str)>,
    more: Vec<(&'static str, &'static str)>,
}

static SAYINGS: LazyLock<Sayings> = LazyLock::new(|| Sayings {
    questions: words::sayings("ask"),
    answers: words::sayings("answer"),
    more: words::sayings("more"),
});
