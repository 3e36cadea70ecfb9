//! Photos of a listing: what is known of them and their order. The bytes lie in the object store.

use uuid::Uuid;

use super::ListingState;
use crate::{ListingId, Status, UserId};

row! {
    /// A photo that was just added.
    pub struct ListingPhotoAdded {
        /// Its key.
        pub photo_id: Uuid,
        /// Its place, from 1.
        pub position: i32,
        /// Where the listing is now: a published one has gone back to the moderators.
        pub status: Status,
        /// The listing's version to name in the next change.
        pub version: i32,
    }

    /// A photo of a listing.
    pub struct ListingPhoto {
        /// Its key.
        pub photo_id: Uuid,
        /// Its place, from 1; the first is the cover.
        pub position: i32,
        /// Its key in the object store.
        pub storage_key: String,
        /// Its media type, for example `image/webp`.
        pub content_type: String,
        /// Its width in pixels.
        pub width: i32,
        /// Its height in pixels.
        pub height: i32,
    }
}

entries! {
    "market";

    /// Adds a photo, behind the others.
    fn listing_photo_add[ListingPhotoAdd](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// The version that was read; none compares nothing.
        version: Option<i32>,
        /// Its key in the object store, made from its content.
        storage_key: String,
        /// Its media type: JPEG, PNG, WebP or HEIC.
        content_type: String,
        /// Its width in pixels.
        width: i32,
        /// Its height in pixels.
        height: i32,
        /// Its size in bytes.
        size_bytes: i64,
    ) -> one<ListingPhotoAdded>;

    /// Takes a photo away.
    fn listing_photo_remove(actor: UserId, photo: Uuid) -> one<ListingState>;

    /// Puts the photos in this order.
    fn listing_photo_order[ListingPhotoOrder](
        /// The acting person.
        actor: UserId,
        /// The listing.
        listing: ListingId,
        /// The version that was read; none compares nothing.
        version: Option<i32>,
        /// Every photo of the listing once.
        photos: Vec<Uuid>,
    ) -> one<ListingState>;

    /// The photos of a listing that anybody may see, in their order.
    fn listing_photo_list(listing: ListingId) -> many<ListingPhoto>;

    /// The photos of a listing in any state, for its people and moderators.
    fn listing_photo_view(actor: UserId, listing: ListingId) -> many<ListingPhoto>;
}
