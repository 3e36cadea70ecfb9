//! What happens, as it happens.

use std::collections::HashSet;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use kardan_schema::people;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Result, json};
use crate::app::App;
use crate::auth::{Listen, Read};
use crate::events::{self, Place, Stream, StreamMessage, WATCHED, Wish};
use crate::extract::{Ask, Upgrade};
use crate::problem::{Own, Problem};
use crate::table::{Table, add};
use crate::token::{self, TokenKind};

pub fn add(table: &mut Table) {
    add!(table;
        event_stream => "notify.event_open", "notify.event_list", "people.ticket_use";
        event_socket => "notify.event_open", "notify.event_list", "people.ticket_use";
        event_ticket_create => "people.ticket_create";
    );
}

/// What is heard, and from where on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct EventAsk {
    /// The `id` of the last event that was heard; the header `Last-Event-ID` goes before it.
    last_event_id: Option<String>,
    /// Instead of a token in the header, what `POST /v1/events/tickets` gave.
    #[expect(dead_code, reason = "whoever asks is found before the rest is read")]
    ticket: Option<String>,
    /// The numbers of up to 100 listings to watch, with commas between them.
    listings: Option<String>,
}

impl EventAsk {
    fn read(&self, headers: &HeaderMap) -> Result<Wish> {
        let header = headers
            .get("last-event-id")
            .map(|id| id.to_str().unwrap_or("?"));
        let last = header
            .or(self.last_event_id.as_deref())
            .filter(|id| !id.is_empty());
        let place = last.and_then(Place::read);
        let numbers = self.listings.as_deref().filter(|text| !text.is_empty());
        let numbers = numbers.into_iter().flat_map(|text| text.split(','));
        let listings: HashSet<i64> = numbers
            .map(|number| number.trim().parse())
            .collect::<std::result::Result<_, _>>()
            .map_err(|_| fault("expected numbers with commas between them"))?;
        if listings.len() > WATCHED {
            return Err(fault(&format!("expected at most {WATCHED} listings")));
        }
        Ok(Wish {
            is_lost: last.is_some() && place.is_none(),
            last: place,
            listings,
        })
    }
}

fn fault(message: &str) -> Problem {
    Problem::from(Own::ParameterInvalid).at("/listings", Some(message.to_owned()))
}

/// What happens, as server-sent events, for as long as you listen.
///
/// An event has no name: its `data` is JSON with `type`. Named ones are about the stream: `ready`, everything missed is
/// told; `reset`, what was missed cannot be told, load everything anew; `end`, the server ends the stream, and why.
#[utoipa::path(get, path = "/v1/events", tag = "events",
    responses((status = 200, description = "Messages, one after the other.", body = StreamMessage,
        content_type = "text/event-stream")))]
async fn event_stream(
    State(app): State<App>,
    Listen(me): Listen,
    headers: HeaderMap,
    Ask(ask): Ask<EventAsk>,
) -> Result {
    let wish = ask.read(&headers)?;
    Ok(events::response(Stream::open(&app, me, wish).await?))
}

/// What happens, as messages of a WebSocket, for as long as you listen.
///
/// The same events, each a JSON message; what is said of the stream has `stream`. You may say `{"watch": [1]}`,
/// `{"unwatch": [1]}` and `{"ping": 1}`.
#[utoipa::path(get, path = "/v1/socket", tag = "events",
    responses((status = 101, description = "From here on it is a WebSocket.")))]
async fn event_socket(
    State(app): State<App>,
    Listen(me): Listen,
    Upgrade(upgrade): Upgrade,
    headers: HeaderMap,
    Ask(ask): Ask<EventAsk>,
) -> Result {
    let wish = ask.read(&headers)?;
    let stream = Stream::open(&app, me, wish).await?;
    Ok(app.events().socket(upgrade, stream))
}

/// A ticket for one stream.
#[derive(Serialize, ToSchema)]
struct EventTicket {
    /// Put it into the address as `ticket`.
    ticket: String,
    /// It may be used once, until then.
    expires_at: DateTime<Utc>,
}

/// A ticket with which a browser opens one stream or WebSocket, where it can send no token.
#[utoipa::path(post, path = "/v1/events/tickets", tag = "events",
    responses((status = 201, description = "The ticket.", body = EventTicket)))]
async fn event_ticket_create(State(app): State<App>, Read(me): Read) -> Result {
    let ticket = token::new(TokenKind::Ticket).map_err(|error| Problem::internal(&error))?;
    let hash = token::hash(&ticket);
    let made = people::ticket_create(&app.write().await?, me.user, me.token, hash).await?;
    let expires_at = made.expires_at;
    Ok(json(
        StatusCode::CREATED,
        &EventTicket { ticket, expires_at },
    ))
}
