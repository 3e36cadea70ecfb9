//! `kardan top`: the server in a terminal, for who has no dashboard at hand. Sessions, locks as a tree, the statements of
//! this moment, replication, partitions. It reads, and changes nothing.

mod app;
mod draw;
mod pane;
mod panes;
mod rates;

use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyEventKind};
use tokio::sync::mpsc;
use tokio::time::Instant;

use app::{Act, App};
use pane::Table;
pub use panes::PANES;

use crate::Error;
use crate::kardan::Known;
use crate::session::{Count, Failure, Limits, Session};
use crate::source::{Dsn, SslMode};

/// How long a look at the server may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What an operator asks for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The time between two looks.
    pub every: Duration,
    /// The pane that is shown first; with `--once` the only one, or all of them without a name.
    pub pane: Option<String>,
    /// The column to sort by; a leading `-` begins with the smallest.
    pub sort: Option<String>,
    /// Rows of a pane with `--once`.
    pub rows: usize,
}

/// Why there is nothing to see.
#[derive(Debug, thiserror::Error)]
pub enum TopError {
    /// The data source cannot be understood.
    #[error(transparent)]
    Source(#[from] Error),
    /// The server does not answer.
    #[error("{0}")]
    Server(String),
    /// A name that there is not.
    #[error("{0}")]
    Unknown(String),
    /// The terminal.
    #[error("the terminal")]
    Terminal(#[from] std::io::Error),
}

impl From<Failure> for TopError {
    fn from(failure: Failure) -> Self {
        Self::Server(failure.to_string())
    }
}

/// Looks at one server.
struct Looker {
    session: Session,
    known: Known,
    rates: rates::Rates,
}

impl Looker {
    async fn open(url: &str) -> Result<Self, TopError> {
        let dsn = Dsn::parse_with(url, SslMode::Prefer)?;
        let limits = Limits {
            lock: Duration::from_millis(100),
            statement: PATIENCE,
            prepares: false,
        };
        let deadline = Instant::now() + PATIENCE;
        let session = Session::open(&dsn, limits, &Count::default(), 1, deadline).await?;
        let mut known = Known::default();
        known.look(&session, deadline).await?;
        Ok(Self {
            session,
            known,
            rates: rates::Rates::default(),
        })
    }

    /// The rows of a pane as they are now.
    async fn look(&mut self, number: usize) -> Result<Table, TopError> {
        let pane = panes::at(number);
        let Some(sql) = (pane.sql)(&self.known, self.session.version) else {
            return Ok(Table::empty(pane));
        };
        let rows = self.session.rows(&sql, Instant::now() + PATIENCE).await?;
        let mut table = Table::read(pane, &rows)?;
        if pane.has_rates {
            self.rates.apply(&mut table);
        }
        Ok(table)
    }
}

/// Prints the panes once, as text.
///
/// # Errors
/// When the server does not answer, or a name is unknown.
pub async fn once(url: &str, options: &Options) -> Result<String, TopError> {
    let wanted = match &options.pane {
        Some(name) => vec![panes::find(name).ok_or_else(|| unknown_pane(name))?],
        None => (0..PANES.len()).collect(),
    };
    let mut looker = Looker::open(url).await?;
    let mut text = String::new();
    for number in wanted {
        let mut table = looker.look(number).await?;
        if panes::at(number).has_rates {
            // Rates need two looks.
            tokio::time::sleep(options.every.min(Duration::from_secs(2))).await;
            table = looker.look(number).await?;
        }
        table
            .sort_by(options.sort.as_deref(), options.pane.is_some())
            .map_err(TopError::Unknown)?;
        text.push_str(&draw::text(&table, options.rows));
        text.push('\n');
    }
    Ok(text)
}

fn unknown_pane(name: &str) -> TopError {
    let names: Vec<_> = PANES.iter().map(|pane| pane.name).collect();
    TopError::Unknown(format!("no pane {name:?}; there are {}", names.join(", ")))
}

/// Shows the panes until somebody presses `q`.
///
/// # Errors
/// When the server does not answer at the start, a name is unknown, or the terminal fails. A server that goes away later is
/// told on the screen.
pub async fn show(url: &str, options: &Options) -> Result<(), TopError> {
    let first = match &options.pane {
        Some(name) => panes::find(name).ok_or_else(|| unknown_pane(name))?,
        None => 0,
    };
    let mut looker = Looker::open(url).await?;
    let mut app = App::new(first, options.every);
    app.sort(options.sort.as_deref())
        .map_err(TopError::Unknown)?;
    // It also puts the terminal back when the program panics.
    let mut terminal = ratatui::try_init()?;
    let outcome = turn(&mut looker, &mut app, &mut terminal).await;
    ratatui::restore();
    outcome
}

async fn turn(
    looker: &mut Looker,
    app: &mut App,
    terminal: &mut ratatui::DefaultTerminal,
) -> Result<(), TopError> {
    let mut keys = keys();
    loop {
        match looker.look(app.pane()).await {
            Ok(table) => app.show(table),
            Err(error) => app.fail(error.to_string()),
        }
        let next = Instant::now() + app.every();
        loop {
            terminal.draw(|frame| draw::screen(frame, app))?;
            let event = tokio::select! {
                () = tokio::time::sleep_until(next), if !app.is_paused() => break,
                event = keys.recv() => event,
            };
            let act = match event {
                Some(Event::Key(key)) if key.kind == KeyEventKind::Press => app.key(key),
                Some(_) => Act::Draw,
                None => Act::Quit,
            };
            match act {
                Act::Quit => return Ok(()),
                Act::Look => break,
                Act::Draw => {}
            }
        }
    }
}

/// Keys, read on a thread of their own: the library blocks.
fn keys() -> mpsc::Receiver<Event> {
    let (sender, receiver) = mpsc::channel(16);
    std::thread::spawn(move || {
        while let Ok(event) = event::read() {
            if sender.blocking_send(event).is_err() {
                break;
            }
        }
    });
    receiver
}
