//! One server: its session, and what is remembered of it between scrapes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::{debug, info, warn};

use super::emit::{Reading, Style};
use super::fan_out::FanOut;
use super::pass::Pass;
use super::ranking::Ranking;
use crate::collect::Dialect;
use crate::custom;
use crate::kardan;
use crate::options::Options;
use crate::session::{Count, Failure, Session};
use crate::source::Dsn;
use crate::text::Page;

/// A server with a database.
pub struct Target {
    dsn: Dsn,
    options: Arc<Options>,
    count: Count,
    state: Mutex<State>,
    scrapes: AtomicU32,
}

/// A question: whose it is, and which of theirs.
pub(super) type Question = (&'static str, usize);

#[derive(Default)]
pub(super) struct State {
    pub session: Option<Session>,
    /// Where pg_stat_statements lives, and which functions of the program there are.
    pub known: kardan::Known,
    /// Answers that are kept for a while.
    pub kept: HashMap<Question, (Instant, Vec<Reading>)>,
    pub rankings: HashMap<Question, Ranking>,
    pub custom: custom::Kept,
    pub fan_out: FanOut,
    pub queries: kardan::Queries,
    pub waits: kardan::Waits,
    pub seen_at: Option<Instant>,
}

impl Target {
    pub(crate) fn new(dsn: Dsn, options: Arc<Options>) -> Self {
        Self {
            dsn,
            options,
            count: Count::default(),
            state: Mutex::default(),
            scrapes: AtomicU32::new(0),
        }
    }

    pub(crate) fn dsn(&self) -> &Dsn {
        &self.dsn
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Counts one more scrape of this server, and says how many there were.
    pub(crate) fn count_scrape(&self) -> u32 {
        self.scrapes
            .fetch_add(1, Ordering::Relaxed)
            .saturating_add(1)
    }

    /// Opens the session before the first scrape.
    pub(crate) async fn greet(&self) -> Result<(), Failure> {
        let mut state = self.state.lock().await;
        let session = self
            .session(&mut state, Instant::now() + self.options.patience)
            .await?;
        state.session = Some(session);
        Ok(())
    }

    pub(super) async fn open(&self, dsn: &Dsn, deadline: Instant) -> Result<Session, Failure> {
        let options = &self.options;
        Session::open(
            dsn,
            options.limits,
            &self.count,
            options.most_sessions,
            deadline,
        )
        .await
    }

    /// Asks everything, puts the answers on the page, and says whether the server is up. `is_first`: of several servers only
    /// the first is asked by the collectors, as upstream has it.
    pub(crate) async fn scrape(
        &self,
        page: &mut Page,
        is_first: bool,
        deadline: Instant,
    ) -> Outcome {
        let patience = deadline.min(Instant::now() + self.options.patience);
        let Ok(mut state) = tokio::time::timeout_at(patience, self.state.lock()).await else {
            warn!(
                server = self.dsn.server,
                "another scrape is still waiting for this server"
            );
            return Outcome::Down;
        };
        state.seen_at = Some(Instant::now());
        let session = match self.session(&mut state, patience).await {
            Ok(session) => session,
            Err(error) => {
                warn!(source = self.dsn.shown, %error, "the server cannot be asked");
                return Outcome::Down;
            }
        };
        let mut pass = Pass {
            target: self,
            state: &mut state,
            session: &session,
            page,
            deadline,
            is_over: false,
            failures: 0,
        };
        pass.look().await;
        pass.legacy().await;
        if is_first {
            pass.collectors().await;
            pass.kardan().await;
        }
        pass.custom().await;
        let (is_over, failures) = (pass.is_over, pass.failures);
        if is_over {
            info!(source = self.dsn.shown, "the session is given up");
        } else {
            state.session = Some(session);
        }
        if failures == 0 {
            Outcome::Good
        } else {
            Outcome::Partial
        }
    }

    /// The kept session when it still answers, else a new one.
    async fn session(&self, state: &mut State, deadline: Instant) -> Result<Session, Failure> {
        if let Some(session) = state.session.take().filter(|s| !s.is_closed()) {
            match session.text("select pg_is_in_recovery()", deadline).await {
                Ok(_) => return Ok(session),
                Err(Failure::Late) => return Err(Failure::Late),
                // The server was restarted, or somebody ended the session.
                Err(error) => debug!(%error, "the kept session is of no use"),
            }
        }
        state.known = kardan::Known::default();
        let session = self.open(&self.dsn, deadline).await?;
        info!(
            source = self.dsn.shown,
            version = session.version,
            "a session is open"
        );
        Ok(session)
    }

    /// Takes a sample of what sessions wait for, unless nobody has asked for long. It waits for a scrape that is running: left out
    /// then, samples and scrapes of the same rhythm could meet each time.
    pub(crate) async fn sample(&self, every: std::time::Duration) {
        let mut state = self.state.lock().await;
        let is_watched = state
            .seen_at
            .is_some_and(|at| at.elapsed() < kardan::WATCHED);
        let Some(session) = state
            .session
            .take()
            .filter(|s| is_watched && !s.is_closed())
        else {
            return;
        };
        let deadline = Instant::now() + every.min(self.options.patience);
        match state.waits.sample(&session, deadline).await {
            Err(error) if error.ends_session() => debug!(%error, "no sample of waits"),
            _ => state.session = Some(session),
        }
    }

    /// With `server` and the constant labels.
    pub(super) fn style(&self) -> Style {
        let constant = self.options.constant_labels.clone();
        Style {
            extra: match self.options.dialect {
                Dialect::V0_17 => constant.with("server", &self.dsn.server),
                Dialect::V0_20 => constant,
            },
            prefix: Some(self.options.prefix.clone()).filter(|prefix| prefix != "pg"),
        }
    }
}

/// How a scrape went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything has an answer.
    Good,
    /// The server answers, but not to everything.
    Partial,
    /// The server does not answer.
    Down,
}
