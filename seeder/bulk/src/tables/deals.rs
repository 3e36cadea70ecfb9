//! Deals over pieces of a listing, and what their sides say of each other afterwards.

use super::goods::{bits, reservation_bits};
use super::listings::title;
use super::{Per, Table};
use crate::copy::{Rows, id, uuid_v7};
use crate::life::{Life, MOST_DEALS, Reservation};
use crate::market::{LISTINGS, Market};
use crate::rng::Rng;
use crate::sample::log_normal;
use crate::season::{DAY, HOUR, MINUTE, SECOND, moment};

pub const DEALS: Table = Table {
    name: "market_data.deals",
    version: 1,
    columns: &[
        "id",
        "listing_id",
        "buyer_id",
        "seller_user_id",
        "seller_shop_id",
        "title",
        "quantity",
        "currency",
        "unit_price_minor",
        "total_minor",
        "state",
        "reservation_id",
        "reason",
        "due_at",
        "created_at",
        "changed_at",
        "changed_by",
    ],
    per: Per::Listing,
    write: deals,
};

pub const EVENTS: Table = Table {
    name: "market_data.deal_events",
    version: 1,
    columns: &["id", "deal_id", "at", "from_state", "to_state", "actor_id"],
    per: Per::Listing,
    write: events,
};

pub const REVIEWS: Table = Table {
    name: "market_data.reviews",
    version: 1,
    columns: &[
        "id",
        "deal_id",
        "direction",
        "buyer_id",
        "seller_key",
        "author_id",
        "stars",
        "text",
        "created_at",
        "updated_at",
        "answer",
        "answered_at",
        "answered_by",
    ],
    per: Per::Listing,
    write: reviews,
};

/// At every other listing it is the turn of one person: there are half as many people as listings.
pub const PLATFORM_REVIEWS: Table = Table {
    name: "market_data.platform_reviews",
    version: 1,
    columns: &["id", "user_id", "stars", "text", "created_at"],
    per: Per::Listing,
    write: platform_review,
};

/// Stars of the reviews of these listings, added to what is there: each range is added once, with its row in the ledger.
pub const RATINGS: &str = "
    insert into market_data.ratings as r (subject, stars_1, stars_2, stars_3, stars_4, stars_5)
    select k.subject, count(*) filter (where k.stars = 1), count(*) filter (where k.stars = 2),
        count(*) filter (where k.stars = 3), count(*) filter (where k.stars = 4),
        count(*) filter (where k.stars = 5)
    from (
        select w.subject, w.stars from market_data.reviews as w
        where w.id between ($1::bigint - 1) * 16 + 1 and $2::bigint * 16 and w.hidden_at is null
        union all
        select 0, p.stars from market_data.platform_reviews as p
        where p.id between $1 and $2 and p.replaced_at is null) as k
    group by k.subject
    order by k.subject
    on conflict (subject) do update
    set stars_1 = r.stars_1 + excluded.stars_1, stars_2 = r.stars_2 + excluded.stars_2,
        stars_3 = r.stars_3 + excluded.stars_3, stars_4 = r.stars_4 + excluded.stars_4,
        stars_5 = r.stars_5 + excluded.stars_5";

/// Brings entries of search up to date whose sellers got other stars by the reviews that were added to a market: the trigger
/// that would note it rests.
pub const RATED_ANEW: &str = "
    begin;
    set local session_replication_role = origin;
    select market_data.search_entries_store(e.listing_id, e.listing_id)
    from market_data.search_entries as e
    join market_data.listings as l on l.id = e.listing_id
    join market_data.ratings as r on r.subject = coalesce(l.owner_user_id, -l.owner_shop_id)
    where not e.terms
        @@ ('''=r:' || market_data.rating_stars(r.review_count, r.star_sum) || '''')::tsquery;
    commit";

/// Steps of a deal at most.
const MOST_STEPS: u64 = 4;
/// How long a request waits for its answer.
const ANSWER: i64 = 72 * HOUR;
/// How long what was handed over waits for the buyer's word.
const COMPLETE: i64 = 14 * DAY;

/// A step: the state that it led to, when, and who made it.
pub type Step = (&'static str, i64, Option<u64>);

/// A deal with its steps.
pub struct Deal {
    /// Its place among the deals of its listing.
    pub slot: u64,
    /// Its UUID.
    pub id: u128,
    /// Who wants the pieces.
    pub buyer: u64,
    /// How many.
    pub quantity: i32,
    /// What puts them aside.
    reservation: Option<u128>,
    /// Its steps.
    pub steps: Vec<Step>,
}

impl Deal {
    fn begun(&self) -> i64 {
        self.steps.first().map_or(0, |(_, at, _)| *at)
    }

    fn last(&self) -> Step {
        self.steps.last().copied().unwrap_or(("requested", 0, None))
    }

    /// Why it was cancelled, if it was.
    pub fn reason(&self, market: &Market, number: u64) -> Option<&'static str> {
        let words = market.key("deal.words@1");
        let mut rng = words.row(number * MOST_DEALS + self.slot);
        let reason = rng.pick(&REASONS).copied();
        reason.filter(|_| self.last().0 == "cancelled")
    }

    /// When it goes on by itself.
    fn due(&self) -> Option<i64> {
        match self.last() {
            ("requested", at, _) => Some(at + ANSWER),
            ("handed_over", at, _) => Some(at + COMPLETE),
            _ => None,
        }
    }
}

/// Every deal of a listing: one for each reservation, and now and then a request that came to nothing.
pub fn all(market: &Market, number: u64, life: &Life) -> Vec<Deal> {
    let held = (0..).zip(&life.reservations);
    held.map(|(slot, held)| of_reservation(market, number, life, (slot, held)))
        .chain(unanswered(market, number, life))
        .collect()
}

fn of_reservation(
    market: &Market,
    number: u64,
    life: &Life,
    (slot, held): (u64, &Reservation),
) -> Deal {
    let mut rng = market.key("deal@1").row(number * MOST_DEALS + slot);
    // At the price that the pieces still had when they were put aside.
    let there = market.person(held.buyer).created_at + SECOND;
    let published = life.published_at.unwrap_or_default();
    let earliest = life.price_at(held.at).at.max(published).max(there);
    let thought = log_normal(&mut rng, HOUR as f64, 1.1) as i64;
    let asked = held.at - MINUTE - thought.min(60 * HOUR);
    let asked = asked.max(earliest).min(held.at);
    let seller = Some(life.seller.person);
    let mut steps = vec![
        ("requested", asked, Some(held.buyer)),
        ("confirmed", held.at, seller),
    ];
    let end = held.closed.map_or(life.seller.until, |(at, _, _)| at);
    let handed = held.at + (end - held.at) / 10 * 9;
    match held.closed {
        Some((at, "sold", by)) => {
            steps.push(("handed_over", handed, seller));
            steps.push(("completed", at, Some(by)));
        }
        Some((at, _, by)) => steps.push(("cancelled", at, Some(by))),
        None if handed + COMPLETE > market.to && rng.permille(400) => {
            steps.push(("handed_over", handed, seller));
        }
        None => {}
    }
    Deal {
        slot,
        id: uuid_v7(asked, bits(&mut rng)),
        buyer: held.buyer,
        quantity: held.quantity,
        reservation: Some(uuid_v7(held.at, reservation_bits(market, number, slot))),
        steps,
    }
}

/// A request that was refused, not answered, or made just now; of what is still published.
fn unanswered(market: &Market, number: u64, life: &Life) -> Option<Deal> {
    let slot = MOST_DEALS - 1;
    let mut rng = market.key("deal@1").row(number * MOST_DEALS + slot);
    if !rng.permille(30) || life.status() != "published" {
        return None;
    }
    let since = life.renewed_at.or(life.published_at)? + MINUTE;
    let until = life.seller.until.min(life.expires_at?) - MINUTE;
    if since >= until {
        return None;
    }
    let at = moment(&mut rng, since, until, 2.0);
    let buyer = life.buyer(market, &mut rng, number / LISTINGS + 1, at)?;
    let mut steps = vec![("requested", at, Some(buyer))];
    let thought = log_normal(&mut rng, 8.0 * HOUR as f64, 1.0) as i64;
    let answered = at + thought.min(ANSWER - MINUTE);
    if rng.permille(450) && answered < until {
        let is_seller = rng.permille(700);
        let who = if is_seller { life.seller.person } else { buyer };
        steps.push(("cancelled", answered, Some(who)));
    } else if at + ANSWER < market.to {
        steps.push(("expired", at + ANSWER, None));
    }
    Some(Deal {
        slot,
        id: uuid_v7(at, bits(&mut rng)),
        buyer,
        quantity: 1,
        reservation: None,
        steps,
    })
}

const REASONS: [&str; 6] = [
    "Нашёл дешевле",
    "Не подошло по номеру",
    "Передумал",
    "Уже продано другому",
    "Не отвечаете на звонки",
    "Found another one closer to me",
];

fn deals(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    let made = all(market, number, &life);
    if made.is_empty() {
        return;
    }
    let title = title(market, number, &life);
    for deal in made {
        let (state, changed_at, changed_by) = deal.last();
        let piece = life.piece_at(deal.begun(), deal.quantity);
        rows.begin(17);
        rows.raw(&deal.id.to_be_bytes());
        rows.id(number);
        rows.id(deal.buyer);
        let is_person = life.seller.shop.is_none();
        rows.opt(is_person.then_some(life.seller.person), Rows::id);
        rows.opt(life.seller.shop, Rows::id);
        rows.text(&title);
        rows.i32(deal.quantity);
        rows.text(life.ware.currency);
        rows.i64(piece);
        rows.i64(piece * i64::from(deal.quantity));
        rows.text(state);
        rows.opt(deal.reservation, |rows, id| rows.raw(&id.to_be_bytes()));
        rows.opt(deal.reason(market, number), Rows::text);
        rows.opt(deal.due(), Rows::i64);
        rows.i64(deal.begun());
        rows.i64(changed_at);
        rows.opt(changed_by, Rows::id);
        rows.end();
    }
}

fn events(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    for deal in all(market, number, &life) {
        let mut former = None;
        for (place, (state, at, who)) in (0..).zip(&deal.steps) {
            rows.begin(6);
            rows.id(event_number(number, deal.slot, place));
            rows.raw(&deal.id.to_be_bytes());
            rows.i64(*at);
            rows.opt(former, Rows::text);
            rows.text(state);
            rows.opt(*who, Rows::id);
            rows.end();
            former = Some(*state);
        }
    }
}

/// The number of a step of a deal of a listing.
pub const fn event_number(number: u64, slot: u64, place: u64) -> u64 {
    (number * MOST_DEALS + slot) * MOST_STEPS + place
}

const GOOD: [&str; 6] = [
    "Всё как в описании, рекомендую.",
    "Быстро ответил, быстро отправил.",
    "Деталь подошла, спасибо!",
    "Great seller, as described.",
    "Упаковано на совесть.",
    "",
];
const BAD: [&str; 4] = [
    "Ждал неделю, пришло не то.",
    "Состояние хуже, чем на фото.",
    "Не отвечал на сообщения.",
    "Not as described.",
];

fn stars(rng: &mut Rng) -> i32 {
    let usual = [5, 5, 5, 5, 5, 5, 4, 4, 3, 2, 1];
    rng.pick(&usual).copied().unwrap_or(5)
}

fn said(rng: &mut Rng, stars: i32) -> &'static str {
    let words: &[&str] = if stars > 3 { &GOOD } else { &BAD };
    rng.pick(words).copied().unwrap_or("")
}

fn reviews(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    for deal in all(market, number, &life) {
        if let ("completed", at, _) = deal.last() {
            review(market, number, &life, (&deal, at), true, rows);
            review(market, number, &life, (&deal, at), false, rows);
        }
    }
}

fn review(
    market: &Market,
    number: u64,
    life: &Life,
    (deal, completed): (&Deal, i64),
    is_of_seller: bool,
    rows: &mut Rows,
) {
    let row = (number * MOST_DEALS + deal.slot) * 2 + u64::from(!is_of_seller);
    let mut rng = market.key("review@1").row(row);
    let thought = log_normal(&mut rng, 10.0 * HOUR as f64, 1.2) as i64;
    let at = completed + MINUTE + thought.min(60 * DAY);
    let often = if is_of_seller { 480 } else { 220 };
    if !rng.permille(often) || at >= life.seller.until {
        return;
    }
    let stars = stars(&mut rng);
    let answered = at + HOUR + rng.below(3 * DAY as u64).cast_signed();
    let is_answered = is_of_seller && rng.permille(160) && answered < life.seller.until;
    let seller = life.seller.person;
    rows.begin(13);
    rows.id(row);
    rows.raw(&deal.id.to_be_bytes());
    rows.text(if is_of_seller {
        "of_seller"
    } else {
        "of_buyer"
    });
    rows.id(deal.buyer);
    rows.i64(
        life.seller
            .shop
            .map_or_else(|| id(seller), |shop| -id(shop)),
    );
    rows.id(if is_of_seller { deal.buyer } else { seller });
    rows.i32(stars);
    rows.text(said(&mut rng, stars));
    rows.i64(at);
    rows.i64(at);
    rows.opt(is_answered.then_some("Спасибо за отзыв!"), Rows::text);
    rows.opt(is_answered.then_some(answered), Rows::i64);
    rows.opt(is_answered.then_some(seller), Rows::id);
    rows.end();
}

fn platform_review(market: &Market, number: u64, rows: &mut Rows) {
    let mut rng = market.key("platform_review@1").row(number);
    if !number.is_multiple_of(2) || !rng.permille(25) {
        return;
    }
    let person = market.person(number / 2);
    if person.banned.is_some() {
        return;
    }
    let stars = stars(&mut rng);
    rows.begin(5);
    rows.id(number);
    rows.id(number / 2);
    rows.i32(stars);
    rows.text(said(&mut rng, stars));
    rows.i64(moment(&mut rng, person.created_at, market.to, 1.0));
    rows.end();
}
