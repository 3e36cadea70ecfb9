//! A photo that somebody sends, into the store and then into their listing.

use std::time::Duration;

use kardan_photos::{CONTENT_TYPE, MAX_BYTES, Photo, Refusal};
use kardan_schema::market::{self, ListingPhotoAdd};
use kardan_schema::{ListingId, UserId};
use serde_json::json;

use super::answer::{Answer, plain, refused};
use super::incoming::File;
use crate::error::Failure;
use crate::talk::{Input, Visit};

/// How long to wait for a place in the lab before asking again.
const WAIT: Duration = Duration::from_millis(200);

/// Takes a photo, if the open question asks for one.
pub async fn take(visit: Visit<'_>, file: &File) -> Result<Answer, Failure> {
    let Visit { desk, person, .. } = visit;
    let talk = visit.peek().await?;
    let Some(listing) = talk.and_then(|talk| talk.wants_photo()) else {
        return plain(desk, person, "photo.unasked", json!({}));
    };
    // Said before the work: looking at a picture costs much, a refusal little.
    let actor = person.user_id;
    let may = desk
        .ask(async |db| market::listing_photo_check(db, actor, listing).await)
        .await;
    if let Err(failure) = may {
        return refused(person, failure);
    }
    let bytes = match desk.telegram.download(&file.file_id, MAX_BYTES).await {
        Ok(bytes) => bytes,
        Err(refusal) if refusal.says("file is too big") => {
            return plain(desk, person, "photo.too_big", json!({}));
        }
        Err(refusal) => return Err(Failure::Telegram(refusal)),
    };
    let place = loop {
        if let Some(place) = desk.lab.place() {
            break place;
        }
        desk.rest(WAIT).await;
    };
    let photo = match place.develop(bytes.into()).await? {
        Ok(photo) => photo,
        Err(refusal) => return plain(desk, person, why(refusal), json!({})),
    };
    let was_there = desk.photos.put(&photo).await?;
    let answer = visit.hear(Input::Photo(&photo)).await?;
    // Old files of the same photo may have been swept away just before it was recorded.
    if was_there && !desk.photos.has_whole(&photo).await? {
        desk.photos.put(&photo).await?;
    }
    match answer {
        Some(answer) => Ok(answer),
        None => plain(desk, person, "photo.unasked", json!({})),
    }
}

const fn why(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::TooManyBytes | Refusal::TooManyPixels { .. } => "photo.too_big",
        Refusal::Empty | Refusal::UnknownKind | Refusal::Heic | Refusal::Damaged => "photo.unknown",
    }
}

/// What the market is told of a photo.
pub fn wish(actor: UserId, listing: ListingId, photo: &Photo) -> ListingPhotoAdd {
    ListingPhotoAdd {
        actor,
        listing,
        version: None,
        storage_key: photo.key.as_str().to_owned(),
        content_type: CONTENT_TYPE.to_owned(),
        width: i32::try_from(photo.width).unwrap_or(i32::MAX),
        height: i32::try_from(photo.height).unwrap_or(i32::MAX),
        size_bytes: i64::try_from(photo.size_bytes()).unwrap_or(i64::MAX),
        perceptual_hash: photo.hash,
    }
}
