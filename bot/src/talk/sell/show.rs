//! How a listing will look in its channel.

use kardan_schema::ListingId;
use kardan_schema::market::{self, ListingInside};
use serde_json::json;

use super::super::Room;
use crate::error::Failure;
use crate::updates::Pictures;

/// Units of a description in a post with photos.
const DESCRIPTION: usize = 500;

/// The listing as its channel will show it; none when it is gone.
pub async fn post(room: &Room<'_>, listing: ListingId) -> Result<Option<Pictures>, Failure> {
    let actor = room.person.user_id;
    let Some(inside) = market::listing_view(room.db, actor, listing).await? else {
        return Ok(None);
    };
    let photos = market::listing_photo_view(room.db, actor, listing).await?;
    Ok(Some(Pictures {
        text: text(room, &inside)?,
        keys: photos.into_iter().map(|photo| photo.storage_key).collect(),
    }))
}

fn text(room: &Room<'_>, inside: &ListingInside) -> Result<String, Failure> {
    let link = room.desk.link(&format!("c_{}", inside.listing_id));
    let value = json!({
        "title": inside.title, "brand": inside.brand_label, "part_number": inside.part_number,
        "condition": inside.condition, "price_minor": inside.price_minor, "currency": inside.currency,
        "wholesale_price_minor": inside.wholesale_price_minor,
        "wholesale_min_quantity": inside.wholesale_min_quantity,
        "description": inside.description,
    });
    let data = json!({ "look": "live", "value": value, "link": link, "limit": DESCRIPTION });
    room.say("post.live", data)
}
