//! The bot against a real PostgreSQL and a Bot API that behaves as Telegram's.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod administrators;
mod channel;
mod charts;
mod conversation;
mod hostile;
mod notices;
mod office;
mod orders;
mod script;
mod seeking;
mod selling;
mod shops;
mod stars;
mod support;
mod telegram;
mod texts;
mod transcript;
