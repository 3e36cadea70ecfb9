//! What was told to people of their deals within the last weeks: their feed, and the history of the outbox. Nothing of it waits.

use std::io::Write as _;

use super::deals::{Deal, all, event_number};
use super::habits::muted_topic;
use super::listings::title;
use super::people::gone_since;
use super::{Per, Table};
use crate::copy::{Rows, id, json_text};
use crate::life::Life;
use crate::market::Market;
use crate::season::{DAY, SECOND};

pub const OUTBOX: Table = Table {
    name: "notify_data.outbox",
    version: 1,
    columns: &[
        "id",
        "event_at",
        "user_id",
        "lane",
        "kind",
        "dedup_key",
        "data",
        "created_at",
        "outcome",
        "done_at",
        "read_at",
    ],
    per: Per::Listing,
    write: outbox,
};

/// The history is kept for 90 days, and weeks that would be dropped tomorrow are not worth making.
pub const KEPT: i64 = 60 * DAY;
/// People of one event at most: the buyer, or all of a shop.
const MOST_PEOPLE: u64 = 8;

fn outbox(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    if life.changed().0 < market.to - KEPT {
        return;
    }
    let deals = all(market, number, &life);
    if deals.is_empty() {
        return;
    }
    let title = title(market, number, &life);
    for deal in &deals {
        for (place, step) in (0..).zip(&deal.steps) {
            if step.1 > market.to - KEPT {
                let notice = Notice {
                    number,
                    life: &life,
                    title: &title,
                    deal,
                    place,
                };
                notice.tell(market, rows);
            }
        }
    }
}

struct Notice<'a> {
    number: u64,
    life: &'a Life,
    title: &'a str,
    deal: &'a Deal,
    place: u64,
}

impl Notice<'_> {
    /// Whoever did not do it themselves: the buyer, or the people of the seller, or both when time did it.
    fn tell(&self, market: &Market, rows: &mut Rows) {
        let Some((_, at, actor)) = self.deal.steps.get(self.place as usize).copied() else {
            return;
        };
        let buyer = self.deal.buyer;
        let mut people = Vec::new();
        if actor != Some(buyer) {
            people.push(buyer);
        }
        if actor.is_none() || actor == Some(buyer) {
            match self.life.seller.shop {
                Some(shop) => people.extend(
                    market
                        .shop(shop)
                        .members
                        .iter()
                        .filter(|m| m.joined_at < at)
                        .map(|m| m.person),
                ),
                None => people.push(self.life.seller.person),
            }
        }
        for (turn, person) in (0..MOST_PEOPLE).zip(people) {
            if muted_topic(market, person) != Some("deals") {
                self.row(market, rows, (turn, person), at);
            }
        }
    }

    fn row(&self, market: &Market, rows: &mut Rows, (turn, person): (u64, u64), at: i64) {
        let state = self
            .deal
            .steps
            .get(self.place as usize)
            .map_or("", |step| step.0);
        let event = event_number(self.number, self.deal.slot, self.place);
        let is_gone = gone_since(market, person).is_some_and(|since| since < at);
        let is_read = !is_gone && at < market.to - 2 * DAY && !event.is_multiple_of(3);
        let done_at = at + SECOND * (1 + (event % 4).cast_signed());
        rows.begin(11);
        rows.id(event * MOST_PEOPLE + turn);
        rows.i64(at);
        rows.id(person);
        rows.text("notice");
        rows.format(format_args!("deal.{state}"));
        let uuid = Uuid(self.deal.id);
        rows.format(format_args!("deal.{state}:{uuid}"));
        rows.jsonb_with(|json| self.data(market, state, person, json));
        rows.i64(at);
        rows.text(if is_gone { "unreachable" } else { "sent" });
        rows.i64(done_at.min(market.to));
        rows.opt(is_read.then_some(at + DAY), Rows::i64);
        rows.end();
    }

    fn data(&self, market: &Market, state: &str, person: u64, json: &mut Vec<u8>) {
        let life = self.life;
        let begun = self.deal.steps.first().map_or(0, |step| step.1);
        let total = life.piece_at(begun, self.deal.quantity) * i64::from(self.deal.quantity);
        let of_shop = life.seller.shop.map(id);
        let other = match person == self.deal.buyer {
            true => of_shop.is_none().then_some(id(life.seller.person)),
            false => Some(id(self.deal.buyer)),
        };
        let null =
            |number: Option<i64>| number.map_or_else(|| "null".to_owned(), |n| n.to_string());
        let uuid = Uuid(self.deal.id);
        let _ = write!(
            json,
            "{{\"deal_id\":\"{uuid}\",\"listing_id\":{}",
            id(self.number)
        );
        let _ = write!(
            json,
            ",\"shop_id\":{},\"user_id\":{}",
            null(of_shop),
            null(other)
        );
        json.extend_from_slice(b",\"title\":");
        json_text(json, self.title);
        let (quantity, currency) = (self.deal.quantity, life.ware.currency);
        let _ = write!(json, ",\"quantity\":{quantity},\"currency\":\"{currency}\"");
        let reason = self
            .deal
            .reason(market, self.number)
            .filter(|_| state == "cancelled");
        let _ = write!(
            json,
            ",\"total_minor\":{total},\"state\":\"{state}\",\"reason\":"
        );
        match reason {
            Some(reason) => json_text(json, reason),
            None => json.extend_from_slice(b"null"),
        }
        json.push(b'}');
    }
}

/// As PostgreSQL writes a UUID.
struct Uuid(u128);

impl std::fmt::Display for Uuid {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let id = self.0;
        let (a, b, c, d) = (
            id >> 96,
            id >> 80 & 0xffff,
            id >> 64 & 0xffff,
            id >> 48 & 0xffff,
        );
        write!(
            out,
            "{a:08x}-{b:04x}-{c:04x}-{d:04x}-{:012x}",
            id & 0xffff_ffff_ffff
        )
    }
}
