//! Who looked at a listing, who asked for its contacts, who put it aside; and the price that it was published with.
//!
//! Looking and asking are counted for the last days of the market only, as many as were asked for: each is a partition.

use super::listings::title;
use super::{Per, Table};
use crate::copy::Rows;
use crate::life::Life;
use crate::market::{LISTINGS, Market};
use crate::rng::Rng;
use crate::sample::log_normal;
use crate::season::{DAY, MINUTE, moment};

pub const CLICKS: Table = Table {
    name: "market_data.contact_clicks",
    version: 1,
    columns: &["listing_id", "at", "clicker", "source"],
    per: Per::Listing,
    write: clicks,
};

pub const PEOPLE: Table = Table {
    name: "market_data.contact_people",
    version: 1,
    columns: &["listing_id", "user_id", "first_at", "last_at", "clicks"],
    per: Per::Listing,
    write: people,
};

pub const VIEWS: Table = Table {
    name: "market_data.listing_views",
    version: 2,
    columns: &["day", "listing_id", "viewer"],
    per: Per::Listing,
    write: views,
};

pub const FAVOURITES: Table = Table {
    name: "market_data.favourites",
    version: 1,
    columns: &["user_id", "listing_id", "title", "added_at"],
    per: Per::Listing,
    write: favourites,
};

pub const PUBLISHED_PRICES: Table = Table {
    name: "market_data.published_prices",
    version: 1,
    columns: &[
        "listing_id",
        "since_at",
        "currency",
        "price_minor",
        "wholesale_price_minor",
        "wholesale_min_quantity",
    ],
    per: Per::Listing,
    write: published_price,
};

/// The time in which half of the listings have three people or fewer who ask.
const MONTH: i64 = 28 * DAY;
/// People of a listing who ask in such a time at most.
const MOST_ASKED: u64 = 80;

/// From when to when everybody could see the listing, if they could.
pub fn shown(market: &Market, life: &Life) -> Option<(i64, i64)> {
    let since = life.published_at? + MINUTE;
    let until = match life.status() {
        "published" => life.expires_at?.min(market.to),
        // It was left for good by the first step after the last that kept it there.
        _ => {
            let kept = life.steps.iter().rposition(|step| step.to == "published")?;
            life.steps.get(kept + 1).map_or(market.to, |step| step.at)
        }
    };
    // Nobody comes to the goods of somebody who is blocked.
    let until = until.min(life.seller.until) - MINUTE;
    (since < until).then_some((since, until))
}

/// Each of these once, at a moment: people who were there by then and do not sell it.
fn some_people(
    market: &Market,
    life: &Life,
    rng: &mut Rng,
    (number, count): (u64, u64),
    (since, until): (i64, i64),
) -> Vec<(u64, i64)> {
    let mut found: Vec<(u64, i64)> = Vec::new();
    for _ in 0..count {
        let at = moment(rng, since, until, 1.0);
        let somebody = life.buyer(market, rng, number / LISTINGS + 1, at);
        if let Some(person) = somebody.filter(|p| found.iter().all(|(other, _)| other != p)) {
            found.push((person, at));
        }
    }
    found
}

/// A visitor without an account: below zero.
fn visitor(rng: &mut Rng) -> i64 {
    -1 - (rng.next() >> 2).cast_signed()
}

/// People who asked for the contacts of a listing, each at a moment; the time that is counted; and the stream for the rest.
struct Asked {
    people: Vec<(u64, i64)>,
    time: (i64, i64),
    rng: Rng,
}

/// Who asked for the contacts, in the days that are counted; and how much the listing is looked at.
fn asked(market: &Market, number: u64, life: &Life) -> Option<Asked> {
    let (since, until) = shown(market, life)?;
    let since = since.max(market.to - market.counted);
    if since >= until {
        return None;
    }
    let mut rng = market.key("asked@1").row(number);
    let months = (until - since) as f64 / MONTH as f64;
    let count = (log_normal(&mut rng, 3.0, 1.0) * months) as u64;
    let most = MOST_ASKED * (market.counted / MONTH).max(1).unsigned_abs();
    let people = some_people(
        market,
        life,
        &mut rng,
        (number, count.min(most)),
        (since, until),
    );
    Some(Asked {
        people,
        time: (since, until),
        rng,
    })
}

fn clicks(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    let Some(Asked {
        people,
        time: (since, until),
        mut rng,
    }) = asked(market, number, &life)
    else {
        return;
    };
    let known = people.len() as u64;
    for (person, at) in people {
        let source = rng
            .pick(&["bot", "web", "web", "api"])
            .copied()
            .unwrap_or("web");
        click(rows, number, at, crate::copy::id(person), source);
    }
    for _ in 0..known / 5 {
        let at = moment(&mut rng, since, until, 1.0);
        click(rows, number, at, visitor(&mut rng), "web");
    }
}

fn click(rows: &mut Rows, number: u64, at: i64, clicker: i64, source: &str) {
    rows.begin(4);
    rows.id(number);
    rows.i64(at);
    rows.i64(clicker);
    rows.text(source);
    rows.end();
}

fn people(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    for (person, at) in asked(market, number, &life).map_or_else(Vec::new, |asked| asked.people) {
        rows.begin(5);
        rows.id(number);
        rows.id(person);
        rows.i64(at);
        rows.i64(at);
        rows.i32(1);
        rows.end();
    }
}

/// Whoever asked has looked, and so have others.
fn views(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    let Some(asked) = asked(market, number, &life) else {
        return;
    };
    let (people, (since, until)) = (asked.people, asked.time);
    let mut rng = market.key("looked@1").row(number);
    let others = 2 * people.len() as u64 + rng.below(4);
    // Nobody's number is kept: whoever looks is a hash.
    for (_, at) in people {
        view(rows, number, at, visitor(&mut rng));
    }
    for _ in 0..others {
        let at = moment(&mut rng, since, until, 1.0);
        view(rows, number, at, visitor(&mut rng));
    }
}

fn view(rows: &mut Rows, number: u64, at: i64, viewer: i64) {
    rows.begin(3);
    rows.i32(at.div_euclid(DAY) as i32);
    rows.id(number);
    rows.i64(viewer);
    rows.end();
}

fn favourites(market: &Market, number: u64, rows: &mut Rows) {
    let mut rng = market.key("favourite@1").row(number);
    let count = rng
        .pick(&[0, 0, 0, 0, 0, 1, 1, 2, 3, 6])
        .copied()
        .unwrap_or(0);
    if count == 0 {
        return;
    }
    let life = Life::of(market, number);
    let Some(shown) = shown(market, &life) else {
        return;
    };
    let title = title(market, number, &life);
    for (person, at) in some_people(market, &life, &mut rng, (number, count), shown) {
        rows.begin(4);
        rows.id(person);
        rows.id(number);
        rows.text(&title);
        rows.i64(at);
        rows.end();
    }
}

/// Prices change after the publication only, so the first is the one of the posts in channels.
fn published_price(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    let [first, second, ..] = life.prices.as_slice() else {
        return;
    };
    rows.begin(6);
    rows.id(number);
    rows.i64(second.at);
    rows.text(life.ware.currency);
    rows.i64(first.minor);
    rows.opt(first.wholesale.map(|(minor, _)| minor), Rows::i64);
    rows.opt(first.wholesale.map(|(_, from)| from), Rows::i32);
    rows.end();
}
