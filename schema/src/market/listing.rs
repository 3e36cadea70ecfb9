//! Listings: their life, prices, photos, fitment.

entries! {
    "market";
}
