//! What happened, for those who listen: once for all who listen to a server, and for one who was away.
//!
//! A position is a pair: the transaction that wrote an event, and the event's number. It counts within an epoch.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::UserId;

row! {
    /// Up to where events can be read.
    pub struct EventPosition {
        /// The line of transaction numbers.
        pub epoch: String,
        /// The first transaction whose events cannot be read yet.
        pub next_xid: i64,
    }

    /// Where a stream begins.
    pub struct EventOpening {
        /// The line of transaction numbers.
        pub epoch: String,
        /// The first transaction whose events cannot be read yet.
        pub next_xid: i64,
        /// Why nothing can be told of what came after the given position: `epoch` or `old`; none: all of it can.
        pub why: Option<String>,
    }

    /// An event and those for whom it is.
    pub struct Event {
        /// The transaction that wrote it.
        pub xid: i64,
        /// Its number.
        pub event_id: i64,
        /// What kind of thing happened.
        pub event_type: String,
        /// When.
        pub event_at: DateTime<Utc>,
        /// What of it is told.
        pub data: Value,
        /// People have it as members of this shop.
        pub shop_id: Option<i64>,
        /// It is for those who watch this listing.
        pub listing_id: Option<i64>,
        /// The people for whom it is.
        pub readers: Vec<i64>,
    }

    /// An event for the acting person.
    pub struct MissedEvent {
        /// The transaction that wrote it.
        pub xid: i64,
        /// Its number.
        pub event_id: i64,
        /// What kind of thing happened.
        pub event_type: String,
        /// When.
        pub event_at: DateTime<Utc>,
        /// What of it is told.
        pub data: Value,
        /// The person has it as a member of this shop.
        pub shop_id: Option<i64>,
        /// The person has it as somebody who watches this listing.
        pub listing_id: Option<i64>,
    }
}

entries! {
    "notify";

    /// Names the line of transaction numbers in which the database writes, when it is a new one.
    fn event_line_begin() -> none;

    /// Up to where events can be read.
    fn event_position() -> one<EventPosition>;

    /// What happened, for all who listen.
    fn event_read[EventRead](
        /// The transaction of the last event that was read.
        after_xid: i64,
        /// Its number.
        after_id: i64,
        /// The first transaction that is not read.
        before_xid: i64,
        /// Rows, at most 1000; none means 100.
        limit: Option<i32>,
    ) -> many<Event>;

    /// Somebody begins to listen, after the last event that they heard or from now on.
    fn event_open[EventOpen](
        /// The acting person.
        actor: UserId,
        /// The line of the position.
        epoch: Option<String>,
        /// The transaction of the position.
        xid: Option<i64>,
        /// When the position was given.
        at: Option<DateTime<Utc>>,
    ) -> one<EventOpening>;

    /// What the acting person could hear between two positions.
    fn event_list[EventList](
        /// The acting person.
        actor: UserId,
        /// The listings that they watch.
        listings: Vec<i64>,
        /// When the first position was given.
        since: Option<DateTime<Utc>>,
        /// The first position.
        after_xid: i64,
        /// The first position.
        after_id: i64,
        /// The last position.
        until_xid: i64,
        /// The last position.
        until_id: i64,
        /// Rows, at most 1000; none means 100.
        limit: Option<i32>,
    ) -> many<MissedEvent>;
}
