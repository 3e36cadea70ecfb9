//! Listings, and what they are made of.

use std::io::Write as _;

use super::people::Names;
use super::{Per, Table};
use crate::catalogue::Kind;
use crate::copy::{INFINITY, Rows};
use crate::life::Life;
use crate::market::Market;
use crate::odd;
use crate::rng::Rng;
use crate::{fields, photos, text};

pub const LISTINGS: Table = Table {
    name: "market_data.listings",
    version: 1,
    columns: &[
        "id",
        "kind",
        "status",
        "owner_user_id",
        "owner_shop_id",
        "created_by",
        "changed_by",
        "title",
        "description",
        "category_id",
        "subcategory_id",
        "brand_id",
        "brand_label",
        "part_number",
        "condition",
        "place_id",
        "attributes",
        "currency",
        "price_minor",
        "wholesale_price_minor",
        "wholesale_min_quantity",
        "stock_quantity",
        "contact_name",
        "contact_phone",
        "contact_telegram",
        "cover_key",
        "rejection_reason",
        "created_at",
        "updated_at",
        "published_at",
        "version",
        "expires_at",
        "renewed_at",
    ],
    per: Per::Listing,
    write: listing,
};

fn listing(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    rows.begin(33);
    rows.id(number);
    rows.text(life.ware.kind.name());
    rows.text(life.status());
    rows.opt(
        life.seller.shop.is_none().then_some(life.seller.person),
        Rows::id,
    );
    rows.opt(life.seller.shop, Rows::id);
    rows.id(life.seller.person);
    rows.opt(life.changed().1, Rows::id);
    told(market, number, &life, rows);
    what(market, number, &life, rows);
    money(&life, rows);
    contact(market, number, &life, rows);
    match photos::count(market, number) {
        0 => rows.null(),
        _ => rows.text_with(|key| photos::key(market, number, 0, key)),
    }
    // Stays until a moderator publishes it.
    let rejected = life
        .checks
        .iter()
        .rev()
        .find(|check| check.is("rejected"))
        .filter(|_| life.published_at.is_none());
    rows.opt(rejected, |rows, check| {
        rows.text(reason(market, check.reason));
    });
    rows.i64(life.begun());
    let (changed_at, _, version) = life.changed();
    rows.i64(changed_at);
    rows.opt(life.published_at, Rows::i64);
    rows.i32(version);
    rows.i64(life.expires_at.unwrap_or(INFINITY));
    rows.opt(life.renewed_at, Rows::i64);
    rows.end();
}

/// One of the ready reasons.
pub fn reason(market: &Market, at: usize) -> &str {
    let reasons = &market.catalogue.reasons;
    reasons
        .get(at % reasons.len().max(1))
        .map_or("other", String::as_str)
}

fn told(market: &Market, number: u64, life: &Life, rows: &mut Rows) {
    rows.text(&title(market, number, life));
    match market.adversarial && odd::is_odd(number) {
        true => rows.text(&odd::description(number)),
        false => rows.text(&text::description(market, number, life)),
    }
}

/// The title of a listing.
pub fn title(market: &Market, number: u64, life: &Life) -> String {
    match market.adversarial && odd::is_odd(number) {
        true => odd::title(number),
        false => text::title(market, number, &life.ware),
    }
}

fn what(market: &Market, number: u64, life: &Life, rows: &mut Rows) {
    let ware = &life.ware;
    let (category, subcategory) = ware
        .subcategory(market)
        .map_or((0, 0), |s| (s.category_id, s.id));
    rows.i64(category);
    rows.i64(subcategory);
    let mut rng = market.key("number@1").row(number);
    let article = ware.article.as_ref();
    let brand = article
        .and_then(|article| market.catalogue.brands.get(article.brand))
        .filter(|_| rng.permille(940));
    rows.opt(brand, |rows, brand| rows.i64(brand.id));
    rows.text(brand.map_or("", |brand| &brand.name));
    match article.filter(|_| rng.permille(860)) {
        Some(article) => rows.text(&text::spelled(&mut rng, &article.number)),
        None => rows.text(""),
    }
    rows.text(ware.condition);
    rows.i64(life.seller.place);
    rows.jsonb_with(|json| fields::write(market, number, ware, json));
}

fn money(life: &Life, rows: &mut Rows) {
    let price = life.prices.last();
    rows.text(life.ware.currency);
    rows.i64(price.map_or(0, |price| price.minor));
    let wholesale = price.and_then(|price| price.wholesale);
    rows.opt(wholesale.map(|(minor, _)| minor), Rows::i64);
    rows.opt(wholesale.map(|(_, from)| from), Rows::i32);
    rows.i32(match (life.ware.kind, life.status()) {
        // What is put aside whole, and what is gone, has left the stock.
        (_, "reserved" | "sold") => 0,
        (Kind::Car, _) => life.stock.min(1),
        _ => life.stock,
    });
}

fn contact(market: &Market, number: u64, life: &Life, rows: &mut Rows) {
    let mut rng = market.key("contact@1").row(life.seller.person);
    let person = market.person(life.seller.person);
    let names = Names::of(market, life.seller.person, &person);
    // The same person writes the same phone each time, and now and then in another way.
    let mut phone = Phone::of(&mut rng);
    phone.is_plain = market.key("contact.way@1").row(number).permille(220);
    rows.text(&names.first);
    rows.text_with(|text| phone.write(text));
    match names.username.filter(|_| rng.permille(400)) {
        Some(username) => rows.format(format_args!("@{username}")),
        None => rows.text(""),
    }
}

struct Phone {
    digits: u64,
    is_plain: bool,
}

impl Phone {
    /// Russian mobile numbers begin with 900 to 999.
    fn of(rng: &mut Rng) -> Self {
        Self {
            digits: 9_000_000_000 + rng.below(1_000_000_000),
            is_plain: false,
        }
    }

    fn write(&self, text: &mut Vec<u8>) {
        let digits = self.digits;
        let _ = match self.is_plain {
            true => write!(text, "8{digits}"),
            false => write!(
                text,
                "+7 {} {:03}-{:02}-{:02}",
                digits / 10_000_000,
                digits / 10_000 % 1000,
                digits / 100 % 100,
                digits % 100
            ),
        };
    }
}
