//! Signing in without a Mini App: by an issuer of OpenID Connect, and by a link that is confirmed in the bot.

use chrono::{DateTime, Utc};

use super::Session;
use crate::{Scope, UserId};

row! {
    /// A browser that waits for its person.
    pub struct NewSignInLink {
        /// The number that the page shows.
        pub code: i32,
        /// Until when it can be confirmed and used.
        pub expires_at: DateTime<Utc>,
    }

    /// What a person is asked about a browser that waits.
    pub struct SignInLink {
        /// What the browser says of itself.
        pub device: String,
        /// Three numbers; the page shows one of them.
        pub codes: Vec<i32>,
        /// Since when it waits.
        pub created_at: DateTime<Utc>,
        /// Until when it can be confirmed and used.
        pub expires_at: DateTime<Utc>,
    }

    /// What was decided about a browser.
    pub struct SignInAnswer {
        /// Whether it is let in.
        pub is_granted: bool,
    }
}

entries! {
    "people";

    /// A session for a proof of OpenID Connect that the caller has verified.
    fn session_create_oidc[SessionCreateOidc](
        /// The address of the issuer.
        issuer: String,
        /// The number of the person at the issuer.
        subject: String,
        /// The name of the person.
        name: Option<String>,
        /// The language of the person, an IETF tag.
        language_code: Option<String>,
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

    /// A browser that waits to be confirmed in the bot, by SHA-256 of the link and of its own secret.
    fn sign_in_link_create(
        link_hash: Vec<u8>,
        secret_hash: Vec<u8>,
        device: Option<&str>
    ) -> one<NewSignInLink>;

    /// What the bot asks the acting person about a browser that waits.
    fn sign_in_link_get(actor: UserId, link_hash: Vec<u8>) -> one<SignInLink>;

    /// The acting person's answer: the number that the page shows, or none when the browser is not theirs.
    fn sign_in_link_answer(
        actor: UserId,
        link_hash: Vec<u8>,
        code: Option<i32>
    ) -> one<SignInAnswer>;

    /// A session for a browser that was confirmed, by SHA-256 of its secret; none while there is no answer.
    fn session_create_link(
        secret_hash: Vec<u8>,
        token_hash: Vec<u8>,
        scopes: Vec<Scope>,
        ttl_seconds: i32,
        device: Option<&str>
    ) -> opt<Session>;
}
