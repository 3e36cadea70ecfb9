//! Parts of a request as handlers take them. Each says what it demands of a caller, so that the description of a route
//! is read off its handler and cannot differ from it.

mod body;
mod csv;
mod declared;
mod etag;
mod file;
mod once;
mod parameters;
mod secret;
mod upgrade;
mod upload;

pub use body::Body;
pub use csv::{CsvAsk, CsvBody, CsvReader};
pub use declared::{Declared, Demand, demand};
pub use etag::{IfMatch, IfNoneMatch};
pub use file::PhotoFile;
pub use once::{Keyed, Once};
pub use parameters::{Ask, At, PageAsk, page};
pub use upgrade::Upgrade;
pub use upload::{BODY_LIMIT, FIELD, Upload};
