//! Writes a file page by page while it is being sent.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use csv_async::AsyncWriterBuilder;
use futures_util::stream;
use kardan_schema::UserId;
use kardan_schema::market::{self, ListingFitmentExport, ListingFitmentLine};

use super::Target;
use super::columns::NAMES;
use crate::app::App;
use crate::cell::inert;
use crate::problem::{Problem, chain};

/// Rows that are in memory at a time.
const PAGE: i32 = 500;

/// The mark by which spreadsheets know UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// What is still to be written.
struct Rest {
    app: App,
    ask: ListingFitmentExport,
    separator: u8,
    rows: Vec<ListingFitmentLine>,
    is_first: bool,
}

/// A file with what a listing or a shop's listings say they fit. Its first page is read before the answer begins, so that
/// a refusal is a refusal.
pub async fn export(
    app: &App,
    actor: UserId,
    target: Target,
    separator: u8,
) -> Result<Response, Problem> {
    let ask = ListingFitmentExport {
        actor,
        listing: target.listing(),
        shop: target.shop(),
        limit: Some(PAGE),
        after_listing: None,
        after: None,
    };
    let rows = market::listing_fitment_export(&app.write().await?, &ask).await?;
    let rest = Rest {
        app: app.clone(),
        ask,
        separator,
        rows,
        is_first: true,
    };
    let pages = stream::try_unfold(Some(rest), |rest| async move {
        match rest {
            Some(rest) => rest.page().await.map(Some),
            None => Ok(None),
        }
    });
    let mut response = Response::new(Body::from_stream(pages));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    let place = HeaderValue::from_static("attachment; filename=\"fitments.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, place);
    Ok(response)
}

impl Rest {
    /// The page that was read, as text, and what comes after it.
    async fn page(mut self) -> Result<(Bytes, Option<Self>), std::io::Error> {
        let text = self.text().await?;
        let is_full = usize::try_from(PAGE).is_ok_and(|page| self.rows.len() >= page);
        let Some(last) = self.rows.last().filter(|_| is_full) else {
            return Ok((text, None));
        };
        self.ask.after_listing = Some(last.listing_id);
        self.ask.after = Some(last.fitment_id);
        self.is_first = false;
        self.rows = self.read().await.map_err(|problem| {
            // The answer is half sent: all that is left is to break it off.
            tracing::warn!(?problem, "a file broke off");
            std::io::Error::other("the file broke off")
        })?;
        Ok((text, Some(self)))
    }

    async fn read(&self) -> Result<Vec<ListingFitmentLine>, Problem> {
        let db = self.app.write().await?;
        Ok(market::listing_fitment_export(&db, &self.ask).await?)
    }

    async fn text(&self) -> Result<Bytes, std::io::Error> {
        let start = if self.is_first { MARK } else { &[] };
        let mut writer = AsyncWriterBuilder::new()
            .delimiter(self.separator)
            .create_writer(start.to_vec());
        if self.is_first {
            writer.write_record(NAMES).await.map_err(broken)?;
        }
        for row in &self.rows {
            writer.write_record(cells(row)).await.map_err(broken)?;
        }
        let text = writer.into_inner().await;
        let text = text.map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(Bytes::from(text))
    }
}

fn cells(row: &ListingFitmentLine) -> [String; 7] {
    let year = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
    [
        row.listing_id.to_string(),
        inert(&row.make_name).into_owned(),
        inert(&row.model_name).into_owned(),
        inert(&row.generation_name).into_owned(),
        year(row.year_from),
        year(row.year_to),
        inert(&row.note).into_owned(),
    ]
}

fn broken(error: csv_async::Error) -> std::io::Error {
    tracing::warn!(error = %chain(&error), "a row was not written");
    std::io::Error::other("a row was not written")
}
