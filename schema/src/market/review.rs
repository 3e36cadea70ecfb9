//! Reviews: what the two sides of a completed deal say of each other, ratings, and reviews of the platform.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{ReviewDirection, ShopId, UserId};

row! {
    /// A review as its two sides and moderators see it.
    pub struct Review {
        /// Its number.
        pub review_id: i64,
        /// The deal.
        pub deal_id: Uuid,
        /// Whom it is about.
        pub direction: ReviewDirection,
        /// Whom it is about, when that is a person.
        pub subject_user_id: Option<UserId>,
        /// Whom it is about, when that is a shop.
        pub subject_shop_id: Option<ShopId>,
        /// Who wrote it.
        pub author_id: UserId,
        /// The name of who wrote it: a person's, or the shop's.
        pub author_name: String,
        /// 1 to 5.
        pub stars: i32,
        /// What they wrote; may be empty.
        pub text: String,
        /// When it was written.
        pub created_at: DateTime<Utc>,
        /// When it was changed last.
        pub updated_at: DateTime<Utc>,
        /// What the reviewed side said to it.
        pub answer: Option<String>,
        /// When they said it.
        pub answered_at: Option<DateTime<Utc>>,
        /// When a moderator hid it; null: it is shown and counted.
        pub hidden_at: Option<DateTime<Utc>>,
        /// Why.
        pub hidden_reason: Option<String>,
    }
    /// A review as anybody sees it.
    pub struct PublicReview {
        /// Its number.
        pub review_id: i64,
        /// Whom it is about: them as seller or as buyer.
        pub direction: ReviewDirection,
        /// The name of who wrote it.
        pub author_name: String,
        /// 1 to 5.
        pub stars: i32,
        /// What they wrote; may be empty.
        pub text: String,
        /// When it was written.
        pub created_at: DateTime<Utc>,
        /// When it was changed last.
        pub updated_at: DateTime<Utc>,
        /// What the reviewed side said to it.
        pub answer: Option<String>,
        /// When they said it.
        pub answered_at: Option<DateTime<Utc>>,
    }
    /// What reviews add up to.
    pub struct Rating {
        /// How many there are.
        pub review_count: i64,
        /// Their mean to two digits; null without any.
        pub average: Option<f64>,
        /// How many have one star.
        pub stars_1: i64,
        /// How many have two.
        pub stars_2: i64,
        /// How many have three.
        pub stars_3: i64,
        /// How many have four.
        pub stars_4: i64,
        /// How many have five.
        pub stars_5: i64,
    }
    /// That the buyer was asked for a review.
    pub struct ReviewAsked {
        /// The deal.
        pub deal_id: Uuid,
        /// When: once.
        pub review_asked_at: DateTime<Utc>,
    }
    /// What somebody says of the platform.
    pub struct PlatformReview {
        /// 1 to 5.
        pub stars: i32,
        /// What they wrote; may be empty.
        pub text: String,
        /// When.
        pub created_at: DateTime<Utc>,
    }
    /// A review of the platform as administrators see it.
    pub struct PlatformReviewLine {
        /// Its number.
        pub review_id: i64,
        /// Who wrote it.
        pub user_id: UserId,
        /// Their name.
        pub user_name: String,
        /// 1 to 5.
        pub stars: i32,
        /// What they wrote; may be empty.
        pub text: String,
        /// When.
        pub created_at: DateTime<Utc>,
    }
}

entries! {
    "market";

    /// Asks the buyer of a completed deal for a review, once; by the seller.
    fn deal_review_ask(actor: UserId, deal: Uuid) -> one<ReviewAsked>;

    /// Says what the other side of a completed deal was like; written again, it is changed.
    fn review_write[ReviewWrite](
        /// The acting person.
        actor: UserId,
        /// The deal.
        deal: Uuid,
        /// 1 to 5.
        stars: i32,
        /// At most 2000 characters.
        text: String,
    ) -> one<Review>;

    /// Answers a review, once; by the reviewed side.
    fn review_answer(actor: UserId, review: i64, text: String) -> one<Review>;

    /// The reviews of a deal, for its two sides.
    fn review_list_of_deal(actor: UserId, deal: Uuid) -> many<Review>;

    /// What others say of a person, or of a shop, the newest first.
    fn review_list[ReviewList](
        /// The person; none: a shop.
        user: Option<UserId>,
        /// The shop.
        shop: Option<ShopId>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last review of the page before.
        after: Option<i64>,
    ) -> many<PublicReview>;

    /// How a person, or a shop, is rated.
    fn rating_get(user: Option<UserId>, shop: Option<ShopId>) -> one<Rating>;

    /// A job: fails when a rating is not what its reviews add up to.
    fn ratings_check() -> none;

    /// A job: brings the stars of sellers into the entries of search.
    fn search_ratings_follow() -> none;

    /// Hides a review: it is neither shown nor counted.
    fn moderation_review_hide(actor: UserId, review: i64, reason: String) -> one<Review>;

    /// Shows a hidden review again.
    fn moderation_review_unhide(actor: UserId, review: i64) -> one<Review>;

    /// Reviews for moderators, the newest first.
    fn moderation_review_list[ModerationReviewList](
        /// The acting moderator.
        actor: UserId,
        /// Only what is hidden.
        hidden: Option<bool>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last review of the page before.
        after: Option<i64>,
    ) -> many<Review>;

    /// Says what the platform is like; takes the place of what the person said before.
    fn platform_review_set(actor: UserId, stars: i32, text: String) -> one<PlatformReview>;

    /// What the acting person says of the platform.
    fn platform_review_get(actor: UserId) -> opt<PlatformReview>;

    /// How people rate the platform.
    fn platform_rating_get() -> one<Rating>;

    /// What people say of the platform, the newest first; for administrators.
    fn platform_review_list[PlatformReviewList](
        /// The acting administrator.
        actor: UserId,
        /// Only those with so many stars; none: all.
        stars: Option<i32>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last review of the page before.
        after: Option<i64>,
    ) -> many<PlatformReviewLine>;
}
