//! The common chat of a listing: what is said, read, switched, deleted and flagged by its people and everybody else.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{ChatSource, ListingId, MessageFlagReason, MessageState, UserId};

row! {
    /// The chat of a listing.
    pub struct Chat {
        /// The listing.
        pub listing_id: ListingId,
        /// Whether what is said is shown.
        pub is_on: bool,
        /// When something was said first; none when nobody has.
        pub first_message_at: Option<DateTime<Utc>>,
        /// When something was said last.
        pub last_message_at: Option<DateTime<Utc>>,
    }

    /// Whether the chat of a listing is on.
    pub struct ChatSwitched {
        /// The listing.
        pub listing_id: ListingId,
        /// Whether what is said is shown.
        pub is_on: bool,
    }

    /// What a person has just said.
    pub struct MessagePosted {
        /// Its number.
        pub message_id: Uuid,
        /// The listing.
        pub listing_id: ListingId,
        /// When.
        pub sent_at: DateTime<Utc>,
        /// Who.
        pub author_id: UserId,
        /// Under which name.
        pub author_name: String,
        /// Whether that is one of the people of the listing.
        pub is_seller: bool,
        /// What.
        pub text: String,
        /// What it answers.
        pub reply_to: Option<Uuid>,
        /// Hidden while the chat is off.
        pub state: MessageState,
    }

    /// A message that people see.
    pub struct Message {
        /// Its number.
        pub message_id: Uuid,
        /// When it was sent; with the number it is the key for the next page.
        pub sent_at: DateTime<Utc>,
        /// Where it was written.
        pub source: ChatSource,
        /// Who wrote it; none for somebody in Telegram without an account here.
        pub author_id: Option<UserId>,
        /// Under which name.
        pub author_name: String,
        /// Whether that is one of the people of the listing.
        pub is_seller: bool,
        /// What; empty for what is not words.
        pub text: String,
        /// What it answers.
        pub reply_to: Option<Uuid>,
    }

    /// A message as the people of the listing and moderators see it.
    pub struct MessageInside {
        /// Its number.
        pub message_id: Uuid,
        /// When it was sent; with the number it is the key for the next page.
        pub sent_at: DateTime<Utc>,
        /// Where it was written.
        pub source: ChatSource,
        /// Who wrote it; none for somebody in Telegram without an account here.
        pub author_id: Option<UserId>,
        /// Under which name.
        pub author_name: String,
        /// Whether that is one of the people of the listing.
        pub is_seller: bool,
        /// What; of what nobody sees only for moderators.
        pub text: String,
        /// What it answers.
        pub reply_to: Option<Uuid>,
        /// Who sees it.
        pub state: MessageState,
        /// Why nobody sees it: off, muted, blocked, words, flags, or the reason of whoever deleted it.
        pub why: Option<String>,
        /// When that changed last.
        pub changed_at: Option<DateTime<Utc>>,
    }

    /// A message whose state somebody has just changed.
    pub struct MessageChanged {
        /// The message.
        pub message_id: Uuid,
        /// The listing.
        pub listing_id: ListingId,
        /// Who sees it.
        pub state: MessageState,
    }

    /// A person's open flag of a message.
    pub struct MessageFlagged {
        /// The message.
        pub message_id: Uuid,
        /// What is wrong.
        pub reason: MessageFlagReason,
        /// In the person's own words; may be empty.
        pub note: String,
        /// When it was flagged first.
        pub flagged_at: DateTime<Utc>,
    }

    /// A message of Telegram that is stored.
    pub struct MessageTaken {
        /// Its number here.
        pub message_id: Uuid,
        /// The listing.
        pub listing_id: ListingId,
        /// Who sees it.
        pub state: MessageState,
        /// False when it had come before.
        pub is_new: bool,
    }

    /// Which message stands under a number of Telegram.
    pub struct MessageFound {
        /// Its number here.
        pub message_id: Uuid,
    }
}

entries! {
    "market";

    /// The chat of a listing that anybody may read.
    fn chat_get(listing: ListingId) -> opt<Chat>;

    /// What people see beneath a listing.
    fn message_list[MessageList](
        /// The listing.
        listing: ListingId,
        /// True: from the first message on; else from the latest one back.
        is_forward: Option<bool>,
        /// At most so many, 1 to 100; none: 50.
        limit: Option<i32>,
        /// When the last message of the page before was sent.
        after_at: Option<DateTime<Utc>>,
        /// The last message of the page before.
        after_id: Option<Uuid>,
    ) -> many<Message>;

    /// Everything that was said beneath a listing, for its people and moderators.
    fn message_view[MessageView](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// True: from the first message on; else from the latest one back.
        is_forward: Option<bool>,
        /// At most so many, 1 to 100; none: 50.
        limit: Option<i32>,
        /// When the last message of the page before was sent.
        after_at: Option<DateTime<Utc>>,
        /// The last message of the page before.
        after_id: Option<Uuid>,
    ) -> many<MessageInside>;

    /// Says something beneath a listing.
    fn message_post[MessagePost](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// 1 to 4096 characters.
        text: String,
        /// What it answers.
        reply_to: Option<Uuid>,
        /// Where it is written: not Telegram.
        source: ChatSource,
    ) -> one<MessagePosted>;

    /// Deletes what the person wrote, or may delete of others.
    fn message_delete(actor: UserId, message: Uuid, reason: Option<String>) -> one<MessageChanged>;

    /// Says what is wrong with somebody else's message; a repeat changes reason and note.
    fn message_flag[MessageFlag](
        /// The acting person.
        actor: UserId,
        /// The message.
        message: Uuid,
        /// What is wrong.
        reason: MessageFlagReason,
        /// In the person's own words.
        note: Option<String>,
    ) -> one<MessageFlagged>;

    /// Switches the chat of a listing on or off; none: as everywhere.
    fn chat_switch(actor: UserId, listing: ListingId, is_on: Option<bool>) -> one<ChatSwitched>;

    /// One of the people of a listing has read its chat.
    fn chat_read(actor: UserId, listing: ListingId) -> none;

    /// Takes what somebody wrote in a group of Telegram beneath a post.
    fn message_take[MessageTake](
        /// The group.
        chat: i64,
        /// The message there.
        message: i64,
        /// The message that the thread hangs on.
        root_message: i64,
        /// Who it is in Telegram.
        telegram_id: i64,
        /// Under which name.
        name: String,
        /// What was said; none for a picture without words.
        text: Option<String>,
        /// Telegram's time of it.
        at: DateTime<Utc>,
        /// The message there that it answers.
        reply_message: Option<i64>,
        /// Telegram's time of that.
        reply_at: Option<DateTime<Utc>>,
    ) -> opt<MessageTaken>;

    /// Which message stands in a group under a number, with Telegram's time.
    fn message_find(chat: i64, message: i64, at: DateTime<Utc>) -> opt<MessageFound>;
}
