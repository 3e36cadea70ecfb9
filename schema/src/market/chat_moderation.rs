//! What moderators and administrators do in chats: see all of them, delete, warn, mute, decide on flags, grant rights.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::chat::{ChatSwitched, MessageChanged};
use crate::{ChatSource, FlagOutcome, ListingId, MessageFlagReason, MessageState, UserId};

row! {
    /// A message as moderators see it.
    pub struct WatchedMessage {
        /// Its number.
        pub message_id: Uuid,
        /// When it was sent; with the number it is the key for the next page.
        pub sent_at: DateTime<Utc>,
        /// The listing.
        pub listing_id: ListingId,
        /// Where it was written.
        pub source: ChatSource,
        /// Who wrote it; none for somebody in Telegram without an account here.
        pub author_id: Option<UserId>,
        /// Who that is in Telegram; none for a person.
        pub author_telegram_id: Option<i64>,
        /// Under which name.
        pub author_name: String,
        /// Whether that is one of the people of the listing.
        pub is_seller: bool,
        /// What; empty for what is not words.
        pub text: String,
        /// What it answers.
        pub reply_to: Option<Uuid>,
        /// Who sees it.
        pub state: MessageState,
        /// Why nobody sees it.
        pub why: Option<String>,
        /// When that changed last.
        pub changed_at: Option<DateTime<Utc>>,
        /// By whom; none when the program did it.
        pub changed_by: Option<UserId>,
    }

    /// Somebody who is to say nothing.
    pub struct ChatMute {
        /// Its number.
        pub mute_id: i64,
        /// The person; none for somebody in Telegram without an account here.
        pub user_id: Option<UserId>,
        /// Who that is in Telegram; none for a person.
        pub telegram_id: Option<i64>,
        /// Beneath which listing; none: everywhere.
        pub listing_id: Option<ListingId>,
        /// Because of which message.
        pub message_id: Uuid,
        /// Until when; none: until it is lifted.
        pub until: Option<DateTime<Utc>>,
        /// Why.
        pub reason: String,
        /// Who said so.
        pub muted_by: UserId,
        /// When.
        pub muted_at: DateTime<Utc>,
    }

    /// Somebody who is or was to say nothing.
    pub struct ChatMuteEntry {
        /// Its number.
        pub mute_id: i64,
        /// The person; none for somebody in Telegram without an account here.
        pub user_id: Option<UserId>,
        /// Who that is in Telegram; none for a person.
        pub telegram_id: Option<i64>,
        /// Beneath which listing; none: everywhere.
        pub listing_id: Option<ListingId>,
        /// Because of which message.
        pub message_id: Uuid,
        /// Until when; none: until it is lifted.
        pub until: Option<DateTime<Utc>>,
        /// Why.
        pub reason: String,
        /// Who said so.
        pub muted_by: UserId,
        /// When.
        pub muted_at: DateTime<Utc>,
        /// When it was lifted, or another one took its place.
        pub lifted_at: Option<DateTime<Utc>>,
    }

    /// A warning and how many there are by now.
    pub struct ChatWarned {
        /// Its number.
        pub warning_id: i64,
        /// The person; none for somebody in Telegram without an account here.
        pub user_id: Option<UserId>,
        /// Who that is in Telegram; none for a person.
        pub telegram_id: Option<i64>,
        /// Beneath which listing.
        pub listing_id: ListingId,
        /// Because of which message.
        pub message_id: Uuid,
        /// Why.
        pub reason: String,
        /// Who said so.
        pub warned_by: UserId,
        /// When.
        pub warned_at: DateTime<Utc>,
        /// How many warnings they have.
        pub warning_count: i64,
    }

    /// A warning.
    pub struct ChatWarning {
        /// Its number.
        pub warning_id: i64,
        /// The person; none for somebody in Telegram without an account here.
        pub user_id: Option<UserId>,
        /// Who that is in Telegram; none for a person.
        pub telegram_id: Option<i64>,
        /// Beneath which listing.
        pub listing_id: ListingId,
        /// Because of which message.
        pub message_id: Uuid,
        /// Why.
        pub reason: String,
        /// Who said so.
        pub warned_by: UserId,
        /// When.
        pub warned_at: DateTime<Utc>,
    }

    /// A flag of a message as a moderator sees it.
    pub struct ModerationMessageFlag {
        /// Its number.
        pub flag_id: i64,
        /// The message.
        pub message_id: Uuid,
        /// The listing.
        pub listing_id: ListingId,
        /// Who wrote it; none for somebody in Telegram without an account here.
        pub author_id: Option<UserId>,
        /// Under which name.
        pub author_name: String,
        /// What was written.
        pub text: String,
        /// Who sees it.
        pub state: MessageState,
        /// Who flagged it.
        pub user_id: UserId,
        /// What is wrong.
        pub reason: MessageFlagReason,
        /// In the person's own words; may be empty.
        pub note: String,
        /// False when it does not help to hide the message.
        pub counts: bool,
        /// When it was flagged first.
        pub created_at: DateTime<Utc>,
        /// When a moderator decided; null while it is open.
        pub closed_at: Option<DateTime<Utc>>,
        /// What became of it; null while it is open.
        pub outcome: Option<FlagOutcome>,
        /// Who decided; null while it is open.
        pub closed_by: Option<UserId>,
    }

    /// The right to delete messages of others.
    pub struct ChatRight {
        /// Its number.
        pub right_id: i64,
        /// Who has it.
        pub user_id: UserId,
        /// Beneath which listing; none: everywhere.
        pub listing_id: Option<ListingId>,
        /// Until when; none: until it is taken back.
        pub until: Option<DateTime<Utc>>,
        /// Who gave it.
        pub granted_by: UserId,
        /// When.
        pub granted_at: DateTime<Utc>,
    }
}

entries! {
    "market";

    /// What is said in all chats, the latest first.
    fn moderation_chat_watch[ModerationChatWatch](
        /// The acting moderator.
        actor: UserId,
        /// At most so many, 1 to 100; none: 50.
        limit: Option<i32>,
        /// When the last message of the page before was sent.
        after_at: Option<DateTime<Utc>>,
        /// The last message of the page before.
        after_id: Option<Uuid>,
    ) -> many<WatchedMessage>;

    /// Switches the chat of a listing on or off; none: as everywhere.
    fn moderation_chat_switch(actor: UserId, listing: ListingId, is_on: Option<bool>)
        -> one<ChatSwitched>;

    /// Deletes a message.
    fn moderation_message_delete(actor: UserId, message: Uuid, reason: Option<String>)
        -> one<MessageChanged>;

    /// Warns the author of a message.
    fn moderation_chat_warn(actor: UserId, message: Uuid, reason: String) -> one<ChatWarned>;

    /// Warnings, the newest first.
    fn moderation_chat_warning_list[ModerationChatWarningList](
        /// The acting moderator.
        actor: UserId,
        /// Only of this person.
        user: Option<UserId>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last warning of the page before.
        after: Option<i64>,
    ) -> many<ChatWarning>;

    /// Lets the author of a message say nothing.
    fn moderation_chat_mute[ModerationChatMute](
        /// The acting moderator.
        actor: UserId,
        /// The message.
        message: Uuid,
        /// Beneath all listings, not only this one.
        everywhere: bool,
        /// Until when; none: until it is lifted.
        until: Option<DateTime<Utc>>,
        /// Why.
        reason: String,
    ) -> one<ChatMute>;

    /// Lets somebody talk again.
    fn moderation_chat_unmute(actor: UserId, mute: i64) -> none;

    /// Who is to say nothing, the newest first.
    fn moderation_chat_mute_list[ModerationChatMuteList](
        /// The acting moderator.
        actor: UserId,
        /// Only this person.
        user: Option<UserId>,
        /// Only what holds now.
        is_open: Option<bool>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last one of the page before.
        after: Option<i64>,
    ) -> many<ChatMuteEntry>;

    /// What people flagged, the newest first.
    fn moderation_message_flag_list[ModerationMessageFlagList](
        /// The acting moderator.
        actor: UserId,
        /// Only this message; none: all.
        message: Option<Uuid>,
        /// Only what nobody decided on.
        is_open: Option<bool>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last flag of the page before.
        after: Option<i64>,
    ) -> many<ModerationMessageFlag>;

    /// Finds nothing wrong with a message that people flagged.
    fn moderation_message_flags_dismiss(actor: UserId, message: Uuid) -> one<MessageChanged>;

    /// Lets a person delete messages of others.
    fn chat_right_grant[ChatRightGrant](
        /// The acting administrator.
        actor: UserId,
        /// Who gets it.
        user: UserId,
        /// Beneath which listing; none: everywhere.
        listing: Option<ListingId>,
        /// Until when; none: until it is taken back.
        until: Option<DateTime<Utc>>,
    ) -> one<ChatRight>;

    /// Takes the right back.
    fn chat_right_revoke(actor: UserId, right: i64) -> none;

    /// Who may delete messages of others, the newest first.
    fn chat_right_list[ChatRightList](
        /// The acting administrator.
        actor: UserId,
        /// Only this person.
        user: Option<UserId>,
        /// At most so many, 1 to 100; none: 20.
        limit: Option<i32>,
        /// The last one of the page before.
        after: Option<i64>,
    ) -> many<ChatRight>;
}
