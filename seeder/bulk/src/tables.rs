//! Every table that is filled: its columns, what its rows are counted by, and the function that writes them. A domain has a file
//! of its own, and a test compares all of them with the database.

mod chat;
mod deals;
mod goods;
mod habits;
mod history;
mod interest;
mod listings;
mod notices;
mod people;
mod shops;
mod wishes;

pub(crate) use deals::RATED_ANEW;
pub(crate) use wishes::TERMS;

use crate::copy::Rows;
use crate::engine::FRAME;
use crate::market::{LISTINGS, Market, PEOPLE, SHOPS};

/// What the rows of a table are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// People.
    Person,
    /// Shops.
    Shop,
    /// Listings.
    Listing,
}

impl Per {
    /// How many there are in a market of so many listings.
    #[must_use]
    pub const fn count(self, listings: u64) -> u64 {
        let blocks = listings.div_ceil(LISTINGS);
        match self {
            Self::Person => blocks * PEOPLE,
            Self::Shop => blocks * SHOPS,
            Self::Listing => listings,
        }
    }
}

/// A table of rows by arithmetic.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// With its schema; `/` and a word follow where a table is filled from two sides.
    pub name: &'static str,
    /// Grows by one whenever its rows become others.
    pub version: i32,
    /// The columns that are written; the others have defaults or are generated.
    pub columns: &'static [&'static str],
    /// What its rows are counted by.
    pub per: Per,
    /// Writes the rows of one of these.
    pub write: fn(&Market, u64, &mut Rows),
}

impl Table {
    /// The table itself.
    #[must_use]
    pub fn relation(&self) -> &'static str {
        self.name
            .split_once('/')
            .map_or(self.name, |(relation, _)| relation)
    }

    /// Makes every row of a market of so many listings and gives them as they come, a frame at a time, with how many of what they
    /// are counted by are done; gives the number of rows and their sum.
    pub(crate) fn frames<E>(
        &self,
        market: &Market,
        listings: u64,
        mut each: impl FnMut(u64, Vec<u8>) -> Result<(), E>,
    ) -> Result<(u64, u64), E> {
        let count = self.per.count(listings);
        let mut rows = Rows::with_capacity(2 * FRAME);
        for number in 0..count {
            (self.write)(market, number, &mut rows);
            if rows.len() >= FRAME {
                each(number + 1, rows.take())?;
            }
        }
        each(count, rows.take())?;
        Ok(rows.counted())
    }
}

/// A table that the program itself derives from others, range by range.
#[derive(Debug, Clone, Copy)]
pub struct Derived {
    /// With its schema.
    pub name: &'static str,
    /// A statement over the listings from $1 to $2.
    pub statement: &'static str,
}

/// Every table of rows, parents first.
pub const TABLES: &[Table] = &[
    people::USERS,
    people::IDENTITIES,
    people::BANS,
    shops::SHOPS,
    shops::MEMBERS,
    shops::INVITATIONS,
    listings::LISTINGS,
    goods::PHOTOS,
    goods::FITMENTS,
    goods::RESERVATIONS,
    goods::FLAGS,
    goods::ADS,
    deals::DEALS,
    deals::EVENTS,
    deals::REVIEWS,
    deals::PLATFORM_REVIEWS,
    history::EVENTS,
    history::PRICES,
    history::CHECKS,
    history::AUDIT,
    history::AUDIT_OF_BANS,
    habits::GARAGE,
    habits::MUTES,
    habits::OBJECT_MUTES,
    habits::FEEDS,
    interest::CLICKS,
    interest::PEOPLE,
    interest::VIEWS,
    interest::FAVOURITES,
    interest::PUBLISHED_PRICES,
    chat::CHATS,
    chat::MESSAGES,
    wishes::SAVED,
    notices::OUTBOX,
];

/// What everything else refers to, and what numbers are given out for.
pub const PARENTS: [&str; 3] = [
    "people_data.users",
    "market_data.shops",
    "market_data.listings",
];

/// Tables that are derived when the others are there.
pub const DERIVED: &[Derived] = &[
    Derived {
        name: "market_data.ratings",
        statement: deals::RATINGS,
    },
    Derived {
        name: "market_data.search_entries",
        // An entry says how its seller is rated by a trigger, which does not rest here; ratings are there by now.
        statement: "select market_data.search_entries_store($1, $2)
            from set_config('session_replication_role', 'origin', true)",
    },
    Derived {
        name: "market_data.search_words",
        statement: "insert into market_data.search_words (word)
            select distinct w.word
            from market_data.listings as l
            cross join unnest(market_data.title_words(l.title || ' ' || l.brand_label)) as w (word)
            where l.id between $1 and $2 and l.status = 'published'
                and not exists (select from market_data.search_words as k where k.word = w.word)
            order by w.word
            on conflict do nothing",
    },
];

/// Tables in partitions by time, and since when they have rows.
#[must_use]
pub const fn partitioned(market: &Market) -> [(&'static str, i64); 7] {
    [
        ("market_data.listing_events", market.from),
        ("market_data.deal_events", market.from),
        ("market_data.chat_messages", market.from),
        ("ops_data.audit", market.from),
        ("notify_data.outbox", market.to - notices::KEPT),
        ("market_data.contact_clicks", market.to - market.counted),
        ("market_data.listing_views", market.to - market.counted),
    ]
}

/// Tables that stay as they are, and why.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("market_data.chat_copies", "there are no channels"),
    ("market_data.chat_flags", "people are polite here"),
    ("market_data.chat_mutes", "people are polite here"),
    ("market_data.chat_rights", "what an administrator decides"),
    ("market_data.chat_warnings", "people are polite here"),
    (
        "market_data.channels",
        "what an administrator decides, and a load test must not write to anybody",
    ),
    ("market_data.channel_rules", "they belong to channels"),
    ("market_data.channel_posts", "there are no channels"),
    ("market_data.channel_sellers", "a waiting list of a minute"),
    (
        "market_data.contact_notices",
        "what sellers wrote to those who asked for their contacts; rare, and nothing else depends on it",
    ),
    (
        "market_data.price_drops",
        "what favourites are still to be told, and nothing is",
    ),
    (
        "market_data.visitor_salts",
        "secrets of a day that are deleted with it",
    ),
    (
        "market_data.deal_moves",
        "the rules, and they come with the migrations",
    ),
    (
        "market_data.forbidden_words",
        "what an administrator decides, and the start of it comes with the migrations",
    ),
    (
        "market_data.listing_lifetimes",
        "what an administrator decides, and the start of it comes with the migrations",
    ),
    (
        "market_data.listing_moves",
        "the rules, and they come with the migrations",
    ),
    (
        "market_data.moderation_reasons",
        "the rules, and they come with the migrations",
    ),
    ("market_data.photo_sweeps", "a note of the servers"),
    (
        "market_data.price_ranges",
        "the job of the program computes it when everything else is there",
    ),
    (
        "market_data.search_lexemes",
        "the job of the program counts it when everything else is there",
    ),
    (
        "market_data.search_misses",
        "kept for weeks only, and nobody searched yet",
    ),
    ("market_data.search_news", "a waiting list of a minute"),
    ("market_data.rating_news", "a waiting list of a minute"),
    (
        "market_data.moderation_hints",
        "the program makes them for what waits, and nobody moderates yet",
    ),
    ("notify_data.alerts", "what rang on other machines"),
    ("notify_data.events", "kept for a week only"),
    (
        "notify_data.broadcasts",
        "what administrators told many people; a load test must not write to anybody",
    ),
    ("notify_data.holds", "what Telegram said a moment ago"),
    (
        "notify_data.leases",
        "what senders took a moment ago, kept for a day",
    ),
    (
        "notify_data.kinds",
        "the rules, and they come with the migrations",
    ),
    (
        "notify_data.queue",
        "what waits for a sender; a load test must not write to anybody",
    ),
    (
        "market_data.search_alerts",
        "what they have found has been told",
    ),
    (
        "notify_data.topics",
        "the rules, and they come with the migrations",
    ),
    ("notify_data.dialogs", "people who are made up do not talk"),
    ("people_data.exports", "nobody has asked for anything yet"),
    ("people_data.sign_ins", "kept for two days only"),
    ("people_data.tickets", "good for half a minute"),
    ("people_data.sign_in_links", "good for five minutes"),
    ("market_data.listing_days", "rolled up by a job"),
    ("market_data.listing_hours", "rolled up by a job"),
    ("market_data.seller_days", "rolled up by a job"),
    ("market_data.turnover_days", "rolled up by a job"),
    ("market_data.figures_state", "how far that job has come"),
    (
        "notify_data.webhooks",
        "addresses of nobody would be called",
    ),
    ("notify_data.webhook_deliveries", "as with the addresses"),
    ("notify_data.webhook_reading", "how far the log is read"),
    ("notify_data.event_lines", "the server's own"),
    (
        "market_data.promotion_moves",
        "rules, which come with the migrations",
    ),
    (
        "market_data.promotions",
        "orders are rare, and money is not made up",
    ),
    ("market_data.star_payments", "as with the orders"),
    ("market_data.promotion_marks", "as with the orders"),
    ("market_data.promotion_totals", "as with the orders"),
    (
        "market_data.price_list_rows",
        "there are rows only while a price list is being taken over",
    ),
    (
        "market_data.shop_tokens",
        "as with those of people: a token that anybody can compute is a door",
    ),
    (
        "people_data.tokens",
        "a token that anybody can compute is a door; `kardan token create` makes one",
    ),
];
