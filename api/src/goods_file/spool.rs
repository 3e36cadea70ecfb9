//! A file of goods as it comes: onto the disk first, so that nothing begins before it is whole, no connection waits for a
//! slow sender, and none of it lies in memory.

use std::fs::File;
use std::io::SeekFrom;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderName, header};
use futures_util::StreamExt as _;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use crate::app::App;
use crate::extract::{Declared, Demand};
use crate::problem::{Own, Problem};

/// The bytes that a file may have.
const LONGEST: u64 = 32 * 1024 * 1024;

/// What files call themselves.
const TYPES: &[&str] = &[
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/xml",
    "text/xml",
    "application/octet-stream",
];

/// How long a file waits until others are read.
const PATIENCE: Duration = Duration::from_secs(10);

/// A whole file on disk, which is gone when this is dropped.
#[derive(Debug)]
pub struct GoodsFile {
    pub file: File,
    /// What its sender says of its encoding.
    pub charset: Option<String>,
}

impl FromRequest<App> for GoodsFile {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let kind = text(&request, &header::CONTENT_TYPE).to_ascii_lowercase();
        let mut parts = kind.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        if !TYPES.contains(&essence) {
            return Err(Own::GoodsFileExpected.into());
        }
        let charset = parts.find_map(|part| part.strip_prefix("charset="));
        let charset = charset.map(|name| name.trim_matches('"').to_owned());
        let announced = text(&request, &header::CONTENT_LENGTH).parse::<u64>();
        if announced.is_ok_and(|length| length > LONGEST) {
            return Err(Own::BodyTooLarge.into());
        }
        let file = kept(request.into_body()).await?;
        Ok(Self { file, charset })
    }
}

fn text<'a>(request: &'a Request, name: &HeaderName) -> &'a str {
    let value = request.headers().get(name);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Writes a body to the disk.
async fn kept(body: Body) -> Result<File, Problem> {
    let file = tempfile::tempfile().map_err(unreadable)?;
    let mut file = tokio::fs::File::from_std(file);
    let mut left = LONGEST;
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        // The sender went away: nothing has begun.
        let part = part.map_err(|_| Problem::from(Own::BadRequest))?;
        left = left
            .checked_sub(part.len() as u64)
            .ok_or_else(|| Problem::from(Own::BodyTooLarge))?;
        file.write_all(&part).await.map_err(unreadable)?;
    }
    file.flush().await.map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).await.map_err(unreadable)?;
    Ok(file.into_std().await)
}

/// The disk failed.
pub fn unreadable(error: std::io::Error) -> Problem {
    Problem::internal(&error)
}

impl Declared for GoodsFile {
    fn declare(demand: &mut Demand) {
        demand.files = TYPES;
    }
}

impl App {
    /// A place among those whose files are being read; they are few, because each takes a core and memory.
    pub async fn reading_place(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Problem> {
        let place = tokio::time::timeout(PATIENCE, self.readers().acquire_owned()).await;
        match place {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Problem::from(Own::Overloaded).retry_after(PATIENCE)),
        }
    }
}
