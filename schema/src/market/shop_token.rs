//! Tokens of programs that act for a shop. Only SHA-256 of a token comes here.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Language, ShopId, ShopScope, UserId};

row! {
    /// Which shop a program acts for, as whom, and how far it reaches.
    pub struct ShopBearer {
        /// The token's id.
        pub token_id: Uuid,
        /// The shop.
        pub shop_id: ShopId,
        /// The member who made the token.
        pub user_id: UserId,
        /// What the token may be used for.
        pub scopes: Vec<ShopScope>,
        /// The language that the member is spoken to in.
        pub language: Language,
    }

    /// A new token of a shop.
    pub struct NewShopToken {
        /// Its id.
        pub token_id: Uuid,
        /// The shop.
        pub shop_id: ShopId,
        /// What it is called.
        pub name: String,
        /// What it may be used for.
        pub scopes: Vec<ShopScope>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it ends.
        pub expires_at: DateTime<Utc>,
    }

    /// A live token of a shop.
    pub struct ShopTokenEntry {
        /// Its id; the last one's is where the next page goes on.
        pub token_id: Uuid,
        /// What it is called.
        pub name: String,
        /// What it may be used for.
        pub scopes: Vec<ShopScope>,
        /// Who made it, and as whom it acts.
        pub created_by: UserId,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it ends.
        pub expires_at: DateTime<Utc>,
        /// When it was used last, to the minute; null means never.
        pub last_used_at: Option<DateTime<Utc>>,
    }

    /// A token of a shop that was ended.
    pub struct RevokedShopToken {
        /// Its id.
        pub token_id: Uuid,
        /// When it was ended.
        pub revoked_at: DateTime<Utc>,
    }
}

entries! {
    "market";

    /// Makes a token for a program of the shop.
    fn shop_token_create[ShopTokenCreate](
        /// The acting person, an owner or a manager.
        actor: UserId,
        /// The token that the person acts with; none for a caller that knows the person otherwise.
        bearer: Option<Uuid>,
        /// The shop.
        shop: ShopId,
        /// What it is called.
        name: String,
        /// What it may be used for.
        scopes: Vec<ShopScope>,
        /// SHA-256 of the token.
        token_hash: Vec<u8>,
        /// How long it lives, in seconds.
        ttl_seconds: i32,
    ) -> one<NewShopToken>;

    /// The live tokens of a shop, newest first.
    fn shop_token_list[ShopTokenList](
        /// The acting person, an owner or a manager.
        actor: UserId,
        /// The shop.
        shop: ShopId,
        /// How many, 1 to 100; none means 20.
        limit: Option<i32>,
        /// The last token of the part before.
        after: Option<Uuid>,
    ) -> many<ShopTokenEntry>;

    /// Ends a token of the shop at once.
    fn shop_token_revoke(actor: UserId, shop: ShopId, token: Uuid) -> one<RevokedShopToken>;

    /// The shop behind a token, by SHA-256 of it; none when it is unknown, over or revoked.
    fn shop_token_authenticate(token_hash: &[u8]) -> opt<ShopBearer>;

    /// Records that a token was used, once a minute at most.
    fn shop_token_used(token_id: Uuid) -> none;
}
