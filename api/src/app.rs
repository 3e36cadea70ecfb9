//! What every request of a server shares.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Pool;
use kardan_photos::{Lab, Store};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::auth::LastUsed;
use crate::events::Events;
use crate::freshness;
use crate::limits::Limits;
use crate::lines::{Lines, Place};
use crate::metrics::Metrics;
use crate::oidc::Issuer;
use crate::pool::{Conn, Wiring, pool};
use crate::problem::Problem;
use crate::views::Views;
use crate::{Config, Error, Secret};

/// Files of goods that are read at a time.
const READERS: usize = 2;

/// The server's shared state; a clone is a reference.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    writer: Pool,
    reader: Pool,
    has_standbys: bool,
    writer_lines: Lines,
    reader_lines: Lines,
    wiring: Wiring,
    limits: Limits,
    last_used: LastUsed,
    views: Views,
    events: Events,
    bot_token: Option<Secret>,
    bot_name: Option<String>,
    issuer: Option<Issuer>,
    session_ttl: Duration,
    request_timeout: Duration,
    upload_timeout: Duration,
    photos: Store,
    lab: Lab,
    origins: Vec<String>,
    readers: Arc<Semaphore>,
    stopping: CancellationToken,
}

impl App {
    /// Reads secrets and makes pools; connects to nothing yet.
    pub fn new(config: &Config, stopping: CancellationToken) -> Result<Self, Error> {
        let secrets = config.secrets()?;
        let wiring = Wiring {
            pooler: config.pooler,
            metrics: Arc::new(Metrics::new()?),
        };
        let writer = pool("writer", &secrets.writer, config)?;
        let reader = secrets.reader.as_ref().unwrap_or(&secrets.writer);
        let reader = pool("reader", reader, config)?;
        let lines = |pool: &Pool| {
            Lines::new(
                pool.clone(),
                config.lines(),
                config.pool_wait,
                wiring.clone(),
            )
        };
        // Two sets on one server too: who waits for a listing keeps nobody from signing in.
        Ok(Self(Arc::new(Inner {
            writer_lines: lines(&writer),
            reader_lines: lines(&reader),
            writer,
            reader,
            has_standbys: secrets.reader.is_some(),
            wiring,
            limits: Limits::new(config.rate_anonymous, config.rate_token, config.proxies),
            last_used: LastUsed::default(),
            views: Views::default(),
            events: Events::new(config),
            bot_token: secrets.bot_token,
            bot_name: config.bot_name.clone(),
            issuer: Issuer::new(&config.oidc, secrets.oidc_client_secret)?,
            session_ttl: config.session_ttl,
            request_timeout: config.request_timeout,
            upload_timeout: config.upload_timeout,
            photos: Store::open(&config.photos)?,
            lab: Lab::new(),
            origins: config.origins.clone(),
            readers: Arc::new(Semaphore::new(READERS)),
            stopping,
        })))
    }

    /// A connection that sees everything that was committed.
    pub async fn write(&self) -> Result<Conn, Problem> {
        Conn::take(&self.0.writer, &self.0.wiring).await
    }

    /// A place on a shared connection, for reading one row by its key as it is after all that was committed.
    pub async fn check(&self) -> Result<Place, Problem> {
        self.0.writer_lines.place().await
    }

    /// The same for public reads, which may lag a little behind, though not behind what this request must see.
    pub async fn look_up(&self) -> Result<Place, Problem> {
        if self.0.has_standbys && freshness::wanted().is_some() {
            return self.check().await;
        }
        self.0.reader_lines.place().await
    }

    /// A connection for public reads, which may lag a little behind, though not behind what this request must see.
    pub async fn read(&self) -> Result<Conn, Problem> {
        let (reader, wiring) = (&self.0.reader, &self.0.wiring);
        match freshness::wanted().filter(|_| self.0.has_standbys) {
            None => Conn::take(reader, wiring).await,
            Some(position) => match Conn::take_at(reader, wiring, position).await {
                Some(conn) => Ok(conn),
                None => self.write().await,
            },
        }
    }

    /// Do some reads go elsewhere than writes?
    pub fn has_standbys(&self) -> bool {
        self.0.has_standbys
    }

    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub fn metrics(&self) -> &Metrics {
        &self.0.wiring.metrics
    }

    pub fn last_used(&self) -> &LastUsed {
        &self.0.last_used
    }

    /// Views of listings that the database has not heard of yet.
    pub fn views(&self) -> &Views {
        &self.0.views
    }

    /// Those who listen to what happens.
    pub fn events(&self) -> &Events {
        &self.0.events
    }

    pub fn bot_token(&self) -> Option<&Secret> {
        self.0.bot_token.as_ref()
    }

    /// What the bot is called in Telegram.
    pub fn bot_name(&self) -> Option<&str> {
        self.0.bot_name.as_deref()
    }

    /// Another issuer that people may sign in by.
    pub fn issuer(&self) -> Option<&Issuer> {
        self.0.issuer.as_ref()
    }

    /// How long a sign-in lasts, in whole seconds.
    pub fn session_ttl_seconds(&self) -> i32 {
        i32::try_from(self.0.session_ttl.as_secs()).unwrap_or(i32::MAX)
    }

    /// How long a request may take.
    pub fn time_for(&self, is_upload: bool) -> Duration {
        match is_upload {
            true => self.0.upload_timeout,
            false => self.0.request_timeout,
        }
    }

    /// Where the files of photos are.
    pub fn photos(&self) -> &Store {
        &self.0.photos
    }

    /// Where photos are made of what people send.
    pub fn lab(&self) -> &Lab {
        &self.0.lab
    }

    /// Places of those who read files of goods.
    pub fn readers(&self) -> Arc<Semaphore> {
        self.0.readers.clone()
    }

    pub fn is_stopping(&self) -> bool {
        self.0.stopping.is_cancelled()
    }

    /// Other servers whose pages may open a WebSocket here.
    pub fn origins(&self) -> &[String] {
        &self.0.origins
    }

    /// Returns when the server is to stop.
    pub async fn stopped(&self) {
        self.0.stopping.cancelled().await;
    }

    /// Writes the pools' figures into the metrics.
    pub fn measure_pools(&self) {
        self.metrics().pool("writer", &self.0.writer.status());
        self.metrics().pool("reader", &self.0.reader.status());
        let lines = self.0.writer_lines.status();
        self.metrics().pool("writer_lines", &lines);
        let lines = self.0.reader_lines.status();
        self.metrics().pool("reader_lines", &lines);
        self.metrics().events(&self.0.events.figures());
    }

    /// What is to be done every few seconds.
    pub fn tidy(&self) {
        self.metrics().upkeep();
        self.limits().tidy();
        self.last_used().tidy();
    }
}
