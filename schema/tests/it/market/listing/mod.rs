//! Listings: their life, prices, photos, fitment.
