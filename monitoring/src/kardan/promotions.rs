//! Advertising: what runs, and what it came to.

use std::borrow::Cow;

use super::{Group, group};
use crate::collect::{Query, counter, gauge};

/// Cost: the open orders by their indexes, the 50 that were shown most, and the sum of a narrow row for each order.
pub(super) const GROUP: Group = group(
    "kardan_promotions",
    "Orders of advertising: how many in which state, and what each came to",
    60,
    &[
        "market.promotion_state_count",
        "market.promotion_current_list",
        "market.promotion_sums",
    ],
    &[STATES, ORDERS, SUMS],
);

const STATES: Query = Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select s.kind, s.state, s.order_count::float8 from market.promotion_state_count() as s",
        ))
    },
    &["kind", "state"],
    &[gauge(
        "kardan_promotions",
        "Orders of advertising that are not over, by what they wait for.",
    )],
);

const ORDERS: Query = Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select s.promotion_id::text, s.kind, s.advertiser, s.shown::float8, s.clicked::float8,
                 s.impressions_wanted::float8, extract(epoch from s.ends_at)::float8
             from market.promotion_current_list() as s",
        ))
    },
    &["promotion", "kind", "advertiser"],
    &[
        counter(
            "kardan_promotion_impressions_total",
            "How often an order of advertising that is not over was shown.",
        ),
        counter(
            "kardan_promotion_clicks_total",
            "How often an order of advertising that is not over was followed.",
        ),
        gauge(
            "kardan_promotion_impressions_wanted",
            "How often an order is shown at most; absent without a ceiling.",
        ),
        gauge(
            "kardan_promotion_ends_timestamp_seconds",
            "When an order of advertising ends.",
        ),
    ],
);

const SUMS: Query = Query::new(
    |_| {
        Some(Cow::Borrowed(
            "select s.shown::float8, s.clicked::float8 from market.promotion_sums() as s",
        ))
    },
    &[],
    &[
        counter(
            "kardan_promotions_impressions_total",
            "How often advertisements of all orders were shown.",
        ),
        counter(
            "kardan_promotions_clicks_total",
            "How often advertisements of all orders were followed.",
        ),
    ],
);
