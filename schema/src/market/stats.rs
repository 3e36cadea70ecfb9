//! The marketplace in numbers, for those who watch over it.

use chrono::{DateTime, Utc};

use crate::DealState;

row! {
    /// The moderators' queue of one kind of listing.
    pub struct ModerationQueueStats {
        /// The kind.
        pub kind: String,
        /// Items that nobody has claimed.
        pub waiting_count: i32,
        /// Items that somebody looks at.
        pub claimed_count: i32,
        /// How long the oldest open item has been waiting; 0 when none is open.
        pub oldest_seconds: f64,
        /// Decisions of the last 24 hours.
        pub decided_count: i32,
        /// From submission to decision on average; none without decisions.
        pub decided_mean_seconds: Option<f64>,
    }

    /// The deals of one state.
    pub struct DealStats {
        /// The state.
        pub state: DealState,
        /// Deals that wait in it for one of the two, with a time by which they must act.
        pub waiting_count: i64,
        /// Deals that came into it within 24 hours.
        pub reached_count: i64,
    }

    /// Orders of advertising that are not over.
    pub struct PromotionStateCount {
        /// `insertion` or `post`.
        pub kind: String,
        /// What they wait for: requested, unpaid, scheduled, running, paused, held.
        pub state: String,
        /// How many.
        pub order_count: i64,
    }

    /// An order of advertising that is paid and not over.
    pub struct CurrentPromotion {
        /// Its number.
        pub promotion_id: i64,
        /// `insertion` or `post`.
        pub kind: String,
        /// Whose it is: `shop 7` or `person 7`.
        pub advertiser: String,
        /// How often it was shown.
        pub shown: i64,
        /// How often it was followed.
        pub clicked: i64,
        /// How often it is shown at most; none: as often as there is room.
        pub impressions_wanted: Option<i32>,
        /// When it ends.
        pub ends_at: DateTime<Utc>,
    }

    /// What advertising ever came to.
    pub struct PromotionSums {
        /// How often advertisements were shown.
        pub shown: i64,
        /// How often they were followed.
        pub clicked: i64,
    }

    /// Searches of the last hour that found nothing.
    pub struct SearchMissStats {
        /// How many.
        pub miss_count: i64,
        /// How many different texts.
        pub query_count: i64,
    }

    /// How many listings are in a state.
    pub struct ListingStatusCount {
        /// The state.
        pub status: String,
        /// How many.
        pub listing_count: i64,
        /// Whether that is an estimate.
        pub is_estimate: bool,
    }
}

entries! {
    "market";

    /// Deals by state.
    fn deal_stats() -> many<DealStats>;

    /// Listings by status.
    fn listing_status_count() -> many<ListingStatusCount>;

    /// The moderators' queue by kind.
    fn moderation_queue_stats() -> many<ModerationQueueStats>;

    /// The 50 orders of advertising that are paid and not over and were shown most.
    fn promotion_current_list() -> many<CurrentPromotion>;

    /// Orders of advertising that are not over, by kind and state.
    fn promotion_state_count() -> many<PromotionStateCount>;

    /// How often advertisements were ever shown and followed.
    fn promotion_sums() -> one<PromotionSums>;

    /// Searches of the last hour that found nothing.
    fn search_miss_stats() -> one<SearchMissStats>;
}
