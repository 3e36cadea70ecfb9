//! Goods of a shop as files: price lists and lists of stock on their way in, price lists on their way out. A file that
//! comes is kept on disk until it is whole, read
//! row by row on a thread of its own, and handed over in batches; what a row means is decided by the functions that take
//! it.

mod columns;
mod csv;
mod export;
mod line;
mod read;
mod report;
mod sheets;
mod spool;
mod text;
mod upload;
mod xlsx;
mod yml;

pub use columns::Content;
pub use export::{Goods, csv};
pub use report::UploadReport;
pub use sheets::xlsx;
pub use spool::GoodsFile;
pub use upload::{How, Missing, upload};

use crate::problem::{Own, Problem};

/// A file that cannot be read, and why.
fn malformed(detail: impl Into<String>) -> Problem {
    Problem::from(Own::GoodsFileMalformed).detail(detail)
}
