//! A listing as its channel shows it.

use kardan_schema::ListingId;
use kardan_schema::market;
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::Failure;
use crate::sender::WITH_PHOTOS;
use crate::talk::Room;
use crate::updates::Pictures;

/// A listing as it will look when it is published; none when it is gone.
pub async fn preview(room: &Room<'_>, listing: ListingId) -> Result<Option<Pictures>, Failure> {
    let actor = room.person.user_id;
    let Some(inside) = market::listing_view(room.db, actor, listing).await? else {
        return Ok(None);
    };
    let photos = market::listing_photo_view(room.db, actor, listing).await?;
    Ok(Some(Pictures {
        text: text(room, listing, "live", &inside)?,
        keys: photos.into_iter().map(|photo| photo.storage_key).collect(),
    }))
}

/// The text of the post. `row` is the listing as anybody or as its people see it: both name the fields of a post alike, but for the
/// brand.
pub fn text(
    room: &Room<'_>,
    listing: ListingId,
    look: &str,
    row: impl Serialize,
) -> Result<String, Failure> {
    let mut value = json!(row);
    if let Some(fields) = value.as_object_mut() {
        let brand = fields.get("brand_label").cloned();
        fields.insert("brand".to_owned(), brand.unwrap_or(Value::Null));
    }
    let link = room.desk.link(&format!("c_{listing}"));
    room.say(
        "post.live",
        json!({ "look": look, "value": value, "link": link, "limit": WITH_PHOTOS }),
    )
}
