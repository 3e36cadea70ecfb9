//! An event as it is sent: written once, shared by everybody who hears it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::ws::Utf8Bytes;
use chrono::{DateTime, Utc};
use kardan_schema::notify::{Event, MissedEvent};
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::place::{Place, Position};

/// Something that happened, for one who listens.
#[derive(Serialize, ToSchema)]
pub struct StreamEvent<'a> {
    /// Where the stream goes on after this event.
    id: String,
    /// What kind of thing happened, for example `deal.confirmed`.
    r#type: &'a str,
    /// When it happened.
    at: DateTime<Utc>,
    /// You have it as a member of this shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    shop_id: Option<i64>,
    /// You have it because you watch this listing.
    #[serde(skip_serializing_if = "Option::is_none")]
    listing_id: Option<i64>,
    /// What it is about: numbers of the things, and little else.
    #[schema(value_type = Object)]
    data: &'a Value,
}

/// A message of `text/event-stream` as its reader has it: the document describes each message, not the whole stream.
pub struct StreamMessage;

impl PartialSchema for StreamMessage {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let event = text()
            .enum_values(Some(["message", "ready", "reset", "end"]))
            .description(Some(
                "What is told: `message`, something happened; the others are about the stream.",
            ));
        let id = text().description(Some("Where the stream goes on after this message."));
        let data = text()
            .content_media_type("application/json".to_owned())
            .description(Some(
                "JSON: of a `message`, a `StreamEvent`; of `ready` and `reset`, `id`; of `reset` and `end`, `why`.",
            ));
        let message = ObjectBuilder::new()
            .description(Some("A message of the stream, as its reader has it."))
            .property("event", event)
            .property("id", id)
            .property("data", data)
            .required("event")
            .required("data");
        message.into()
    }
}

impl ToSchema for StreamMessage {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((StreamEvent::name().into_owned(), StreamEvent::schema()));
    }
}

/// A written event.
pub struct Frame {
    /// Where it is in the order of events.
    pub position: Position,
    /// As a message of `text/event-stream`.
    pub message: Bytes,
    /// The JSON in it, which is a message of a WebSocket.
    pub json: Utf8Bytes,
}

impl Frame {
    /// Writes an event.
    pub fn of(event: &Event, epoch: &Arc<str>, at: DateTime<Utc>) -> Self {
        let place = place(event.xid, event.event_id, epoch, at);
        let body = StreamEvent {
            id: place.to_string(),
            r#type: &event.event_type,
            at: event.event_at,
            shop_id: event.shop_id,
            listing_id: event.listing_id,
            data: &event.data,
        };
        Self::write(place.position, &body)
    }

    /// Writes an event for one person.
    pub fn missed(event: &MissedEvent, epoch: &Arc<str>, at: DateTime<Utc>) -> Self {
        let place = place(event.xid, event.event_id, epoch, at);
        let body = StreamEvent {
            id: place.to_string(),
            r#type: &event.event_type,
            at: event.event_at,
            shop_id: event.shop_id,
            listing_id: event.listing_id,
            data: &event.data,
        };
        Self::write(place.position, &body)
    }

    fn write(position: Position, event: &StreamEvent<'_>) -> Self {
        // Strings and numbers always become JSON.
        let json = serde_json::to_string(event).unwrap_or_default();
        let head = format!("id: {}\ndata: ", event.id);
        let message = Bytes::from(format!("{head}{json}\n\n"));
        // Both are the same bytes; a part of a text that begins and ends between characters is one.
        let json = message.slice(head.len()..head.len() + json.len());
        Self {
            position,
            json: Utf8Bytes::try_from(json).unwrap_or_default(),
            message,
        }
    }
}

fn place(xid: i64, id: i64, epoch: &Arc<str>, at: DateTime<Utc>) -> Place {
    let (position, epoch) = (Position { xid, id }, epoch.clone());
    Place {
        epoch,
        position,
        at,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_frame_is_one_message_whose_data_is_one_line() {
        let event = MissedEvent {
            xid: 7,
            event_id: 9,
            event_type: "deal.confirmed".to_owned(),
            event_at: DateTime::from_timestamp(1, 0).unwrap(),
            data: json!({ "reason": "two\nlines" }),
            shop_id: Some(3),
            listing_id: None,
        };
        let frame = Frame::missed(
            &event,
            &"ab".into(),
            DateTime::from_timestamp(2, 0).unwrap(),
        );
        let json = r#"{"id":"ab-7-9-2","type":"deal.confirmed","at":"1970-01-01T00:00:01Z","shop_id":3,"data":{"reason":"two\nlines"}}"#;
        assert_eq!(frame.json, json);
        assert_eq!(frame.message, format!("id: ab-7-9-2\ndata: {json}\n\n"));
    }
}
