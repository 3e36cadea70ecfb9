//! Connections that requests share. A read of one row by its key is over in microseconds, and handing a connection out
//! and back costs more than it does. Such calls of many requests travel down a few connections, one behind the other, so
//! that client and server read and write several of them at once. What may take long, what writes and what needs a
//! transaction takes a connection of its own: see `pool`.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use deadpool_postgres::{ClientWrapper, Object, Pool, Status};
use kardan_schema::{Call, Db, Typed};
use tokio::sync::{Mutex, Semaphore};
use tokio_postgres::{Error as PgError, Row};

use crate::pool::{Wiring, is_fatal, overloaded, run, take};
use crate::problem::Problem;

/// Calls on one connection at a time: enough to keep it busy, few enough that none waits long.
const DEPTH: usize = 32;

/// A call that is abandoned after this long tells that its connection may hang.
const SLOW: Duration = Duration::from_secs(1);

/// The shared connections; a clone is a reference.
#[derive(Clone)]
pub struct Lines(Arc<Inner>);

struct Inner {
    pool: Pool,
    lines: Vec<Line>,
    places: Semaphore,
    wait: Duration,
    wiring: Wiring,
}

#[derive(Default)]
struct Line {
    calls: AtomicUsize,
    client: RwLock<Option<Arc<ClientWrapper>>>,
    opening: Mutex<()>,
}

/// A place on a line, for the calls of one request.
pub struct Place {
    client: Arc<ClientWrapper>,
    // True while a call runs.
    is_running: AtomicBool,
    since: Instant,
    seat: Seat,
}

/// What is counted of a place; given back with it.
struct Seat {
    lines: Lines,
    number: usize,
}

impl Lines {
    /// So many lines; the pool opens their connections, which then are its no longer.
    pub fn new(pool: Pool, lines: usize, wait: Duration, wiring: Wiring) -> Self {
        Self(Arc::new(Inner {
            pool,
            lines: std::iter::repeat_with(Line::default).take(lines).collect(),
            places: Semaphore::new(lines * DEPTH),
            wait,
            wiring,
        }))
    }

    /// A place on the line with the fewest calls; an open one is preferred, but none has to queue while one is closed.
    pub async fn place(&self) -> Result<Place, Problem> {
        let inner = &*self.0;
        let permit = match inner.places.try_acquire() {
            Ok(permit) => permit,
            Err(_) => match tokio::time::timeout(inner.wait, inner.places.acquire()).await {
                Ok(Ok(permit)) => permit,
                _ => return Err(overloaded()),
            },
        };
        let lines = inner.lines.iter().enumerate();
        let shortest = lines.min_by_key(|(_, line)| {
            2 * line.calls.load(Ordering::Relaxed) + usize::from(!line.is_open())
        });
        let Some((number, line)) = shortest else {
            return Err(Problem::unavailable());
        };
        permit.forget();
        line.calls.fetch_add(1, Ordering::Relaxed);
        let seat = Seat {
            lines: self.clone(),
            number,
        };
        let client = match line.open() {
            Some(client) => client,
            None => line.connect(&inner.pool).await?,
        };
        Ok(Place {
            client,
            is_running: AtomicBool::new(false),
            since: Instant::now(),
            seat,
        })
    }

    /// The lines' figures in a pool's words: those open, those without a call, and the calls.
    pub fn status(&self) -> Status {
        let lines = &self.0.lines;
        let calls = || lines.iter().map(|line| line.calls.load(Ordering::Relaxed));
        Status {
            max_size: lines.len(),
            size: lines.iter().filter(|line| line.is_open()).count(),
            available: calls().filter(|calls| *calls == 0).count(),
            waiting: calls().sum(),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(line) = self.line() {
            line.calls.fetch_sub(1, Ordering::Relaxed);
        }
        self.lines.0.places.add_permits(1);
    }
}

impl Seat {
    fn line(&self) -> Option<&Line> {
        self.lines.0.lines.get(self.number)
    }
}

impl Line {
    fn is_open(&self) -> bool {
        let client = self.client.read();
        client.is_ok_and(|client| client.as_ref().is_some_and(|client| !client.is_closed()))
    }

    fn open(&self) -> Option<Arc<ClientWrapper>> {
        let client = self.client.read().ok()?;
        client
            .as_ref()
            .filter(|client| !client.is_closed())
            .cloned()
    }

    /// Opens the line's connection, once for all who ask meanwhile.
    async fn connect(&self, pool: &Pool) -> Result<Arc<ClientWrapper>, Problem> {
        let _only_one = self.opening.lock().await;
        if let Some(client) = self.open() {
            return Ok(client);
        }
        let client = Arc::new(Object::take(take(pool).await?));
        if let Ok(mut current) = self.client.write() {
            *current = Some(client.clone());
        }
        Ok(client)
    }

    /// No new call goes down this connection; it closes after those that are on it.
    fn give_up(&self, client: &Arc<ClientWrapper>) {
        if let Ok(mut current) = self.client.write()
            && current
                .as_ref()
                .is_some_and(|current| Arc::ptr_eq(current, client))
        {
            *current = None;
        }
    }
}

impl Place {
    fn give_up(&self) {
        if let Some(line) = self.seat.line() {
            line.give_up(&self.client);
        }
    }
}

impl Db for Place {
    async fn call<'a>(
        &'a self,
        call: &'static Call,
        arguments: &'a [Typed<'a>],
    ) -> Result<Vec<Row>, PgError> {
        let started = Instant::now();
        let wiring = &self.seat.lines.0.wiring;
        self.is_running.store(true, Ordering::Relaxed);
        let rows = run!(&*self.client, wiring, call, arguments);
        self.is_running.store(false, Ordering::Relaxed);
        if rows.as_ref().is_err_and(is_fatal) {
            self.give_up();
        }
        wiring.metrics.called(call, started.elapsed());
        rows
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // An abandoned call is answered all the same, and its answer thrown away: that disturbs nobody.
        if *self.is_running.get_mut() && self.since.elapsed() > SLOW {
            self.give_up();
        }
    }
}
