//! Channels of Telegram: what is published where, and how its posts fare.

use chrono::{DateTime, Utc};

use crate::{ChannelId, ForwardOutcome, Language, ListingId, PostLook, UserId};

row! {
    /// A channel and what goes there.
    pub struct Channel {
        /// Its number.
        pub channel_id: ChannelId,
        /// Its number in Telegram, below zero.
        pub chat_id: i64,
        /// The group where its posts are talked about; none without one.
        pub discussion_chat_id: Option<i64>,
        /// Its title.
        pub title: String,
        /// The language of its posts.
        pub language: Language,
        /// Whether anything new is published there.
        pub is_enabled: bool,
        /// The category of each rule; 0: any.
        pub category_ids: Vec<i64>,
        /// The place of each rule; 0: any.
        pub place_ids: Vec<i64>,
        /// A place in whose region each rule holds; 0: any.
        pub region_place_ids: Vec<i64>,
        /// Who made it.
        pub created_by: UserId,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it was changed last.
        pub updated_at: DateTime<Utc>,
        /// Its version.
        pub version: i32,
    }

    /// The post of a listing in a channel.
    pub struct ChannelPost {
        /// Its number.
        pub post_id: i64,
        /// The channel.
        pub channel_id: ChannelId,
        /// The channel's title.
        pub channel_title: String,
        /// The channel's number in Telegram.
        pub chat_id: i64,
        /// What it shows; none before it is posted.
        pub look: Option<PostLook>,
        /// The messages that it consists of.
        pub message_ids: Vec<i64>,
        /// When it was posted; none before.
        pub posted_at: Option<DateTime<Utc>>,
        /// Whether something of it is still to be shown.
        pub is_waiting: bool,
    }

    /// Where a post stands, for senders.
    pub struct ChannelPostPlace {
        /// Its number.
        pub post_id: i64,
        /// The listing.
        pub listing_id: ListingId,
        /// The channel's number in Telegram.
        pub chat_id: i64,
        /// The messages that it consists of; empty while none is known.
        pub message_ids: Vec<i64>,
        /// When it was posted.
        pub posted_at: Option<DateTime<Utc>>,
        /// The group where it is talked about.
        pub root_chat_id: Option<i64>,
        /// The message there that people answer to.
        pub root_message_id: Option<i64>,
    }

    /// What an automatic forward said of a post.
    pub struct ForwardSeen {
        /// The post.
        pub post_id: i64,
        /// The listing.
        pub listing_id: ListingId,
        /// What came of it.
        pub outcome: ForwardOutcome,
    }

    /// What became of what waited for a group that has another number now.
    pub struct GroupMoved {
        /// Messages that go to the new number.
        pub moved_count: i32,
        /// Messages that are told no more: they named messages of the old group.
        pub cancelled_count: i32,
    }
}

entries! {
    "market";

    /// Has listings published in a channel of Telegram.
    fn channel_create[ChannelCreate](
        /// The acting administrator.
        actor: UserId,
        /// Its number in Telegram.
        chat: i64,
        /// The group where its posts are talked about.
        discussion_chat: Option<i64>,
        /// Its title.
        title: String,
        /// The language of its posts.
        language: Language,
        /// Whether anything new is published there.
        is_enabled: bool,
        /// The category of each rule; 0: any.
        categories: Vec<i64>,
        /// The place of each rule; 0: any.
        places: Vec<i64>,
        /// A place in whose region each rule holds; 0: any.
        regions: Vec<i64>,
    ) -> one<Channel>;

    /// Changes what goes to a channel, as a whole.
    fn channel_update[ChannelUpdate](
        /// The acting administrator.
        actor: UserId,
        /// The channel.
        channel: ChannelId,
        /// The version that was read; none: not compared.
        version: Option<i32>,
        /// The group where its posts are talked about.
        discussion_chat: Option<i64>,
        /// Its title.
        title: String,
        /// The language of its posts.
        language: Language,
        /// Whether anything new is published there.
        is_enabled: bool,
        /// The category of each rule; 0: any.
        categories: Vec<i64>,
        /// The place of each rule; 0: any.
        places: Vec<i64>,
        /// A place in whose region each rule holds; 0: any.
        regions: Vec<i64>,
    ) -> one<Channel>;

    /// A channel.
    fn channel_get(actor: UserId, channel: ChannelId) -> one<Channel>;

    /// Channels, in the order in which they were made.
    fn channel_list(actor: UserId, limit: Option<i32>, after: Option<ChannelId>) -> many<Channel>;

    /// Ends what is written into a channel.
    fn channel_delete(actor: UserId, channel: ChannelId) -> none;

    /// Where a listing is posted.
    fn channel_post_list(actor: UserId, listing: ListingId) -> many<ChannelPost>;

    /// Where a post stands: asked before it is sent again.
    fn channel_post_find(post: i64) -> opt<ChannelPostPlace>;

    /// Tells what an automatic forward says of a post.
    fn channel_forward_seen[ChannelForwardSeen](
        /// The channel's number in Telegram.
        chat: i64,
        /// The message in the channel.
        message: i64,
        /// The group that it was forwarded to.
        root_chat: i64,
        /// The message in the group.
        root_message: i64,
        /// The number of the post, as it stands in its link.
        post: i64,
    ) -> opt<ForwardSeen>;

    /// Knows a group by the number that it has now.
    fn group_move(chat: i64, new_chat: i64) -> one<GroupMoved>;

    /// Has posts say what became of their listings.
    fn channels_advance() -> none;
}
