//! Posts in channels and messages in their groups.

use chrono::{DateTime, Utc};
use kardan_photos::Name;
use kardan_schema::market;
use kardan_schema::notify::{Outcome, Parcel};
use serde_json::{Value, json};

use super::outcome;
use super::parcel::{language, say};
use crate::desk::Desk;
use crate::error::Failure;
use crate::telegram::{Attachment, Refusal, with};

/// Units of a description: what is left of a caption of 1024 beside title, number and price.
pub const WITH_PHOTOS: usize = 500;
/// What is left of a message of 4096.
const WITHOUT_PHOTOS: usize = 3000;
/// Telegram's most for an album.
const ALBUM: usize = 10;
/// Photos are sent as wide as they are kept.
const WIDTH: u32 = 1280;

fn number(data: &Value, name: &str) -> i64 {
    data.get(name).and_then(Value::as_i64).unwrap_or_default()
}

fn numbers(data: &Value, name: &str) -> Vec<i64> {
    let all = data.get(name).and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect()
}

/// What a post says, and the link that names it: by it an automatic forward is known again.
fn text(desk: &Desk, parcel: &Parcel, limit: usize) -> Result<(String, String), Failure> {
    let look = parcel
        .data
        .get("look")
        .and_then(Value::as_str)
        .unwrap_or("live");
    let name = match look {
        "sold" => "post.sold",
        "withdrawn" => "post.withdrawn",
        _ => "post.live",
    };
    let (listing, post) = (
        number(&parcel.data, "listing_id"),
        number(&parcel.data, "post_id"),
    );
    let link = desk.link(&format!("c_{listing}-{post}"));
    let value = parcel.data.get("value");
    let data = json!({ "look": look, "value": value, "link": link, "limit": limit });
    Ok((desk.texts.say(language(parcel), name, data)?, link))
}

/// The files of a post, as far as they are there: a photo that is gone stops no post.
pub async fn photos<'a>(
    desk: &Desk,
    keys: impl Iterator<Item = &'a str> + Send,
) -> Vec<Attachment> {
    let mut files = Vec::new();
    for key in keys.take(ALBUM) {
        let Some(name) = Name::of_path(&format!("{key}-{WIDTH}.webp")) else {
            continue;
        };
        match desk.photos.get(&name).await {
            Ok(Some(bytes)) => files.push(Attachment {
                name: format!("photo{}", files.len()),
                bytes: bytes.to_vec(),
            }),
            Ok(None) => tracing::warn!(key, "a photo of a post is not in the store"),
            Err(error) => tracing::warn!(key, %error, "a photo of a post cannot be read"),
        }
    }
    files
}

fn keys<'a>(data: &'a Value, name: &str) -> Vec<&'a str> {
    let all = data.get(name).and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// The button that leads to the seller.
fn contact_button(desk: &Desk, parcel: &Parcel, link: &str) -> Result<Value, Failure> {
    let contact = desk.texts.say(language(parcel), "post.contact", ())?;
    Ok(json!({ "inline_keyboard": [[{ "text": contact, "url": link }]] }))
}

/// Posts a listing, unless it is posted already.
pub async fn post(desk: &Desk, parcel: &Parcel) -> Result<Outcome, Failure> {
    if parcel.attempts > 1 {
        let post = number(&parcel.data, "post_id");
        let found = desk
            .ask(async |db| market::channel_post_find(db, post).await)
            .await?;
        if let Some(place) = found.filter(|place| !place.message_ids.is_empty()) {
            return Ok(Outcome::Sent {
                messages: place.message_ids,
            });
        }
    }
    let value = parcel.data.get("value").cloned().unwrap_or_default();
    let files = photos(desk, keys(&value, "photos").into_iter()).await;
    let limit = if files.is_empty() {
        WITHOUT_PHOTOS
    } else {
        WITH_PHOTOS
    };
    let (text, link) = text(desk, parcel, limit)?;
    let button = contact_button(desk, parcel, &link)?;
    let sent = show(desk, parcel.chat_id, &text, files, Some(button)).await;
    outcome::of(parcel.chat_id, sent)
}

/// Posts what somebody paid for, marked as advertising.
pub async fn promotion(desk: &Desk, parcel: &Parcel) -> Result<Outcome, Failure> {
    let listing = number(&parcel.data, "listing_id");
    let link = desk.link(&format!("c_{listing}"));
    let mut data = parcel.data.clone();
    if let Some(fields) = data.as_object_mut() {
        fields.insert("link".to_owned(), link.clone().into());
    }
    let text = desk.texts.say(language(parcel), "post.promotion", &data)?;
    let cover = parcel.data.get("cover_key").and_then(Value::as_str);
    let files = photos(desk, cover.into_iter()).await;
    let button = contact_button(desk, parcel, &link)?;
    let sent = show(desk, parcel.chat_id, &text, files, Some(button)).await;
    outcome::of(parcel.chat_id, sent)
}

/// A message, a photo or an album; an album has no buttons.
pub async fn show(
    desk: &Desk,
    chat: i64,
    text: &str,
    files: Vec<Attachment>,
    button: Option<Value>,
) -> Result<Value, Refusal> {
    let button = button.map_or_else(|| json!({}), |button| json!({ "reply_markup": button }));
    match files.len() {
        0 => say(desk, chat, text, button).await,
        1 => {
            let params = json!({
                "chat_id": chat, "photo": "attach://photo0", "caption": text, "parse_mode": "HTML",
            });
            desk.telegram
                .upload("sendPhoto", &with(params, button), files)
                .await
        }
        _ => {
            let media: Vec<_> = files
                .iter()
                .enumerate()
                .map(|(place, file)| {
                    let photo = format!("attach://{}", file.name);
                    if place == 0 {
                        json!({ "type": "photo", "media": photo, "caption": text, "parse_mode": "HTML" })
                    } else {
                        json!({ "type": "photo", "media": photo })
                    }
                })
                .collect();
            let params = json!({ "chat_id": chat, "media": media });
            desk.telegram.upload("sendMediaGroup", &params, files).await
        }
    }
}

/// Has a post say something else: its caption, or its text when it has no photo. Nothing to change is as good as changed, and a
/// post that somebody has deleted is left.
pub async fn edit(desk: &Desk, parcel: &Parcel) -> Result<Outcome, Failure> {
    let messages = numbers(&parcel.data, "message_ids");
    let Some(&first) = messages.first() else {
        return Ok(Outcome::Refused {
            error: "it names no message".to_owned(),
        });
    };
    let (text, link) = text(desk, parcel, WITH_PHOTOS)?;
    let is_live = matches!(
        parcel.data.get("look").and_then(Value::as_str),
        Some("live" | "reserved")
    );
    let mut params = json!({
        "chat_id": parcel.chat_id, "message_id": first, "caption": text, "parse_mode": "HTML",
    });
    // An album has no buttons, and what is not for sale needs none.
    if is_live && messages.len() == 1 {
        let button = contact_button(desk, parcel, &link)?;
        if let Some(all) = params.as_object_mut() {
            all.insert("reply_markup".to_owned(), button);
        }
    }
    let answer = say_instead(desk, params).await;
    Ok(match answer {
        Err(refusal)
            if refusal.says("message is not modified")
                || refusal.says("message to edit not found") =>
        {
            Outcome::Sent { messages }
        }
        // The numbers stay: an edit of an album's first message tells only that one.
        Ok(_) => Outcome::Sent { messages },
        Err(refusal) => return outcome::of(parcel.chat_id, Err(refusal)),
    })
}

/// Edits a message: its caption or, when it has none, its text.
async fn say_instead(desk: &Desk, mut params: Value) -> Result<Value, Refusal> {
    match desk.telegram.call("editMessageCaption", &params).await {
        Err(refusal) if refusal.says("no caption in the message") => {
            if let Some(all) = params.as_object_mut() {
                let text = all.remove("caption").unwrap_or_default();
                all.insert("text".to_owned(), text);
            }
            desk.telegram.call("editMessageText", &params).await
        }
        other => other,
    }
}

/// Deletes messages while Telegram allows it, and has them say nothing afterwards.
pub async fn delete(desk: &Desk, parcel: &Parcel) -> Result<Outcome, Failure> {
    let messages = numbers(&parcel.data, "message_ids");
    let until = parcel.data.get("delete_until").and_then(Value::as_str);
    let until = until.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    let is_late = until.is_some_and(|until| until < Utc::now());
    let answer = if is_late {
        empty(desk, parcel, &messages).await
    } else {
        let params = json!({ "chat_id": parcel.chat_id, "message_ids": messages });
        match desk.telegram.call("deleteMessages", &params).await {
            Err(refusal) if refusal.says("can't be deleted") => {
                empty(desk, parcel, &messages).await
            }
            other => other.map(drop),
        }
    };
    Ok(match answer {
        Err(refusal) if !refusal.says("not found") => {
            return outcome::of(parcel.chat_id, Err(refusal));
        }
        _ => Outcome::Sent { messages },
    })
}

async fn empty(desk: &Desk, parcel: &Parcel, all: &[i64]) -> Result<(), Refusal> {
    for message in all {
        let params = json!({ "chat_id": parcel.chat_id, "message_id": message, "caption": "—" });
        match say_instead(desk, params).await {
            Err(refusal) if !refusal.says("not modified") && !refusal.says("not found") => {
                return Err(refusal);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Repeats a message of a chat beneath the post in a group.
pub async fn mirror(desk: &Desk, parcel: &Parcel) -> Result<Outcome, Failure> {
    let text = desk
        .texts
        .say(language(parcel), "chat.mirror", &parcel.data)?;
    let answered = match number(&parcel.data, "reply_to") {
        0 => number(&parcel.data, "root_message_id"),
        message => message,
    };
    // A group that has moved has no message any more that could be answered.
    let more = match answered {
        0 => json!({}),
        answered => json!({
            "reply_parameters": { "message_id": answered, "allow_sending_without_reply": true },
        }),
    };
    let answer = say(desk, parcel.chat_id, &text, more).await;
    outcome::of(parcel.chat_id, answer)
}

/// Deletes what was sent twice; what cannot be deleted stays, and is told.
pub async fn take_away(desk: &Desk, chat: i64, all: &[i64]) {
    let params = json!({ "chat_id": chat, "message_ids": all });
    if let Err(refusal) = desk.telegram.call("deleteMessages", &params).await {
        tracing::warn!(chat, %refusal, "a message that was sent twice stays");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telegram::messages;

    #[test]
    fn numbers_are_read_and_what_is_none_is_left_out() {
        let data = json!({ "message_ids": [3, "x", 4], "listing_id": 7 });
        assert_eq!(numbers(&data, "message_ids"), [3, 4]);
        assert_eq!(numbers(&data, "absent"), [0_i64; 0]);
        assert_eq!(number(&data, "listing_id"), 7);
        assert_eq!(messages(&json!({ "message_id": 9 })), [9]);
    }
}
