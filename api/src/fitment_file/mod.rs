//! Files of fitments in CSV: which vehicles which listings fit, for exchange with spreadsheets and other programs. Both
//! directions work in parts, so that a file never lies in memory as a whole. What a row means is decided by the function
//! that takes it.

mod columns;
mod export;
mod import;
mod read;

pub use export::export;
pub use import::{Import, ImportReport, import};

use kardan_schema::{ListingId, ShopId};

/// What a file is about.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// One listing.
    Listing(ListingId),
    /// Every listing of a shop.
    Shop(ShopId),
}

impl Target {
    fn listing(self) -> Option<ListingId> {
        match self {
            Self::Listing(listing) => Some(listing),
            Self::Shop(_) => None,
        }
    }

    fn shop(self) -> Option<ShopId> {
        match self {
            Self::Listing(_) => None,
            Self::Shop(shop) => Some(shop),
        }
    }
}
