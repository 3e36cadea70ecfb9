//! How long a listing stands and where in time it stands: its end, renewal, bumps, and the lifetimes of categories.

use chrono::{DateTime, Utc};

use crate::{CategoryId, ListingId, Status, UserId};

row! {
    /// A listing that was renewed.
    pub struct ListingRenewed {
        /// Its number.
        pub listing_id: ListingId,
        /// Where it is now.
        pub status: Status,
        /// The version to name in the next change.
        pub version: i32,
        /// Until when it stands.
        pub expires_at: DateTime<Utc>,
    }
    /// A listing that was put first again.
    pub struct ListingBumped {
        /// Its number.
        pub listing_id: ListingId,
        /// The version to name in the next change.
        pub version: i32,
        /// Its place in the order of time.
        pub published_at: DateTime<Utc>,
        /// When the next bump is possible.
        pub next_bump_at: DateTime<Utc>,
        /// Bumps that are left on this day in UTC.
        pub bumps_left: i32,
    }
    /// When a listing expires, may be renewed and bumped.
    pub struct ListingSchedule {
        /// Its number.
        pub listing_id: ListingId,
        /// Where it is in its life.
        pub status: Status,
        /// The version to name in the next change.
        pub version: i32,
        /// Until when it stands; null when it does not expire.
        pub expires_at: Option<DateTime<Utc>>,
        /// From when on it may be renewed.
        pub renew_from: Option<DateTime<Utc>>,
        /// Until before when it may be renewed.
        pub renew_until: Option<DateTime<Utc>>,
        /// When it was published first; null before.
        pub first_published_at: Option<DateTime<Utc>>,
        /// When it was bumped last; null before the first bump.
        pub bumped_at: Option<DateTime<Utc>>,
        /// When the next bump is possible; null unless it is published.
        pub next_bump_at: Option<DateTime<Utc>>,
        /// Bumps that are left on this day in UTC; null unless it is published.
        pub bumps_left: Option<i32>,
    }
    /// After how many days listings of a category expire.
    pub struct ListingLifetime {
        /// The category or subcategory.
        pub category_id: CategoryId,
        /// Days.
        pub days: i32,
    }
    /// A category's lifetime after a change.
    pub struct ListingLifetimeState {
        /// The category or subcategory.
        pub category_id: CategoryId,
        /// Days; null: as the category above it or the setting says.
        pub days: Option<i32>,
    }
}

entries! {
    "market";

    /// Prolongs a listing shortly before its end, or brings it back shortly after.
    fn listing_renew(actor: UserId, listing: ListingId, version: Option<i32>) -> one<ListingRenewed>;

    /// Puts a published listing first again.
    fn listing_bump(actor: UserId, listing: ListingId, version: Option<i32>) -> one<ListingBumped>;

    /// Archives what expired.
    fn listings_expire() -> none;

    /// Tells sellers which of their listings end on the third day from now.
    fn listings_expiring_tell() -> none;

    /// When a listing expires, may be renewed and bumped: for its people and moderators.
    fn listing_schedule_get(actor: UserId, listing: ListingId) -> opt<ListingSchedule>;

    /// Lifetimes that differ from the setting.
    fn listing_lifetime_list(actor: UserId) -> many<ListingLifetime>;

    /// Says after how many days listings of a category expire; none takes its own number away.
    fn listing_lifetime_set(actor: UserId, category: CategoryId, days: Option<i32>) -> one<ListingLifetimeState>;
}
