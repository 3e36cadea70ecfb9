//! A body that is a file in CSV, as a stream that never gets longer than it may, and how one is wanted. What is in the file
//! is read and written elsewhere.

use std::io;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use tokio_util::io::StreamReader;
use utoipa::IntoParams;

use super::{Declared, Demand};
use crate::app::App;
use crate::problem::{Own, Problem};

/// The bytes that a file may have.
pub const LONGEST: u64 = 10 * 1024 * 1024;

/// How a file is written.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CsvAsk {
    /// True separates cells by semicolons, as spreadsheets in Russian expect it; otherwise by commas.
    semicolon: Option<bool>,
}

impl CsvAsk {
    /// What stands between two cells.
    pub fn separator(&self) -> u8 {
        if self.semicolon == Some(true) {
            b';'
        } else {
            b','
        }
    }
}

/// What a file is read from. It fails with [`io::ErrorKind::FileTooLarge`] when the file is longer than [`LONGEST`].
pub type CsvReader = StreamReader<BoxStream<'static, io::Result<Bytes>>, Bytes>;

/// A file that calls itself CSV.
pub struct CsvBody(pub CsvReader);

impl FromRequest<App> for CsvBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let text = |name| {
            request
                .headers()
                .get(name)
                .and_then(|one| one.to_str().ok())
        };
        let kind = text(header::CONTENT_TYPE).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("text/csv") {
            return Err(Own::CsvExpected.into());
        }
        let announced = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
        if announced.is_some_and(|length| length > LONGEST) {
            return Err(Own::BodyTooLarge.into());
        }
        let mut left = LONGEST;
        let parts = request.into_body().into_data_stream();
        let bounded = parts.map_err(io::Error::other).map(move |part| {
            let part = part?;
            left = left
                .checked_sub(part.len() as u64)
                .ok_or(io::ErrorKind::FileTooLarge)?;
            Ok(part)
        });
        Ok(Self(StreamReader::new(bounded.boxed())))
    }
}

impl Declared for CsvBody {
    fn declare(demand: &mut Demand) {
        demand.has_csv = true;
    }
}
