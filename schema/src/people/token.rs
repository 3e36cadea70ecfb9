//! Signing in, sessions and personal tokens. Only SHA-256 of a token comes here; the token itself
//! stays with its owner.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Language, Role, Scope, UserId};

row! {
    /// A new session.
    pub struct Session {
        /// Whose it is.
        pub user_id: UserId,
        /// Its id.
        pub token_id: Uuid,
        /// When it ends.
        pub expires_at: DateTime<Utc>,
        /// Whether this sign-in made the account.
        pub is_new: bool,
    }

    /// Who acts with a token, and how far it reaches.
    pub struct Bearer {
        /// The token's id.
        pub token_id: Uuid,
        /// Who acts.
        pub user_id: UserId,
        /// What the person may do.
        pub role: Role,
        /// What the token may be used for.
        pub scopes: Vec<Scope>,
        /// The language that the person is spoken to in.
        pub language: Language,
        /// When the token ends.
        pub expires_at: DateTime<Utc>,
        /// Whether the person is blocked now.
        pub is_blocked: bool,
    }

    /// A new personal token.
    pub struct NewToken {
        /// Its id.
        pub token_id: Uuid,
        /// What its owner calls it.
        pub name: String,
        /// What it may be used for.
        pub scopes: Vec<Scope>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it ends.
        pub expires_at: DateTime<Utc>,
    }

    /// A live session or personal token.
    pub struct TokenEntry {
        /// Its id; the last one's is where the next page goes on.
        pub token_id: Uuid,
        /// `session` or `personal`.
        pub kind: String,
        /// What its owner calls it; of a session, the device.
        pub name: String,
        /// What it may be used for.
        pub scopes: Vec<Scope>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it ends.
        pub expires_at: DateTime<Utc>,
        /// When it was used last, to the minute; null means never.
        pub last_used_at: Option<DateTime<Utc>>,
    }

    /// A ticket for one stream of events.
    pub struct NewTicket {
        /// Until when it may be used.
        pub expires_at: DateTime<Utc>,
    }

    /// A token that lets nobody in any more.
    pub struct EndedToken {
        /// Its id.
        pub token_id: Uuid,
    }

    /// A token that was ended.
    pub struct RevokedToken {
        /// Its id.
        pub token_id: Uuid,
        /// When it was ended.
        pub revoked_at: DateTime<Utc>,
    }
}

entries! {
    "people";

    /// A session for a proof of Telegram whose signature the caller has verified.
    fn session_create_telegram[SessionCreateTelegram](
        /// The number of the person in Telegram, 64 bits.
        telegram_id: i64,
        /// The username, without the at sign.
        username: Option<String>,
        /// The first name.
        first_name: String,
        /// The last name.
        last_name: Option<String>,
        /// Where the photo is.
        photo_url: Option<String>,
        /// The language of the person's Telegram, an IETF tag.
        language_code: Option<String>,
        /// When Telegram signed the proof.
        auth_at: DateTime<Utc>,
        /// SHA-256 of the proof.
        proof_hash: Vec<u8>,
        /// SHA-256 of the session's token.
        token_hash: Vec<u8>,
        /// What the session may be used for.
        scopes: Vec<Scope>,
        /// How long it lives, in seconds.
        ttl_seconds: i32,
        /// What the person signs in with.
        device: Option<String>,
    ) -> one<Session>;

    /// Who acts with this token, by SHA-256 of it; none when it is unknown, over or revoked.
    fn token_authenticate(token_hash: &[u8]) -> opt<Bearer>;

    /// A ticket for one stream of events, by SHA-256 of it, as with the token that it is made with.
    fn ticket_create(actor: UserId, bearer: Uuid, ticket_hash: Vec<u8>) -> one<NewTicket>;

    /// Who acts with this ticket, by SHA-256 of it, which is used up; none when it is unknown, over or used.
    fn ticket_use(ticket_hash: Vec<u8>) -> opt<Bearer>;

    /// Those of these tokens that let nobody in any more, blocked people's too.
    fn tokens_ended(tokens: Vec<Uuid>) -> many<EndedToken>;

    /// Records that a token was used, once a minute at most.
    fn token_used(token_id: Uuid) -> none;

    /// Makes a personal token of the acting person.
    fn token_create[TokenCreate](
        /// The acting person.
        actor: UserId,
        /// The token that the person acts with; none for a caller that knows the person otherwise.
        bearer: Option<Uuid>,
        /// What its owner calls it.
        name: String,
        /// What it may be used for.
        scopes: Vec<Scope>,
        /// SHA-256 of the token.
        token_hash: Vec<u8>,
        /// How long it lives, in seconds.
        ttl_seconds: i32,
    ) -> one<NewToken>;

    /// Makes a personal token for anybody, from the command line.
    fn token_issue[TokenIssue](
        /// Whose token.
        user: UserId,
        /// What it is called.
        name: String,
        /// What it may be used for.
        scopes: Vec<Scope>,
        /// SHA-256 of the token.
        token_hash: Vec<u8>,
        /// How long it lives, in seconds.
        ttl_seconds: i32,
    ) -> one<NewToken>;

    /// The acting person's live sessions and tokens, newest first; the limit is 1 to 100, none
    /// means 20.
    fn token_list(actor: UserId, limit: Option<i32>, after: Option<Uuid>) -> many<TokenEntry>;

    /// Ends a session or token of the acting person at once.
    fn token_revoke(actor: UserId, token: Uuid) -> one<RevokedToken>;

    /// Forgets signed proofs after 48 hours, and links whose time is over.
    fn sign_ins_purge() -> none;

    /// Deletes sessions and tokens that ended more than 30 days ago.
    fn tokens_purge() -> none;
}
