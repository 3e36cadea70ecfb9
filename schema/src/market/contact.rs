//! Who looks at listings and their sellers' contacts, and what sellers write to them.

use chrono::{DateTime, Utc};

use crate::{ContactSource, ListingId, UserId};

row! {
    /// How to reach a seller.
    pub struct ListingContacts {
        /// The listing.
        pub listing_id: ListingId,
        /// Whom to ask for; may be empty.
        pub contact_name: String,
        /// A phone; may be empty.
        pub contact_phone: String,
        /// A Telegram name; may be empty.
        pub contact_telegram: String,
        /// Whether this counts as a click: neither by the listing's own people nor once more within the hour.
        pub is_counted: bool,
    }

    /// How many views of a batch are new.
    pub struct ViewsRecorded {
        /// Those that were not counted that day yet.
        pub recorded: i32,
    }

    /// How much a listing is looked at.
    pub struct ListingContactStats {
        /// The listing.
        pub listing_id: ListingId,
        /// The beginning of the first day of the time that is counted, UTC.
        pub since_at: DateTime<Utc>,
        /// Clicks on the contacts.
        pub clicks: i64,
        /// Of these, in the bot.
        pub bot_clicks: i64,
        /// Of these, on the web pages.
        pub web_clicks: i64,
        /// Of these, through the API.
        pub api_clicks: i64,
        /// Different people among them.
        pub people: i64,
        /// Different visitors without an account; the same one is another one the next day.
        pub visitors: i64,
        /// Views of the listing, one a day and viewer.
        pub views: i64,
        /// Different people who ever clicked.
        pub people_ever: i64,
        /// People who have it as a favourite now.
        pub favourites: i64,
    }

    /// A message that was just sent.
    pub struct ContactsNotified {
        /// The message.
        pub notice_id: i64,
        /// The listing.
        pub listing_id: ListingId,
        /// What it says.
        pub text: String,
        /// When it was sent.
        pub sent_at: DateTime<Utc>,
        /// How many people it is meant for.
        pub people: i32,
        /// How many were told so far; those who have muted it never are.
        pub told: i32,
    }

    /// A message to those who were shown contacts.
    pub struct ContactNotice {
        /// The message.
        pub notice_id: i64,
        /// The listing.
        pub listing_id: ListingId,
        /// The title of the listing at that time.
        pub title: String,
        /// What it says.
        pub text: String,
        /// Who sent it.
        pub sent_by: UserId,
        /// When it was sent.
        pub sent_at: DateTime<Utc>,
        /// How many people it is meant for.
        pub people: i32,
        /// How many were told so far; those who have muted it never are.
        pub told: i32,
        /// When the last one was told; none while there are people to tell.
        pub finished_at: Option<DateTime<Utc>>,
    }
}

entries! {
    "market";

    /// Shows the contacts of a listing and notes who has looked.
    fn listing_contacts_show[ListingContactsShow](
        /// The acting person; none: a visitor without an account.
        actor: Option<UserId>,
        /// Any text by which a visitor is told from another today; it is never kept.
        visitor: Option<String>,
        /// The listing.
        listing: ListingId,
        /// Where it is shown.
        source: ContactSource,
    ) -> one<ListingContacts>;

    /// Counts views of listings, the lists side by side, at most 1000 at a time.
    fn listing_view_record[ListingViewRecord](
        /// What was looked at.
        listings: Vec<i64>,
        /// By which person; 0: a visitor.
        users: Vec<i64>,
        /// By which visitor, as in `listing_contacts_show`; empty: a person.
        visitors: Vec<String>,
        /// When.
        times: Vec<DateTime<Utc>>,
    ) -> one<ViewsRecorded>;

    /// How much a listing is looked at in the last 1 to 90 days; none: 30.
    fn listing_contact_stats(actor: UserId, listing: ListingId, days: Option<i32>)
        -> one<ListingContactStats>;

    /// Writes to everybody who was shown the contacts of a listing.
    fn listing_contacts_notify(actor: UserId, listing: ListingId, text: String)
        -> one<ContactsNotified>;

    /// What was written to those who were shown the contacts of a listing, the latest first.
    fn contact_notice_list[ContactNoticeList](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last message of the page before.
        after: Option<i64>,
    ) -> many<ContactNotice>;

    /// What sellers write to those who were shown their contacts, the latest first.
    fn moderation_contact_notice_list(actor: UserId, limit: Option<i32>, after: Option<i64>)
        -> many<ContactNotice>;

    /// Goes on with messages that are meant for many.
    fn contact_notices_run() -> none;
}
