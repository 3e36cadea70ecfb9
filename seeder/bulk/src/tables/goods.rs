//! What hangs on a listing: photos, cars that it fits, buyers, flags, an advertisement.

use super::{Per, Table};
use crate::catalogue::Kind;
use crate::copy::Rows;
use crate::life::{Life, MOST_DEALS};
use crate::market::{LISTINGS, Market};
use crate::photos;
use crate::rng::Rng;
use crate::season::{DAY, HOUR, MINUTE, SECOND, moment};

pub const PHOTOS: Table = Table {
    name: "market_data.listing_photos",
    version: 1,
    columns: &[
        "id",
        "listing_id",
        "position",
        "storage_key",
        "content_type",
        "width",
        "height",
        "size_bytes",
        "created_at",
        "perceptual_hash",
    ],
    per: Per::Listing,
    write: photo,
};

pub const FITMENTS: Table = Table {
    name: "market_data.listing_fitments",
    version: 1,
    columns: &[
        "id",
        "listing_id",
        "generation_id",
        "year_from",
        "year_to",
        "added_by",
        "created_at",
    ],
    per: Per::Listing,
    write: fitments,
};

pub const RESERVATIONS: Table = Table {
    name: "market_data.reservations",
    version: 1,
    columns: &[
        "id",
        "listing_id",
        "buyer_id",
        "quantity",
        "currency",
        "total_minor",
        "state",
        "created_at",
        "closed_at",
        "closed_by",
    ],
    per: Per::Listing,
    write: reservations,
};

pub const FLAGS: Table = Table {
    name: "market_data.listing_flags",
    version: 1,
    columns: &[
        "id",
        "listing_id",
        "user_id",
        "reason",
        "weight",
        "created_at",
    ],
    per: Per::Listing,
    write: flag,
};

pub const ADS: Table = Table {
    name: "market_data.listing_ads",
    version: 1,
    columns: &[
        "listing_id",
        "text",
        "url",
        "begins_at",
        "ends_at",
        "placed_by",
        "created_at",
    ],
    per: Per::Listing,
    write: ad,
};

/// Cars of a listing at most.
const MOST_FITMENTS: u64 = 4;

fn photo(market: &Market, number: u64, rows: &mut Rows) {
    let count = photos::count(market, number);
    if count == 0 {
        return;
    }
    let begun = Life::of(market, number).begun();
    for position in 0..count {
        let mut rng = market.key("photo@1").row(number * photos::MOST + position);
        let at = (begun + (20 + 20 * position.cast_signed()) * SECOND).min(market.to);
        let is_upright = rng.permille(310);
        rows.begin(10);
        rows.uuid_v7(at, bits(&mut rng));
        rows.id(number);
        rows.i32(position as i32 + 1);
        rows.text_with(|key| photos::key(market, number, position, key));
        rows.text("image/webp");
        rows.i32(if is_upright { 960 } else { 1280 });
        rows.i32(if is_upright { 1280 } else { 960 });
        rows.i64(40_000 + rng.below(220_000).cast_signed());
        rows.i64(at);
        rows.i64(looks(market, &mut rng));
        rows.end();
    }
}

/// Nine of ten look like no other; the tenth is one of a thousand pictures of makers that many show, a few bits changed as
/// another size changes them.
fn looks(market: &Market, rng: &mut Rng) -> i64 {
    let own = rng.next();
    if !rng.permille(100) {
        return own.cast_signed();
    }
    let picture = market.key("picture@1").one(rng.below(1000));
    let changed = (1_u64 << rng.below(64)) | (1_u64 << rng.below(64));
    (picture ^ changed).cast_signed()
}

/// 128 bits of a stream, for an id.
pub fn bits(rng: &mut Rng) -> u128 {
    u128::from(rng.next()) << 64 | u128::from(rng.next())
}

fn fitments(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    let mut rng = market.key("fitment@1").row(number);
    if life.ware.kind != Kind::Part || !rng.permille(700) {
        return;
    }
    for (place, vehicle) in (0..MOST_FITMENTS).zip(life.ware.fits(market)) {
        let (from, to) = vehicle.years;
        let years = rng.permille(200).then(|| {
            let first = rng.between(i64::from(from), i64::from(to)) as i32;
            (first, rng.between(i64::from(first), i64::from(to)) as i32)
        });
        rows.begin(7);
        rows.id(number * MOST_FITMENTS + place);
        rows.id(number);
        rows.i64(vehicle.id);
        rows.opt(years.map(|(first, _)| first), Rows::i32);
        rows.opt(years.map(|(_, last)| last), Rows::i32);
        rows.id(life.seller.person);
        rows.i64((life.begun() + MINUTE).min(market.to));
        rows.end();
    }
}

fn reservations(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    for (slot, held) in (0..).zip(&life.reservations) {
        let piece = life.piece_at(held.at, held.quantity);
        rows.begin(10);
        rows.uuid_v7(held.at, reservation_bits(market, number, slot));
        rows.id(number);
        rows.id(held.buyer);
        rows.i32(held.quantity);
        rows.text(life.ware.currency);
        rows.i64(piece * i64::from(held.quantity));
        rows.text(held.closed.map_or("held", |(_, how, _)| how));
        rows.i64(held.at);
        rows.opt(held.closed.map(|(at, _, _)| at), Rows::i64);
        rows.opt(held.closed.map(|(_, _, by)| by), Rows::id);
        rows.end();
    }
}

/// The random bits of a reservation's id; a deal refers to it.
pub fn reservation_bits(market: &Market, number: u64, slot: u64) -> u128 {
    bits(&mut market.key("reservation@1").row(number * MOST_DEALS + slot))
}

/// Open flags of what is published; too few of one listing to hide it.
fn flag(market: &Market, number: u64, rows: &mut Rows) {
    let mut rng = market.key("flag@1").row(number);
    if !rng.permille(14) {
        return;
    }
    let life = Life::of(market, number);
    let since = life
        .renewed_at
        .or(life.published_at)
        .filter(|_| life.status() == "published");
    let Some(since) = since else { return };
    let until = life.expires_at.unwrap_or(market.to).min(market.to);
    let at = moment(&mut rng, since + MINUTE, until, 1.0);
    let Some(user) = life.buyer(market, &mut rng, number / LISTINGS + 1, at - DAY) else {
        return;
    };
    let reasons = [
        "spam",
        "wrong_category",
        "prohibited",
        "sold_elsewhere",
        "sold_elsewhere",
    ];
    rows.begin(6);
    rows.id(number);
    rows.id(number);
    rows.id(user);
    rows.text(rng.pick(&reasons).copied().unwrap_or("spam"));
    rows.i16(1);
    rows.i64(at);
    rows.end();
}

const ADS_TEXTS: [(&str, &str); 4] = [
    (
        "Шиномонтаж со скидкой 15 % до конца месяца",
        "https://example.org/tyres",
    ),
    ("ОСАГО за пять минут", "https://example.org/insurance"),
    (
        "Автосервис рядом: замена масла бесплатно",
        "https://example.org/service",
    ),
    ("Tools for your garage", "https://example.org/tools"),
];

fn ad(market: &Market, number: u64, rows: &mut Rows) {
    let mut rng = market.key("ad@1").row(number);
    if !rng.permille(4) {
        return;
    }
    let life = Life::of(market, number);
    let Some(published) = life.published_at else {
        return;
    };
    let created_at = moment(&mut rng, published + MINUTE, market.to, 1.2);
    let (text, url) = rng
        .pick(&ADS_TEXTS)
        .copied()
        .unwrap_or(("Ad", "https://example.org"));
    rows.begin(7);
    rows.id(number);
    rows.text(text);
    rows.text(url);
    rows.i64(created_at + HOUR);
    rows.i64(created_at + HOUR + rng.between(3, 40) * DAY);
    rows.id(Market::moderator(&mut rng, number / LISTINGS + 1));
    rows.i64(created_at);
    rows.end();
}
