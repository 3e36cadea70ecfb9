//! Everything that an operator may choose.

use std::net::SocketAddr;
use std::time::Duration;

use kardan_schema::Secret;

/// The settings of the bot.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where PostgreSQL takes writes, for the role `kardan_bot`.
    pub database: tokio_postgres::Config,
    /// Connections to PostgreSQL at most.
    pub pool_size: usize,
    /// The bot's token, from @BotFather.
    pub token: Secret,
    /// Where the Bot API is: Telegram's own, or a server of one's own.
    pub api_url: String,
    /// Between two looks into an outbox that was empty.
    pub poll: Duration,
    /// Where health and metrics are served; nowhere without it.
    pub listen: Option<SocketAddr>,
    /// Where photos are kept.
    pub photos: kardan_photos::Config,
}
