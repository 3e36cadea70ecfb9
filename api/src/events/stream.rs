//! What one who listens hears, from the place where they were: first what they missed, from the database, then what
//! happens, from the hub. The seat in the hub is taken first, and what is read goes up to where the hub was then: so
//! nothing lies between the two, and nothing in both.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use kardan_schema::UserId;
use kardan_schema::notify::{self, EventList, EventOpen, MissedEvent};
use tokio::time::{Instant, Sleep, sleep};

use super::frame::Frame;
use super::hub::{Ear, End, Full, Signal};
use super::place::{Place, Position};
use crate::app::App;
use crate::auth::Caller;
use crate::problem::{Own, Problem};

/// Missed events that are read at once.
const PAGE: i32 = 200;

/// Who missed more than this loads everything anew sooner than hear it all.
const MOST: usize = 5000;

/// How long somebody waits for the first look at the database after the start.
const START: Duration = Duration::from_secs(3);

/// What somebody wants to hear.
pub struct Wish {
    /// Where they were, if that can be read.
    pub last: Option<Place>,
    /// They were somewhere, but what they kept cannot be read.
    pub is_lost: bool,
    /// The listings that they watch.
    pub listings: HashSet<i64>,
}

/// What comes out of a stream.
pub enum Item {
    /// Something happened.
    Event(Arc<Frame>),
    /// What was missed is told; what follows happens now.
    Ready(Place),
    /// Nothing happened up to here for a while.
    Quiet(Place),
    /// Nobody can tell what was missed: load everything anew, and go on here.
    Reset(Place, String),
    /// The end, and why.
    End(End),
}

/// Everything for one who listens.
pub struct Stream {
    app: App,
    user: UserId,
    ear: Ear,
    listings: Vec<i64>,
    /// What was sent lies up to here.
    last: Position,
    phase: Phase,
    quiet: std::pin::Pin<Box<Sleep>>,
    every: Duration,
}

enum Phase {
    Missed(Missed),
    Ready(Place),
    Reset(Place, String),
    Live,
    Over,
}

/// What was missed, a page of it at a time.
#[derive(Clone)]
struct Missed {
    read: VecDeque<Arc<Frame>>,
    until: Place,
    /// When the stream was where it goes on.
    since: DateTime<Utc>,
    count: usize,
    is_all: bool,
}

impl Missed {
    fn new(since: DateTime<Utc>, until: Place) -> Self {
        Self {
            read: VecDeque::new(),
            until,
            since,
            count: 0,
            is_all: false,
        }
    }
}

impl Stream {
    /// Begins to listen.
    pub async fn open(app: &App, me: Caller, wish: Wish) -> Result<Self, Problem> {
        let last = wish.last.as_ref();
        let ask = EventOpen {
            actor: me.user,
            epoch: last.map(|place| place.epoch.to_string()),
            xid: last.map(|place| place.position.xid),
            at: last.map(|place| place.at),
        };
        let opening = notify::event_open(&app.check().await?, &ask).await?;
        let lost = wish.is_lost.then(|| "unknown".to_owned());
        let why = opening.why.or(lost);
        let (ear, here) = enter(app, me, &wish.listings).await?;
        let (start, phase) = match (why, wish.last) {
            (Some(why), _) => (here.position, Phase::Reset(here, why)),
            (None, Some(last)) => (last.position, Phase::Missed(Missed::new(last.at, here))),
            (None, None) => (here.position, Phase::Ready(here)),
        };
        let every = app.events().quiet();
        Ok(Self {
            app: app.clone(),
            user: me.user,
            ear,
            listings: wish.listings.into_iter().collect(),
            last: start,
            phase,
            quiet: Box::pin(sleep(every)),
            every,
        })
    }

    /// The listings that are watched.
    pub fn listings(&self) -> impl Iterator<Item = i64> {
        self.listings.iter().copied()
    }

    /// Watches these listings from now on, instead of those before.
    pub fn watch(&mut self, listings: &HashSet<i64>) {
        self.ear.watch(listings);
        self.listings = listings.iter().copied().collect();
    }

    /// What comes next; none after the end. Nothing is lost when nobody waits for it to the end.
    pub async fn next(&mut self) -> Option<Item> {
        // Who waits for this may give up at any await: nothing is taken out before it.
        let item = loop {
            match &mut self.phase {
                Phase::Over => return None,
                Phase::Reset(place, why) => {
                    let item = Item::Reset(place.clone(), std::mem::take(why));
                    self.phase = Phase::Live;
                    break item;
                }
                Phase::Ready(place) => {
                    // Somebody who was at another server may be further than this one.
                    place.position = place.position.max(self.last);
                    self.last = place.position;
                    let item = Item::Ready(place.clone());
                    self.phase = Phase::Live;
                    break item;
                }
                Phase::Missed(missed) => {
                    if let Some(frame) = missed.read.pop_front() {
                        self.last = frame.position;
                        break Item::Event(frame);
                    }
                    let missed = missed.clone();
                    self.phase = self.more(missed).await;
                    if let Phase::Over = self.phase {
                        break Item::End(End::Unavailable);
                    }
                }
                Phase::Live => break self.live().await,
            }
        };
        if let Item::End(_) = item {
            self.phase = Phase::Over;
        }
        self.quiet.as_mut().reset(Instant::now() + self.every);
        Some(item)
    }

    /// Reads some more of what was missed.
    async fn more(&self, missed: Missed) -> Phase {
        if missed.is_all {
            return Phase::Ready(missed.until);
        }
        let until = missed.until.position;
        let ask = EventList {
            actor: self.user,
            listings: self.listings.clone(),
            since: Some(missed.since),
            after_xid: self.last.xid,
            after_id: self.last.id,
            until_xid: until.xid,
            until_id: until.id,
            limit: Some(PAGE),
        };
        let rows = match self.ask(&ask).await {
            Ok(rows) => rows,
            Err(problem) => {
                tracing::debug!(?problem, "missed events cannot be read");
                return Phase::Over;
            }
        };
        let count = missed.count + rows.len();
        if count > MOST {
            return Phase::Reset(missed.until, "many".to_owned());
        }
        let Place { epoch, at, .. } = &missed.until;
        let frames = rows.iter().map(|row| Frame::missed(row, epoch, *at));
        Phase::Missed(Missed {
            read: frames.map(Arc::new).collect(),
            count,
            is_all: i32::try_from(rows.len()).is_ok_and(|rows| rows < PAGE),
            ..missed
        })
    }

    async fn ask(&self, ask: &EventList) -> Result<Vec<MissedEvent>, Problem> {
        // Few at a time: after a restart everybody comes at once.
        let _turn = self.app.events().turn().await;
        Ok(notify::event_list(&self.app.write().await?, ask).await?)
    }

    /// What happens.
    async fn live(&mut self) -> Item {
        loop {
            let signal = tokio::select! {
                signal = self.ear.next() => signal,
                () = self.app.stopped() => Err(End::Restart),
                () = &mut self.quiet => match self.ear.here() {
                    Some(place) if place.position >= self.last => return Item::Quiet(place),
                    _ => {
                        self.quiet.as_mut().reset(Instant::now() + self.every);
                        continue;
                    }
                },
            };
            match signal {
                // Heard already, from another server that was further.
                Ok(Signal::Event(frame)) if frame.position <= self.last => {}
                Ok(Signal::Event(frame)) => {
                    self.last = frame.position;
                    return Item::Event(frame);
                }
                Ok(Signal::Reset(place)) => {
                    self.last = place.position;
                    return Item::Reset(place, "epoch".to_owned());
                }
                Err(end) => return Item::End(end),
            }
        }
    }
}

/// A seat in the hub; right after the start it takes a moment until the hub knows where it is.
async fn enter(app: &App, me: Caller, listings: &HashSet<i64>) -> Result<(Ear, Place), Problem> {
    let hub = app.events().hub();
    let deadline = Instant::now() + START;
    loop {
        match hub.enter(me.user, me.token, listings.clone()) {
            Ok(Some(entered)) => return Ok(entered),
            Ok(None) if Instant::now() < deadline => sleep(Duration::from_millis(20)).await,
            Ok(None) => return Err(Problem::unavailable()),
            Err(Full::Person) => return Err(Problem::from(Own::TooManyStreams).retry_after(START)),
            Err(Full::Server) => return Err(crate::pool::overloaded()),
        }
    }
}
