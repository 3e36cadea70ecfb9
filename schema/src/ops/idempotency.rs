//! Creating requests that a network may repeat. Both calls belong into the transaction that does the work.

use serde_json::Value;

use crate::UserId;

row! {
    /// What is known of a key.
    pub struct IdempotencyStored {
        /// Whether the request was answered before; the other fields are set then.
        pub is_stored: bool,
        /// The HTTP status of that answer.
        pub status: Option<i32>,
        /// Its headers.
        pub headers: Option<Value>,
        /// Its body.
        pub body: Option<Vec<u8>>,
    }
}

entries! {
    "ops";

    /// Claims a key for this request, or tells the answer that it got before.
    fn idempotency_begin[IdempotencyBegin](
        /// The acting person: keys of different people are different keys.
        actor: UserId,
        /// The key that the client chose.
        key: String,
        /// The route's template with its method.
        route: String,
        /// SHA-256 of everything that makes the request what it is.
        request_hash: Vec<u8>,
    ) -> one<IdempotencyStored>;

    /// Keeps the answer.
    fn idempotency_finish[IdempotencyFinish](
        /// The acting person.
        actor: UserId,
        /// The key.
        key: String,
        /// The HTTP status.
        status: i32,
        /// The headers that belong to the answer.
        headers: Value,
        /// The body.
        body: Vec<u8>,
    ) -> none;
}
