//! Moderation: the queue, claims, decisions, edits, the advertising slot, and how long listings wait.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    BrandId, CategoryId, Condition, Decision, GenerationId, Kind, ListingId, ModerationItemId,
    PlaceId, ShopId, Status, UserId,
};

row! {
    /// An open item of the queue.
    pub struct QueuedItem {
        /// The item.
        pub item_id: ModerationItemId,
        /// What is to be checked.
        pub listing_id: ListingId,
        /// What is for sale.
        pub kind: Kind,
        /// The listing's title.
        pub title: String,
        /// Since when it waits.
        pub submitted_at: DateTime<Utc>,
        /// How long it has waited, in seconds.
        pub waiting_seconds: i32,
        /// Who holds it; null while nobody does.
        pub claimed_by: Option<UserId>,
        /// When the claim runs out; null while nobody holds it.
        pub claimed_until: Option<DateTime<Utc>>,
    }
    /// What became of a claim that was given back.
    pub struct ReleasedItem {
        /// The item.
        pub item_id: ModerationItemId,
        /// False when the moderator did not hold it.
        pub released: bool,
    }
    /// The listing after a decision.
    pub struct Decided {
        /// The item.
        pub item_id: ModerationItemId,
        /// The listing.
        pub listing_id: ListingId,
        /// Where the listing is now.
        pub status: Status,
        /// The listing's version now.
        pub version: i32,
    }
    /// The listing after a moderator's edit.
    pub struct Edited {
        /// The item.
        pub item_id: ModerationItemId,
        /// The listing.
        pub listing_id: ListingId,
        /// The listing's version now.
        pub version: i32,
        /// All changes of this check: `{field: {"from": …, "to": …}}`.
        pub edits: Value,
    }
    /// Everything that a moderator decides by.
    pub struct ModerationCard {
        /// The item.
        pub item_id: ModerationItemId,
        /// The listing.
        pub listing_id: ListingId,
        /// The listing's version, to be sent with the decision.
        pub version: i32,
        /// Where the listing is in its life.
        pub status: Status,
        /// What is for sale.
        pub kind: Kind,
        /// Since when it waits.
        pub submitted_at: DateTime<Utc>,
        /// Who submitted it.
        pub submitted_by: UserId,
        /// Who holds the item; null while nobody does.
        pub claimed_by: Option<UserId>,
        /// When the claim runs out.
        pub claimed_until: Option<DateTime<Utc>>,
        /// When the item was closed; null while it is open.
        pub closed_at: Option<DateTime<Utc>>,
        /// How it ended.
        pub decision: Option<Decision>,
        /// Who decided.
        pub decided_by: Option<UserId>,
        /// The code of the reason, when it was rejected.
        pub reason: Option<String>,
        /// The moderator's words to the author.
        pub note: Option<String>,
        /// What the moderator changed: `{field: {"from": …, "to": …}}`.
        pub edits: Value,
        /// The title.
        pub title: String,
        /// The description.
        pub description: String,
        /// The category.
        pub category_id: CategoryId,
        /// The subcategory.
        pub subcategory_id: CategoryId,
        /// The brand, when it is one of the catalogue.
        pub brand_id: Option<BrandId>,
        /// The brand as the seller wrote it.
        pub brand_label: String,
        /// The part number as the seller wrote it.
        pub part_number: String,
        /// New, used or rebuilt.
        pub condition: Condition,
        /// Where it is sold.
        pub place_id: PlaceId,
        /// The extra fields.
        pub attributes: Value,
        /// ISO 4217 code.
        pub currency: String,
        /// Price of a piece in hundredths of the currency.
        pub price_minor: i64,
        /// Price of a piece from the wholesale quantity on.
        pub wholesale_price_minor: Option<i64>,
        /// Pieces from which the wholesale price holds.
        pub wholesale_min_quantity: Option<i32>,
        /// Pieces that can still be sold.
        pub stock_quantity: i32,
        /// Whom to ask for.
        pub contact_name: String,
        /// The seller's telephone.
        pub contact_phone: String,
        /// The seller's Telegram name.
        pub contact_telegram: String,
        /// When the listing was made.
        pub created_at: DateTime<Utc>,
        /// When it was published first.
        pub published_at: Option<DateTime<Utc>>,
        /// Why it was sent back the last time.
        pub former_rejection_reason: Option<String>,
        /// The words that came with it.
        pub former_rejection_note: Option<String>,
        /// Storage keys of the photos in their order.
        pub photo_keys: Vec<String>,
        /// The vehicles that it fits, as people read them.
        pub fitments: Vec<String>,
        /// The seller, when that is a person.
        pub seller_user_id: Option<UserId>,
        /// The seller, when that is a shop.
        pub seller_shop_id: Option<ShopId>,
        /// The seller's name.
        pub seller_name: String,
        /// Whether the seller is a person who is blocked now.
        pub seller_is_blocked: bool,
        /// Listings that the seller ever made.
        pub seller_listing_count: i64,
        /// Those of them that were ever published.
        pub seller_published_count: i64,
        /// How often listings of the seller were rejected.
        pub seller_rejection_count: i64,
    }
    /// A price beside what such things cost.
    pub struct UsualPrice {
        /// ISO 4217 code.
        pub currency: String,
        /// Price of a piece in hundredths of the currency.
        pub price_minor: i64,
        /// A quarter of such things costs less.
        pub usual_low_minor: i64,
        /// A quarter of them costs more.
        pub usual_high_minor: i64,
        /// How many of them are for sale.
        pub listing_count: i32,
        /// Whether all of them are of its brand.
        pub same_brand: bool,
    }
    /// A vehicle that a listing fits.
    pub struct AddedFitment {
        /// Its number.
        pub fitment_id: i64,
        /// The listing.
        pub listing_id: ListingId,
        /// The generation of the vehicle.
        pub generation_id: GenerationId,
        /// First year; null: from the generation's first.
        pub year_from: Option<i32>,
        /// Last year; null: until the generation's last.
        pub year_to: Option<i32>,
        /// What else is to be known.
        pub note: String,
    }
    /// The advertisement in a listing's slot.
    pub struct ListingAd {
        /// The listing.
        pub listing_id: ListingId,
        /// What it says.
        pub text: String,
        /// Where it leads.
        pub url: String,
        /// From when it shows.
        pub begins_at: DateTime<Utc>,
        /// Until when it shows.
        pub ends_at: DateTime<Utc>,
        /// The moderator who placed it.
        pub placed_by: UserId,
        /// When it was placed.
        pub created_at: DateTime<Utc>,
    }
    /// An emptied slot.
    pub struct RemovedAd {
        /// The listing.
        pub listing_id: ListingId,
        /// False when the slot was empty before.
        pub removed: bool,
    }
    /// A ready reason for a rejection.
    pub struct ModerationReason {
        /// Its code.
        pub code: String,
        /// As the author reads it in Russian.
        pub title_ru: String,
        /// As the author reads it in English.
        pub title_en: String,
    }
    /// How long listings wait for a decision.
    pub struct ModerationStats {
        /// Items that wait now.
        pub open_count: i64,
        /// How long the oldest of them has waited, in seconds; null when none waits.
        pub oldest_waiting_seconds: Option<i32>,
        /// Decisions in the period.
        pub decided_count: i64,
        /// Approvals among them.
        pub approved_count: i64,
        /// Rejections among them.
        pub rejected_count: i64,
        /// Half of the decisions came within so many seconds; null without decisions.
        pub median_seconds: Option<f64>,
        /// 95 of 100 decisions came within so many seconds; null without decisions.
        pub p95_seconds: Option<f64>,
    }
}

entries! {
    "market";

    /// What waits for a decision, the longest waiting first.
    fn moderation_queue[ModerationQueue](
        /// The acting moderator.
        actor: UserId,
        /// Only this kind; none: all.
        kind: Option<Kind>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last item of the page before.
        after: Option<ModerationItemId>,
    ) -> many<QueuedItem>;

    /// Takes up to this many open items (1 to 100; none: 20), those held already first.
    fn moderation_claim(actor: UserId, limit: Option<i32>) -> many<QueuedItem>;

    /// Gives a claimed item back to the queue.
    fn moderation_release(actor: UserId, item: ModerationItemId) -> one<ReleasedItem>;

    /// Everything that a moderator decides by.
    fn moderation_card(actor: UserId, item: ModerationItemId) -> one<ModerationCard>;

    /// What things like the listing of an item cost; none when too few are for sale.
    fn moderation_price_get(actor: UserId, item: ModerationItemId) -> opt<UsualPrice>;

    /// Publishes a claimed listing in the version that was read.
    fn moderation_approve(actor: UserId, item: ModerationItemId, version: Option<i32>) -> one<Decided>;

    /// Sends a claimed listing back to its author.
    fn moderation_reject[ModerationReject](
        /// The acting moderator.
        actor: UserId,
        /// The claimed item.
        item: ModerationItemId,
        /// The code of a ready reason.
        reason: String,
        /// The moderator's words to the author.
        note: Option<String>,
        /// The listing's version that was read; none: not looked at.
        version: Option<i32>,
    ) -> one<Decided>;

    /// Edits a claimed listing; the author sees what changed. `None` leaves a field as it is.
    fn moderation_edit[ModerationEdit](
        /// The acting moderator.
        actor: UserId,
        /// The claimed item.
        item: ModerationItemId,
        /// The listing's version that was read; none: not looked at.
        version: Option<i32>,
        /// The title.
        title: Option<String>,
        /// The description.
        description: Option<String>,
        /// The category.
        category: Option<CategoryId>,
        /// The subcategory.
        subcategory: Option<CategoryId>,
        /// The brand; 0 clears it.
        brand: Option<BrandId>,
        /// The part number.
        part_number: Option<String>,
        /// New, used or rebuilt.
        condition: Option<Condition>,
        /// All extra fields.
        attributes: Option<Value>,
    ) -> one<Edited>;

    /// Adds a vehicle that a claimed listing fits.
    fn moderation_fitment_add[ModerationFitmentAdd](
        /// The acting moderator.
        actor: UserId,
        /// The claimed item.
        item: ModerationItemId,
        /// The generation of the vehicle.
        generation: GenerationId,
        /// First year; none: from the generation's first.
        year_from: Option<i32>,
        /// Last year; none: until the generation's last.
        year_to: Option<i32>,
        /// What else is to be known.
        note: Option<String>,
    ) -> one<AddedFitment>;

    /// Puts an advertisement into a listing's slot, in the place of what was there.
    fn moderation_ad_place[ModerationAdPlace](
        /// The acting moderator.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// What it says.
        text: String,
        /// Where it leads: an address with `https://`.
        url: String,
        /// From when it shows.
        begins_at: DateTime<Utc>,
        /// Until when it shows.
        ends_at: DateTime<Utc>,
    ) -> one<ListingAd>;

    /// Empties a listing's slot.
    fn moderation_ad_remove(actor: UserId, listing: ListingId) -> one<RemovedAd>;

    /// Ready reasons for a rejection, in their order.
    fn moderation_reason_list() -> many<ModerationReason>;

    /// The queue now, and the decisions from `from` until before `to`, at most 366 days.
    fn moderation_stats(actor: UserId, from: DateTime<Utc>, to: DateTime<Utc>) -> one<ModerationStats>;
}
