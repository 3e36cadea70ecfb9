//! The marketplace as an operator watches it.

use std::borrow::Cow;

use super::{Group, group};
use crate::collect::{Query, gauge};

/// Cost: the open items by their index, and those closed within a day.
pub(super) const MODERATION: Group = group(
    "kardan_moderation",
    "The moderators' queue: how many wait, and how long",
    15,
    &["market.moderation_queue_stats"],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select s.kind, s.waiting_count::float8, s.claimed_count::float8, s.oldest_seconds, s.decided_count::float8,
                     s.decided_mean_seconds
                 from market.moderation_queue_stats() as s",
            ))
        },
        &["kind"],
        &[
            gauge(
                "kardan_moderation_waiting",
                "Listings that wait for a moderator and that nobody has claimed.",
            ),
            gauge(
                "kardan_moderation_claimed",
                "Listings that a moderator is looking at.",
            ),
            gauge(
                "kardan_moderation_oldest_seconds",
                "How long the listing that waits longest has been waiting; 0 when none waits.",
            ),
            gauge(
                "kardan_moderation_decided_day",
                "Decisions of the last 24 hours.",
            ),
            gauge(
                "kardan_moderation_decision_mean_seconds",
                "Mean time from submission to decision, over the decisions of the last 24 hours; absent without any.",
            ),
        ],
    )],
);

/// Cost: an hour of the index of searches without an answer.
pub(super) const SEARCH: Group = group(
    "kardan_search",
    "Searches that found nothing",
    60,
    &["market.search_miss_stats"],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select s.miss_count::float8, s.query_count::float8 from market.search_miss_stats() as s",
            ))
        },
        &[],
        &[
            gauge(
                "kardan_search_misses_hour",
                "Searches of the last hour that found nothing.",
            ),
            gauge(
                "kardan_search_missed_queries_hour",
                "Different texts among the searches of the last hour that found nothing.",
            ),
        ],
    )],
);

/// Cost: a count up to 200 000 listings; beyond that a look at the statistics of the last `analyze`.
pub(super) const LISTINGS: Group = group(
    "kardan_listings",
    "Listings by where they are in their life",
    60,
    &["market.listing_status_count"],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select s.status, s.listing_count::float8 from market.listing_status_count() as s",
            ))
        },
        &["status"],
        &[gauge(
            "kardan_listings",
            "Listings in this state; from 200 000 on an estimate from the last ANALYZE.",
        )],
    )],
);

/// Cost: the deals that are due by their index, and a day of the steps.
pub(super) const DEALS: Group = group(
    "kardan_deals",
    "Deals: who is waited for, and what became of them",
    60,
    &["market.deal_stats"],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select s.state, s.waiting_count::float8, s.reached_count::float8 from market.deal_stats() as s",
            ))
        },
        &["state"],
        &[
            gauge(
                "kardan_deals_waiting",
                "Deals that wait in this state for one of the two, with a time by which they must act.",
            ),
            gauge(
                "kardan_deals_reached_day",
                "Deals that came into this state within 24 hours.",
            ),
        ],
    )],
);

/// Cost: the queue, which holds only what is still to be delivered, by its index of lanes.
pub(super) const OUTBOX: Group = group(
    "kardan_outbox",
    "What is still to be delivered, by lane: how much, and how old",
    15,
    &["notify.outbox_stats"],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select s.lane, s.waiting_count::float8, s.leased_count::float8, s.dead_count::float8, s.oldest_seconds
                 from notify.outbox_stats() as s",
            ))
        },
        &["lane"],
        &[
            gauge(
                "kardan_outbox_waiting",
                "Messages of this lane that wait for their turn.",
            ),
            gauge(
                "kardan_outbox_leased",
                "Messages of this lane that somebody is delivering.",
            ),
            gauge(
                "kardan_outbox_dead",
                "Messages of this lane that were given up and are kept for whoever looks.",
            ),
            gauge(
                "kardan_outbox_oldest_seconds",
                "How long the oldest message of this lane has been waiting; 0 when none waits.",
            ),
        ],
    )],
);
