//! The server as its callers see it: a real one on a free port, on a real PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod alerts;
mod care;
mod channels;
mod chats;
mod connections;
mod contacts;
mod deals;
mod document;
mod erasure;
mod events;
mod export;
mod figures;
mod fitment_file;
mod garage;
mod goods_export;
mod health;
mod idempotency;
mod limits;
mod lists;
mod notices;
mod oidc;
mod photos;
mod price_list_kinds;
mod price_lists;
mod problems;
mod promotions;
mod reviews;
mod scopes;
mod search;
mod secrets;
mod shop_tokens;
mod shutdown;
mod sign_in;
mod sign_in_link;
mod story;
mod strangers;
mod support;
mod versions;
mod webhooks;
