//! Statements that became slower than they were at the same hour a week ago. Cost: two hours of the history.

use std::borrow::Cow;

use super::{Group, group};
use crate::collect::{Query, gauge};

pub(super) const GROUP: Group = group(
    "kardan_regression",
    "Statements that became slower than at the same hour a week ago",
    60,
    &["ops.query_regression_list"],
    &[Query::new(
        |_| {
            Some(Cow::Borrowed(
                "select r.queryid::text, r.ratio, r.mean_seconds, r.mean_seconds_before
                 from ops.query_regression_list(20) as r",
            ))
        },
        &["queryid"],
        &[
            gauge(
                "kardan_query_regression_ratio",
                "Mean time of the statement in the last full hour over that of the same hour a week ago; the twenty that cost most more.",
            ),
            gauge(
                "kardan_query_regression_mean_seconds",
                "Mean time of the statement in the last full hour.",
            ),
            gauge(
                "kardan_query_regression_before_seconds",
                "Mean time of the statement in the same hour a week ago.",
            ),
        ],
    )],
);
