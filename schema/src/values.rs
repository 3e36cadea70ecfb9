//! Values with rules: ids that cannot be mixed up, and words that come from a closed list.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name(pub i64);

        transparent!($name, i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

/// Sends and reads a newtype as what it holds.
macro_rules! transparent {
    ($name:ty, $inner:ty) => {
        impl $crate::Sql for $name {
            const TYPE: tokio_postgres::types::Type = <$inner as $crate::Sql>::TYPE;
            const ARRAY: tokio_postgres::types::Type = <$inner as $crate::Sql>::ARRAY;
        }

        impl tokio_postgres::types::ToSql for $name {
            fn to_sql(
                &self,
                ty: &tokio_postgres::types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<tokio_postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>>
            {
                self.0.to_sql(ty, out)
            }

            fn accepts(ty: &tokio_postgres::types::Type) -> bool {
                <$inner as tokio_postgres::types::ToSql>::accepts(ty)
            }

            tokio_postgres::types::to_sql_checked!();
        }

        impl<'a> tokio_postgres::types::FromSql<'a> for $name {
            fn from_sql(
                ty: &tokio_postgres::types::Type,
                raw: &'a [u8],
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                <$inner as tokio_postgres::types::FromSql>::from_sql(ty, raw).map(Self)
            }

            fn accepts(ty: &tokio_postgres::types::Type) -> bool {
                <$inner as tokio_postgres::types::FromSql>::accepts(ty)
            }
        }
    };
}

ids! {
    /// A person.
    UserId;
    /// A shop.
    ShopId;
    /// A listing; people read it aloud.
    ListingId;
    /// A category of either level.
    CategoryId;
    /// A brand of parts or vehicles.
    BrandId;
    /// A make of vehicles.
    MakeId;
    /// A model of a make.
    ModelId;
    /// An extra field of listings.
    AttributeId;
    /// A place of sale.
    PlaceId;
    /// A generation of a model.
    GenerationId;
    /// A check of a listing by a moderator.
    ModerationItemId;
    /// A search that a person is told new matches of.
    SavedSearchId;
    /// Something that somebody is told.
    NoticeId;
    /// A text for many people.
    BroadcastId;
    /// A channel of Telegram where listings are published.
    ChannelId;
}

macro_rules! words {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:tt,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$vmeta])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every word of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word as the database and clients spell it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|one| one.word() == text).ok_or_else(|| {
                    let words: Vec<_> = Self::ALL.iter().map(|one| one.word()).collect();
                    format!("expected one of {}, not {text:?}", words.join(", "))
                })
            }
        }

        impl $crate::Sql for $name {
            const TYPE: tokio_postgres::types::Type = tokio_postgres::types::Type::TEXT;
            const ARRAY: tokio_postgres::types::Type = tokio_postgres::types::Type::TEXT_ARRAY;
        }

        impl $crate::Sql for Vec<$name> {
            const TYPE: tokio_postgres::types::Type = tokio_postgres::types::Type::TEXT_ARRAY;
            const ARRAY: tokio_postgres::types::Type = tokio_postgres::types::Type::TEXT_ARRAY;
        }

        impl tokio_postgres::types::ToSql for $name {
            fn to_sql(
                &self,
                ty: &tokio_postgres::types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<tokio_postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
                self.word().to_sql(ty, out)
            }

            fn accepts(ty: &tokio_postgres::types::Type) -> bool {
                <&str as tokio_postgres::types::ToSql>::accepts(ty)
            }

            tokio_postgres::types::to_sql_checked!();
        }

        impl<'a> tokio_postgres::types::FromSql<'a> for $name {
            fn from_sql(
                ty: &tokio_postgres::types::Type,
                raw: &'a [u8],
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                <&str as tokio_postgres::types::FromSql>::from_sql(ty, raw)?.parse().map_err(Into::into)
            }

            fn accepts(ty: &tokio_postgres::types::Type) -> bool {
                <&str as tokio_postgres::types::FromSql>::accepts(ty)
            }
        }
    )*};
}

words! {
    /// The language that a person is spoken to in.
    Language {
        /// Russian.
        Ru = "ru",
        /// English.
        En = "en",
    }
    /// What a person may do; each role has the rights of those before it.
    Role {
        /// Buys and sells.
        User = "user",
        /// Checks listings.
        Moderator = "moderator",
        /// Appoints moderators, blocks people, changes settings.
        Admin = "admin",
    }
    /// What a token may be used for.
    Scope {
        /// Read what the person may read.
        Read = "read",
        /// Change what the person may change.
        Write = "write",
        /// Act as a moderator, if the person is one.
        Moderate = "moderate",
        /// Act as an administrator, if the person is one.
        Administer = "administer",
        /// Report alerts, if the person is an administrator, and nothing else.
        Alert = "alert",
    }
    /// What a token of a shop may be used for.
    ShopScope {
        /// Read the shop's goods.
        GoodsRead = "goods:read",
        /// Write the shop's goods: price lists.
        GoodsWrite = "goods:write",
        /// Say how many pieces there are.
        StockWrite = "stock:write",
    }
    /// What a member may do for a shop.
    ShopRole {
        /// Everything, people included.
        Owner = "owner",
        /// Description and goods.
        Manager = "manager",
        /// Goods.
        Seller = "seller",
    }
    /// What is for sale.
    Kind {
        /// A whole vehicle.
        Car = "car",
        /// A part or a consumable.
        Part = "part",
        /// Something made or done to order.
        Service = "service",
    }
    /// What a brand makes.
    BrandKind {
        /// Vehicles.
        Vehicle = "vehicle",
        /// Parts.
        Part = "part",
        /// Vehicles and parts.
        Both = "both",
    }
    /// What an extra field of a listing holds.
    ValueType {
        /// Free words.
        Text = "text",
        /// A whole number.
        Integer = "integer",
        /// Any number.
        Number = "number",
        /// Yes or no.
        Boolean = "boolean",
        /// One of the field's choices.
        Choice = "choice",
    }
    /// How two part numbers belong together.
    PartRelation {
        /// One of them is the vehicle maker's own.
        Oem = "oem",
        /// Two makers' numbers of one part.
        Aftermarket = "aftermarket",
        /// The first takes the place of the second.
        Supersedes = "supersedes",
    }
    /// Where a listing is in its life.
    Status {
        /// Being written.
        Draft = "draft",
        /// Waits for a moderator.
        Pending = "pending",
        /// Seen by everybody.
        Published = "published",
        /// Sent back with a reason.
        Rejected = "rejected",
        /// Every piece is put aside for buyers.
        Reserved = "reserved",
        /// Every piece is sold.
        Sold = "sold",
        /// Taken away by its owner.
        Archived = "archived",
    }
    /// How a check of a listing ended.
    Decision {
        /// Published.
        Approved = "approved",
        /// Sent back with a reason.
        Rejected = "rejected",
        /// Taken back by its author before anybody decided.
        Withdrawn = "withdrawn",
    }
    /// What is wrong with a listing in the eyes of a person who flags it.
    FlagReason {
        /// Advertising, not an offer.
        Spam = "spam",
        /// It belongs elsewhere.
        WrongCategory = "wrong_category",
        /// It may not be sold here.
        Prohibited = "prohibited",
        /// It is not for sale any more.
        SoldElsewhere = "sold_elsewhere",
    }
    /// What a moderator's decision made of a flag.
    FlagOutcome {
        /// The listing was approved.
        Dismissed = "dismissed",
        /// The listing was rejected.
        Upheld = "upheld",
    }
    /// What a post in a channel shows.
    PostLook {
        /// Anybody may see the listing, and it can be had.
        Live = "live",
        /// All pieces are held.
        Reserved = "reserved",
        /// It is sold.
        Sold = "sold",
        /// Nobody sees the listing.
        Withdrawn = "withdrawn",
    }
    /// What came of the automatic forward of a post.
    ForwardOutcome {
        /// By it the post is known.
        Recorded = "recorded",
        /// It was known already.
        Known = "known",
        /// The post is there as another message; this one is being deleted.
        Duplicate = "duplicate",
    }
    /// Where a message of a chat was written.
    ChatSource {
        /// The HTTP API.
        Api = "api",
        /// The site.
        Web = "web",
        /// The bot.
        Bot = "bot",
        /// A group of Telegram.
        Telegram = "telegram",
    }
    /// Who sees a message of a chat.
    MessageState {
        /// Whoever sees the listing.
        Visible = "visible",
        /// Nobody, because of what it was or when it came.
        Hidden = "hidden",
        /// Nobody: somebody deleted it.
        Deleted = "deleted",
    }
    /// What is wrong with a message of a chat.
    MessageFlagReason {
        /// Advertising that nobody asked for.
        Spam = "spam",
        /// What may not be offered or said here.
        Prohibited = "prohibited",
        /// Rude words.
        Rude = "rude",
        /// Somebody tries to deceive.
        Fraud = "fraud",
    }
    /// What the program notices in a listing.
    HintKind {
        /// A word of the list of forbidden words.
        ForbiddenWord = "forbidden_word",
        /// A way to reach the seller, in the text.
        Contact = "contact",
        /// A price far from what such things cost.
        PriceOutlier = "price_outlier",
        /// The seller offers this part number already.
        SameNumber = "same_number",
        /// The seller has a listing with nearly this text already.
        SimilarText = "similar_text",
        /// Somebody else has published this very text.
        SameTextElsewhere = "same_text_elsewhere",
        /// A photo looks like one of another listing.
        PhotoLookalike = "photo_lookalike",
        /// People say that something is wrong with it.
        Flagged = "flagged",
    }
    /// Which forms of a forbidden word are meant.
    WordForm {
        /// Every form with the same stem.
        Stem = "stem",
        /// Only this one.
        Exact = "exact",
    }
    /// Where a reservation is in its life.
    ReservationState {
        /// The pieces are put aside.
        Held = "held",
        /// The pieces went back into the stock.
        Released = "released",
        /// The buyer took the pieces.
        Sold = "sold",
    }
    /// Where a deal is in its life.
    DealState {
        /// The buyer asked, the seller has not answered.
        Requested = "requested",
        /// The seller agreed, the pieces are put aside.
        Confirmed = "confirmed",
        /// The seller says that the buyer has the pieces.
        HandedOver = "handed_over",
        /// The buyer has the pieces.
        Completed = "completed",
        /// One of the two cancelled it.
        Cancelled = "cancelled",
        /// Nobody answered in time.
        Expired = "expired",
    }
    /// Whom a review is about.
    ReviewDirection {
        /// The buyer wrote about the seller.
        OfSeller = "of_seller",
        /// The seller wrote about the buyer.
        OfBuyer = "of_buyer",
    }
    /// The state of a thing for sale.
    Condition {
        /// Never used.
        New = "new",
        /// Used.
        Used = "used",
        /// Repaired to work again.
        Rebuilt = "rebuilt",
    }
    /// The order of a search's results.
    Sort {
        /// The best match first.
        Relevance = "relevance",
        /// The newest first.
        New = "new",
        /// The cheapest first.
        PriceUp = "price",
        /// The dearest first.
        PriceDown = "-price",
    }
    /// When new matches of a saved search are told.
    Frequency {
        /// As soon as they are found.
        AtOnce = "at_once",
        /// Together, every full hour.
        Hourly = "hourly",
        /// Together, every morning.
        Daily = "daily",
        /// Not at all; they are not looked for either.
        Never = "never",
    }
    /// What of the outbox goes first.
    Lane {
        /// Answers to a tap.
        Callback = "callback",
        /// Answers in a conversation.
        Reply = "reply",
        /// Notices.
        Notice = "notice",
        /// Posts in channels and groups.
        Channel = "channel",
        /// What many are told.
        Broadcast = "broadcast",
    }
    /// What a person may not want to hear of.
    MuteType {
        /// A person.
        User = "user",
        /// A shop.
        Shop = "shop",
        /// A listing.
        Listing = "listing",
    }
    /// Where a broadcast is in its life.
    BroadcastState {
        /// Being written.
        Draft = "draft",
        /// Being told.
        Running = "running",
        /// Waits for an administrator.
        Paused = "paused",
        /// Everybody was told.
        Done = "done",
        /// Ended before that.
        Cancelled = "cancelled",
    }
    /// Where somebody was shown the contacts of a seller.
    ContactSource {
        /// In the bot.
        Bot = "bot",
        /// On the web pages.
        Web = "web",
        /// Through the HTTP API.
        Api = "api",
    }
    /// What has become of a favourite.
    FavouriteState {
        /// It is for sale.
        Published = "published",
        /// Every piece is put aside for buyers.
        Reserved = "reserved",
        /// Every piece is sold.
        Sold = "sold",
        /// Nobody sees it any more, or not for now.
        Withdrawn = "withdrawn",
    }
}
