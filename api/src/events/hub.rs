//! Who listens to this server, and for what. An event is handed to everybody's own short queue; nobody is waited for:
//! whose queue is full is let go, and comes back with the last event that was heard.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use chrono::{DateTime, Utc};
use kardan_schema::UserId;
use kardan_schema::notify::{Event, EventPosition};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::frame::Frame;
use super::place::{Place, Position};

/// What is handed to somebody who listens.
pub enum Signal {
    /// Something happened.
    Event(Arc<Frame>),
    /// Positions count anew from here.
    Reset(Place),
}

/// Why the server ends a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Events came faster than they were taken.
    Slow,
    /// The token is over or revoked, or its person is blocked.
    Signed,
    /// The server stops.
    Restart,
    /// The database could not be asked for what was missed.
    Unavailable,
}

impl End {
    /// The word that clients see.
    pub fn word(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Signed => "signed_out",
            Self::Restart => "restart",
            Self::Unavailable => "unavailable",
        }
    }
}

/// Why nobody more can listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// This person does so often enough.
    Person,
    /// The server has as many as it takes.
    Server,
}

/// So many may listen.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// On this server.
    pub streams: usize,
    /// Of one person.
    pub person: usize,
    /// Events that wait for one of them.
    pub queue: usize,
}

/// Everybody who listens.
pub struct Hub {
    bounds: Bounds,
    room: Mutex<Room>,
    crowd: watch::Sender<usize>,
}

#[derive(Default)]
struct Room {
    /// Everything up to here was handed out.
    place: Option<Place>,
    next: u64,
    seats: HashMap<u64, Seat>,
    people: HashMap<i64, HashSet<u64>>,
    listings: HashMap<i64, HashSet<u64>>,
    heard: u64,
    slow: u64,
}

struct Seat {
    user: i64,
    token: Uuid,
    listings: HashSet<i64>,
    queue: mpsc::Sender<Signal>,
    end: Arc<OnceLock<End>>,
}

/// A place in the hub; who drops it listens no longer.
pub struct Ear {
    hub: Arc<Hub>,
    number: u64,
    queue: mpsc::Receiver<Signal>,
    end: Arc<OnceLock<End>>,
}

/// Figures for the metrics.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    pub streams: usize,
    pub heard: u64,
    pub slow: u64,
    pub read_at: Option<DateTime<Utc>>,
}

impl Hub {
    /// A hub that nobody listens to.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            room: Mutex::default(),
            crowd: watch::Sender::new(0),
        }
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody listens from now on; gives where that is. None while nobody knows yet.
    pub fn enter(
        self: &Arc<Self>,
        user: UserId,
        token: Uuid,
        listings: HashSet<i64>,
    ) -> Result<Option<(Ear, Place)>, Full> {
        let mut room = self.room();
        let Some(place) = room.place.clone() else {
            return Ok(None);
        };
        if room.seats.len() >= self.bounds.streams {
            return Err(Full::Server);
        }
        if room.people.get(&user.0).map_or(0, HashSet::len) >= self.bounds.person {
            return Err(Full::Person);
        }
        let (sender, queue) = mpsc::channel(self.bounds.queue);
        let end = Arc::new(OnceLock::new());
        let number = room.next;
        room.next += 1;
        room.people.entry(user.0).or_default().insert(number);
        for listing in &listings {
            room.listings.entry(*listing).or_default().insert(number);
        }
        let seat = Seat {
            user: user.0,
            token,
            listings,
            queue: sender,
            end: end.clone(),
        };
        room.seats.insert(number, seat);
        self.crowd.send_replace(room.seats.len());
        drop(room);
        let hub = self.clone();
        let ear = Ear {
            hub,
            number,
            queue,
            end,
        };
        Ok(Some((ear, place)))
    }

    /// The database says how far it can be read: gives where to read on, if anybody listens.
    pub fn meet(&self, now: &EventPosition, at: DateTime<Utc>) -> Option<Place> {
        let here = Place {
            epoch: now.epoch.as_str().into(),
            position: Position::before(now.next_xid),
            at,
        };
        let mut room = self.room();
        let known = room.place.replace(here.clone());
        let known = known.filter(|_| !room.seats.is_empty())?;
        if known.epoch == here.epoch {
            return room.place.insert(Place { at, ..known }).clone().into();
        }
        // Another line of transactions: nobody can be told what happened meanwhile.
        let everybody: Vec<_> = room.seats.keys().copied().collect();
        for number in everybody {
            room.hand(number, Signal::Reset(here.clone()));
        }
        None
    }

    /// Hands an event to everybody for whom it is.
    pub fn tell(&self, event: &Event, frame: Frame) {
        let frame = Arc::new(frame);
        let mut room = self.room();
        let mut to = HashSet::new();
        for reader in &event.readers {
            to.extend(room.people.get(reader).into_iter().flatten());
        }
        if let Some(listing) = event.listing_id {
            to.extend(room.listings.get(&listing).into_iter().flatten());
        }
        for number in to {
            room.hand(number, Signal::Event(frame.clone()));
        }
        room.reach(frame.position);
    }

    /// Everything before this position was handed out.
    pub fn reach(&self, position: Position) {
        self.room().reach(position);
    }

    /// Ends the streams of a token.
    pub fn end(&self, tokens: &HashSet<Uuid>) {
        let mut room = self.room();
        let numbers = room.seats.iter();
        let ended: Vec<_> = numbers
            .filter(|(_, seat)| tokens.contains(&seat.token))
            .map(|(number, _)| *number)
            .collect();
        for number in ended {
            room.leave(number, Some(End::Signed));
        }
        self.crowd.send_replace(room.seats.len());
    }

    /// The tokens of those who listen.
    pub fn tokens(&self) -> Vec<Uuid> {
        let room = self.room();
        let tokens: HashSet<_> = room.seats.values().map(|seat| seat.token).collect();
        tokens.into_iter().collect()
    }

    /// How many listen, as it changes.
    pub fn crowd(&self) -> watch::Receiver<usize> {
        self.crowd.subscribe()
    }

    pub fn figures(&self) -> Figures {
        let room = self.room();
        Figures {
            streams: room.seats.len(),
            heard: room.heard,
            slow: room.slow,
            read_at: room.place.as_ref().map(|place| place.at),
        }
    }
}

impl Room {
    fn reach(&mut self, position: Position) {
        if let Some(place) = &mut self.place {
            place.position = place.position.max(position);
        }
    }

    fn hand(&mut self, number: u64, signal: Signal) {
        let Some(seat) = self.seats.get(&number) else {
            return;
        };
        match seat.queue.try_send(signal) {
            Ok(()) => self.heard += 1,
            Err(_) => {
                self.slow += 1;
                self.leave(number, Some(End::Slow));
            }
        }
    }

    fn leave(&mut self, number: u64, why: Option<End>) {
        let Some(seat) = self.seats.remove(&number) else {
            return;
        };
        if let Some(why) = why {
            // Before the queue closes with the seat, so that whoever sees that finds the reason.
            let _ = seat.end.set(why);
        }
        forget(&mut self.people, seat.user, number);
        for listing in seat.listings {
            forget(&mut self.listings, listing, number);
        }
    }
}

fn forget(map: &mut HashMap<i64, HashSet<u64>>, key: i64, number: u64) {
    if let Some(numbers) = map.get_mut(&key) {
        numbers.remove(&number);
        if numbers.is_empty() {
            map.remove(&key);
        }
    }
}

impl Ear {
    /// The next signal; none, and the reason, when the hub let go.
    pub async fn next(&mut self) -> Result<Signal, End> {
        let signal = self.queue.recv().await;
        signal.ok_or_else(|| self.end.get().copied().unwrap_or(End::Restart))
    }

    /// Watches these listings instead of those before.
    pub fn watch(&self, listings: &HashSet<i64>) {
        let mut room = self.hub.room();
        let Some(seat) = room.seats.get_mut(&self.number) else {
            return;
        };
        let before = std::mem::replace(&mut seat.listings, listings.clone());
        for listing in before.difference(listings) {
            forget(&mut room.listings, *listing, self.number);
        }
        for listing in listings {
            room.listings
                .entry(*listing)
                .or_default()
                .insert(self.number);
        }
    }

    /// Where everything up to it was taken out of the queue; none while something waits there.
    pub fn here(&self) -> Option<Place> {
        // First where the hub is, then whether the queue is empty: what came in between lies behind.
        let place = self.hub.room().place.clone();
        place.filter(|_| self.queue.is_empty())
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let mut room = self.hub.room();
        room.leave(self.number, None);
        self.hub.crowd.send_replace(room.seats.len());
    }
}
