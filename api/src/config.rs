//! Everything that an operator may choose, as arguments and environment variables. `--help` is its documentation.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::{Error, Secret};

/// How statements reach PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Pooler {
    /// A connection is a session: statements are prepared once for each connection and kept.
    #[default]
    Session,
    /// A transaction-pooling PgBouncer stands between: nothing is prepared, arguments travel with the statement.
    Transaction,
}

/// The settings of the HTTP API.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "KARDAN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where PostgreSQL takes writes, as a URL or as key=value pairs, for the role kardan_api
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<Secret>,
    /// A file that holds the database URL
    #[arg(long, env = "DATABASE_URL_FILE", conflicts_with = "database_url")]
    pub database_url_file: Option<PathBuf>,
    /// Where reads that tolerate a replica go [default: where writes go]
    #[arg(long, env = "KARDAN_API_READER_URL", hide_env_values = true)]
    pub reader_url: Option<Secret>,
    /// A file that holds the reader's URL
    #[arg(
        long,
        env = "KARDAN_API_READER_URL_FILE",
        conflicts_with = "reader_url"
    )]
    pub reader_url_file: Option<PathBuf>,
    /// Connections in each pool [default: 4 for each core]; a quarter as many again are shared by short reads
    #[arg(long, env = "KARDAN_API_POOL_SIZE")]
    pub pool_size: Option<usize>,
    /// What stands between this program and PostgreSQL
    #[arg(long, env = "KARDAN_API_POOLER", value_enum, default_value_t)]
    pub pooler: Pooler,
    /// Seconds that a request waits for a free connection before it is answered with 503
    #[arg(long, env = "KARDAN_API_POOL_WAIT", default_value = "2", value_parser = seconds)]
    pub pool_wait: Duration,
    /// Seconds that a new connection may take, sign-in to PostgreSQL included
    #[arg(long, env = "KARDAN_API_CONNECT_TIMEOUT", default_value = "3", value_parser = seconds)]
    pub connect_timeout: Duration,
    /// The Telegram bot's token: without it nobody can sign in through Telegram
    #[arg(long, env = "KARDAN_BOT_TOKEN", hide_env_values = true)]
    pub bot_token: Option<Secret>,
    /// A file that holds the bot's token
    #[arg(long, env = "KARDAN_BOT_TOKEN_FILE", conflicts_with = "bot_token")]
    pub bot_token_file: Option<PathBuf>,
    /// The bot's name in Telegram, without the at sign: with it a page can sign in by a link to the bot
    #[arg(long, env = "KARDAN_BOT_NAME")]
    pub bot_name: Option<String>,
    #[command(flatten)]
    /// Another issuer that people may sign in by.
    pub oidc: crate::oidc::Config,
    /// Seconds after which a session ends
    #[arg(long, env = "KARDAN_API_SESSION_TTL", default_value = "2592000", value_parser = seconds)]
    pub session_ttl: Duration,
    /// Seconds that a request may take
    #[arg(long, env = "KARDAN_API_REQUEST_TIMEOUT", default_value = "10", value_parser = seconds)]
    pub request_timeout: Duration,
    /// Seconds that a request with a photo or a CSV file may take, the time for sending it included
    #[arg(long, env = "KARDAN_API_UPLOAD_TIMEOUT", default_value = "60", value_parser = seconds)]
    pub upload_timeout: Duration,
    #[command(flatten)]
    /// Where photos are kept.
    pub photos: kardan_photos::Config,
    /// Bytes that a request's body may have
    #[arg(long, env = "KARDAN_API_BODY_LIMIT", default_value = "1048576")]
    pub body_limit: usize,
    /// Requests a second from one address without a token, five times as many at once; 0 means no limit
    #[arg(long, env = "KARDAN_API_RATE_ANONYMOUS", default_value = "20")]
    pub rate_anonymous: u32,
    /// Requests a second with one token, five times as many at once; 0 means no limit
    #[arg(long, env = "KARDAN_API_RATE_TOKEN", default_value = "20")]
    pub rate_token: u32,
    /// Streams of events that this server keeps open at once
    #[arg(long, env = "KARDAN_API_EVENT_STREAMS", default_value = "20000")]
    pub event_streams: usize,
    /// Streams of events that one person may have open at once
    #[arg(long, env = "KARDAN_API_EVENT_STREAMS_PERSON", default_value = "16")]
    pub event_streams_person: usize,
    /// Events that wait for one stream; one that is slower is ended and may be taken up again
    #[arg(long, env = "KARDAN_API_EVENT_QUEUE", default_value = "256")]
    pub event_queue: usize,
    /// Seconds between two looks at the log of events; a fifth of it while there is much to tell
    #[arg(long, env = "KARDAN_API_EVENT_POLL", default_value = "0.25", value_parser = seconds)]
    pub event_poll: Duration,
    /// Seconds of silence after which a stream of events says that it is alive, up to a third more
    #[arg(long, env = "KARDAN_API_EVENT_QUIET", default_value = "15", value_parser = seconds)]
    pub event_quiet: Duration,
    /// Pages of other servers that may open a WebSocket here, as https://name:port, with commas between them
    #[arg(long, env = "KARDAN_API_ORIGINS", value_delimiter = ',')]
    pub origins: Vec<String>,
    /// Proxies before this server that add to X-Forwarded-For; 0 means that the header is not believed
    #[arg(long, env = "KARDAN_API_PROXIES", default_value = "0")]
    pub proxies: usize,
    /// Seconds that running requests get when the server stops
    #[arg(long, env = "KARDAN_API_SHUTDOWN_GRACE", default_value = "20", value_parser = seconds)]
    pub shutdown_grace: Duration,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| format!("{text:?} is no number of seconds"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// The secrets of a [`Config`], read from wherever they are.
#[derive(Debug, Clone)]
pub struct Secrets {
    pub writer: Secret,
    pub reader: Option<Secret>,
    pub bot_token: Option<Secret>,
    pub oidc_client_secret: Option<Secret>,
}

impl Config {
    /// Reads the secrets.
    ///
    /// # Errors
    /// When a file cannot be read, or no database is named.
    pub(crate) fn secrets(&self) -> Result<Secrets, Error> {
        let writer = secret(self.database_url.as_ref(), self.database_url_file.as_ref())?;
        Ok(Secrets {
            writer: writer.ok_or(Error::NoDatabase)?,
            reader: secret(self.reader_url.as_ref(), self.reader_url_file.as_ref())?,
            bot_token: secret(self.bot_token.as_ref(), self.bot_token_file.as_ref())?,
            oidc_client_secret: secret(
                self.oidc.oidc_client_secret.as_ref(),
                self.oidc.oidc_client_secret_file.as_ref(),
            )?,
        })
    }

    /// Connections in each pool.
    pub(crate) fn connections(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        self.pool_size.unwrap_or_else(|| 4 * cores()).max(1)
    }

    /// Connections that are shared by short reads.
    pub(crate) fn lines(&self) -> usize {
        self.connections().div_ceil(4)
    }
}

fn secret(given: Option<&Secret>, file: Option<&PathBuf>) -> Result<Option<Secret>, Error> {
    match (given, file) {
        (Some(secret), _) => Ok(Some(secret.clone())),
        (None, Some(path)) => match Secret::from_file(path) {
            Ok(secret) => Ok(Some(secret)),
            Err(source) => Err(Error::SecretFile {
                path: path.clone(),
                source,
            }),
        },
        (None, None) => Ok(None),
    }
}
