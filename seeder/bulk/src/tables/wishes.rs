//! Searches that people have saved, each for something like a listing that there is. What a search matches the program itself
//! computes, when it knows how common each word is.

use std::io::Write as _;

use super::{Per, Table};
use crate::catalogue::Kind;
use crate::copy::{Rows, json_text};
use crate::life::Life;
use crate::market::{LISTINGS, Language, Market};
use crate::rng::Rng;
use crate::season::{MINUTE, moment};
use crate::text::spelled;

pub const SAVED: Table = Table {
    name: "market_data.saved_searches",
    version: 1,
    columns: &[
        "id",
        "user_id",
        "name",
        "query",
        "filters",
        "frequency",
        "terms",
        "anchors",
        "since_at",
        "created_at",
        "updated_at",
    ],
    per: Per::Listing,
    write: saved,
};

/// What the saved searches from $1 to $2 compare with, by the words as they are now.
pub const TERMS: &str = "
    update market_data.saved_searches as s
    set terms = t.terms, anchors = t.anchors
    from market_data.saved_searches as k
    cross join lateral market.saved_search_terms(k.query, k.filters) as t
    where s.id = k.id and k.id between $1 and $2 and (s.terms, s.anchors) is distinct from (t.terms, t.anchors)";

/// No words yet: a query of one lexeme that nothing has, `=`, of any weight and not as a prefix.
const NO_TERMS: [u8; 9] = [0, 0, 0, 1, 1, 0, 0, b'=', 0];
/// No anchors yet: an empty array of text, whose number of types is 25.
const NO_ANCHORS: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25];

fn saved(market: &Market, number: u64, rows: &mut Rows) {
    let mut rng = market.key("saved@1").row(number);
    if !rng.permille(120) {
        return;
    }
    let life = Life::of(market, number);
    let user = Market::somebody(&mut rng, number / LISTINGS + 1, 1.1);
    let person = market.person(user);
    let is_en = matches!(person.language, Language::En);
    let created_at = moment(&mut rng, person.created_at + MINUTE, market.to, 1.3);
    let query = query(market, &mut rng, &life, is_en);
    let name = match (query.is_empty(), is_en) {
        (false, _) => query.as_str(),
        (true, true) => "What is new",
        (true, false) => "Новое в разделе",
    };
    let frequency = rng.pick(&["daily", "daily", "daily", "hourly", "at_once", "never"]);
    rows.begin(11);
    rows.id(number);
    rows.id(user);
    rows.text(name);
    rows.text(&query);
    rows.jsonb_with(|json| filters(market, &mut rng, &life, query.is_empty(), json));
    rows.text(frequency.copied().unwrap_or("daily"));
    rows.raw(&NO_TERMS);
    rows.raw(&NO_ANCHORS);
    // What is there has been told.
    rows.i64(market.to);
    rows.i64(created_at);
    rows.i64(created_at);
    rows.end();
}

/// A part number, words, or nothing where the filters say it all; below a hundred characters.
fn query(market: &Market, rng: &mut Rng, life: &Life, is_en: bool) -> String {
    let ware = &life.ware;
    match (&ware.article, rng.below(100)) {
        (Some(article), 0..30) => spelled(rng, &article.number),
        (Some(article), 30..75) => {
            let noun = market.catalogue.nouns.get(article.noun);
            let what = noun.map_or("", |(noun, _)| if is_en { &noun.en } else { &noun.ru });
            let car = ware
                .vehicle(market)
                .map_or("", |car| if is_en { &car.en } else { &car.ru });
            format!("{what} {car}")
        }
        (None, 0..60) if ware.kind == Kind::Car => {
            ware.vehicle(market).map_or_else(String::new, |car| {
                if is_en {
                    car.en.clone()
                } else {
                    car.ru.clone()
                }
            })
        }
        _ => String::new(),
    }
}

/// The filters as the program keeps them: those that were given.
fn filters(market: &Market, rng: &mut Rng, life: &Life, is_all: bool, json: &mut Vec<u8>) {
    let ware = &life.ware;
    // A vector takes everything.
    let _ = write!(json, "{{\"kind\":");
    json_text(json, ware.kind.name());
    if let Some(subcategory) = ware
        .subcategory(market)
        .filter(|_| is_all || rng.permille(300))
    {
        let (category, id) = (subcategory.category_id, subcategory.id);
        let _ = write!(json, ",\"category\":{category},\"subcategory\":{id}");
    }
    if rng.permille(260) {
        let _ = write!(json, ",\"place\":{}", life.seller.place);
    }
    if rng.permille(300) {
        let most = life.prices.first().map_or(100_000, |price| price.minor) * 12 / 10;
        let _ = write!(json, ",\"price_max\":{most},\"currency\":");
        json_text(json, ware.currency);
    }
    if rng.permille(150) {
        let _ = write!(json, ",\"in_stock\":true");
    }
    json.push(b'}');
}
