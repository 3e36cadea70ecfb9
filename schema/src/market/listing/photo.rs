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
        /// What the names of its files in the store begin with.
        pub storage_key: String,
        /// The media type of its files, for example `image/webp`.
        pub content_type: String,
        /// Pixels of its widest file.
        pub width: i32,
        /// Pixels of its widest file.
        pub height: i32,
    }

    /// Where a listing is whose photos may be changed.
    pub struct ListingPhotoCheck {
        /// Where the listing is in its life.
        pub status: Status,
        /// The listing's version.
        pub version: i32,
    }

    /// A key of the store that no photo has.
    pub struct PhotoOrphan {
        /// The key.
        pub storage_key: String,
    }

    /// Whose turn it is to look for files that no photo names.
    pub struct PhotoSweepTurn {
        /// Whether it is the caller's.
        pub is_mine: bool,
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
        /// What the names of its files in the store begin with, made from their content.
        storage_key: String,
        /// The media type of its files.
        content_type: String,
        /// Pixels of its widest file.
        width: i32,
        /// Pixels of its widest file.
        height: i32,
        /// Bytes of its widest file.
        size_bytes: i64,
        /// What it looks like in 64 bits; none when it is too plain to be compared.
        perceptual_hash: Option<i64>,
    ) -> one<ListingPhotoAdded>;

    /// Whether the person may add a photo now; asked before the photo is looked at.
    fn listing_photo_check(actor: UserId, listing: ListingId) -> one<ListingPhotoCheck>;

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

    /// Those of at most 1000 keys of the store that no photo has.
    fn photo_orphan_list(keys: Vec<String>) -> many<PhotoOrphan>;

    /// Whether it is the caller's turn to look for files that no photo names; once in 20 hours it is somebody's.
    fn photo_sweep_claim() -> one<PhotoSweepTurn>;
}
