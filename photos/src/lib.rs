//! Photos, from the bytes that somebody sent to the files that are shown, and the store that keeps the files.
//!
//! [`develop()`] looks at what the bytes are, decodes them within limits and makes the files anew, so that nothing of
//! the original but its picture comes out. [`Lab`] does that off the threads that serve, a few at a time. [`Store`] is
//! the folder or bucket of the files, [`sweep()`] takes away what nobody shows. Which photo belongs to which listing is
//! the database's business: nothing here knows of it.

mod config;
mod develop;
mod error;
mod hash;
mod key;
mod kind;
mod lab;
mod picture;
mod store;
mod sweep;

pub use config::Config;
pub use develop::{File, Photo, develop};
pub use error::{Error, Refusal};
pub use hash::{distance, hash};
pub use key::{CONTENT_TYPE, Key, Name, WIDTHS};
pub use kind::Kind;
pub use lab::{Lab, Place};
pub use picture::{MAX_BYTES, MAX_PIXELS, MAX_SIDE};
pub use store::Store;
pub use sweep::{Plan, Swept, sweep};
