//! Bindings of listings: making and changing them, their life, prices and stock, photos, fitment, and reading them. Search,
//! moderation and reservations have modules of their own.

pub(super) mod code;
pub(super) mod fitment;
pub(super) mod history;
pub(super) mod life;
pub(super) mod missing;
pub(super) mod photo;
pub(super) mod price;
pub(super) mod read;
pub(super) mod schedule;
pub(super) mod write;

pub use code::*;
pub use fitment::*;
pub use history::*;
pub use life::*;
pub use missing::*;
pub use photo::*;
pub use price::*;
pub use read::*;
pub use schedule::*;
pub use write::*;
