//! What is remembered of listings: their steps, their prices, their checks, and who decided.

use std::io::Write as _;

use super::listings::reason;
use super::{Per, Table};
use crate::copy::{Rows, id, json_text};
use crate::life::{Check, Life, MOST_CHECKS, MOST_PRICES, MOST_STEPS};
use crate::market::Market;

pub const EVENTS: Table = Table {
    name: "market_data.listing_events",
    version: 1,
    columns: &[
        "id",
        "listing_id",
        "at",
        "event",
        "from_status",
        "to_status",
        "actor_id",
        "details",
    ],
    per: Per::Listing,
    write: events,
};

pub const PRICES: Table = Table {
    name: "market_data.listing_prices",
    version: 1,
    columns: &[
        "id",
        "listing_id",
        "at",
        "currency",
        "price_minor",
        "wholesale_price_minor",
        "wholesale_min_quantity",
        "changed_by",
    ],
    per: Per::Listing,
    write: prices,
};

pub const CHECKS: Table = Table {
    name: "market_data.moderation_items",
    version: 1,
    columns: &[
        "id",
        "listing_id",
        "kind",
        "submitted_at",
        "submitted_by",
        "closed_at",
        "decision",
        "decided_by",
        "reason",
    ],
    per: Per::Listing,
    write: checks,
};

pub const AUDIT: Table = Table {
    name: "ops_data.audit",
    version: 1,
    columns: AUDIT_COLUMNS,
    per: Per::Listing,
    write: decisions,
};

/// The other half of the same table, counted by people.
pub const AUDIT_OF_BANS: Table = Table {
    name: "ops_data.audit/bans",
    version: 1,
    columns: AUDIT_COLUMNS,
    per: Per::Person,
    write: bans,
};

const AUDIT_COLUMNS: &[&str] = &[
    "id",
    "at",
    "actor_id",
    "action",
    "object_type",
    "object_id",
    "details",
];

fn events(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    let mut refusals = refusals(&life);
    for (place, step) in life.steps.iter().enumerate() {
        rows.begin(8);
        rows.id(number * MOST_STEPS + place as u64);
        rows.id(number);
        rows.i64(step.at);
        rows.text(step.event);
        rows.opt(step.from, Rows::text);
        rows.text(step.to);
        rows.opt(step.actor, Rows::id);
        let refused = (step.event == "rejected")
            .then(|| refusals.next())
            .flatten();
        rows.jsonb_with(|json| match refused {
            Some(check) => {
                json.extend_from_slice(b"{\"reason\":");
                json_text(json, reason(market, check.reason));
                json.push(b'}');
            }
            None => json.extend_from_slice(b"{}"),
        });
        rows.end();
    }
}

fn refusals(life: &Life) -> impl Iterator<Item = &Check> {
    life.checks.iter().filter(|check| check.is("rejected"))
}

fn prices(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    for (place, price) in life.prices.iter().enumerate() {
        rows.begin(8);
        rows.id(number * MOST_PRICES + place as u64);
        rows.id(number);
        rows.i64(price.at);
        rows.text(life.ware.currency);
        rows.i64(price.minor);
        rows.opt(price.wholesale.map(|(minor, _)| minor), Rows::i64);
        rows.opt(price.wholesale.map(|(_, from)| from), Rows::i32);
        rows.id(life.seller.person);
        rows.end();
    }
}

const fn check_number(listing: u64, place: u64) -> u64 {
    listing * MOST_CHECKS + place
}

fn checks(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    for (place, check) in (0..).zip(&life.checks) {
        rows.begin(9);
        rows.id(check_number(number, place));
        rows.id(number);
        rows.text(life.ware.kind.name());
        rows.i64(check.submitted_at);
        rows.id(life.seller.person);
        rows.opt(check.closed.map(|(at, _, _)| at), Rows::i64);
        rows.opt(check.closed.map(|(_, how, _)| how), Rows::text);
        rows.opt(check.closed.and_then(|(_, _, by)| by), Rows::id);
        let refused = check.is("rejected").then(|| reason(market, check.reason));
        rows.opt(refused, Rows::text);
        rows.end();
    }
}

/// Approvals and rejections have odd numbers in the audit, blocks have even ones.
fn decisions(market: &Market, number: u64, rows: &mut Rows) {
    let life = Life::of(market, number);
    for (place, check) in (0..).zip(&life.checks) {
        let Some((at, how, Some(by))) = check.closed else {
            continue;
        };
        let item = check_number(number, place);
        rows.begin(7);
        rows.id(item * 2);
        rows.i64(at);
        rows.id(by);
        rows.text(if how == "approved" {
            "moderation.approve"
        } else {
            "moderation.reject"
        });
        rows.text("listing");
        rows.format(format_args!("{}", id(number)));
        rows.jsonb_with(|json| {
            let _ = write!(json, "{{\"item_id\":{}", id(item));
            if how != "approved" {
                json.extend_from_slice(b",\"reason\":");
                json_text(json, reason(market, check.reason));
            }
            json.push(b'}');
        });
        rows.end();
    }
}

fn bans(market: &Market, number: u64, rows: &mut Rows) {
    let Some((at, _)) = market.person(number).banned else {
        return;
    };
    rows.begin(7);
    rows.id(number * 2 + 1);
    rows.i64(at);
    rows.id(0);
    rows.text("user.block");
    rows.text("user");
    rows.format(format_args!("{}", id(number)));
    rows.jsonb_with(|json| json.extend_from_slice(b"{}"));
    rows.end();
}
