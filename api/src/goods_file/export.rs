//! The goods of a shop as a file that is a price list again: CSV page by page while it is sent, XLSX page by page onto the
//! disk and then sent. Cells that a spreadsheet would take for a formula are inert.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use csv_async::AsyncWriterBuilder;
use futures_util::stream;
use kardan_schema::market::{self, ShopGood, ShopGoodsExport};
use kardan_schema::{ListingId, ShopId, UserId};

use crate::app::App;
use crate::cell::inert;
use crate::problem::{Problem, chain};

/// Goods that are in memory at a time.
const PAGE: i32 = 1000;

/// The mark by which spreadsheets know UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The columns as they are written.
pub const NAMES: [&str; 18] = [
    "code",
    "listing_id",
    "title",
    "price",
    "wholesale_price",
    "wholesale_quantity",
    "stock",
    "category",
    "brand",
    "part_number",
    "condition",
    "place",
    "currency",
    "description",
    "contact_name",
    "contact_phone",
    "contact_telegram",
    "status",
];

/// The goods of a shop, page by page.
pub struct Goods {
    app: App,
    ask: ShopGoodsExport,
    is_over: bool,
}

impl Goods {
    pub fn of(app: &App, actor: UserId, shop: ShopId) -> Self {
        Self {
            app: app.clone(),
            ask: ShopGoodsExport {
                actor,
                shop,
                limit: Some(PAGE),
                after_listing: None::<ListingId>,
            },
            is_over: false,
        }
    }

    /// The next page; an empty one at the end.
    pub async fn page(&mut self) -> Result<Vec<ShopGood>, Problem> {
        if self.is_over {
            return Ok(Vec::new());
        }
        let db = self.app.write().await?;
        let rows = market::shop_goods_export(&db, &self.ask).await?;
        self.is_over = rows.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
        self.ask.after_listing = rows.last().map(|row| row.listing_id);
        Ok(rows)
    }
}

/// CSV. Its first page is read before the answer begins, so that a refusal is a refusal.
pub async fn csv(mut goods: Goods, separator: u8) -> Result<Response, Problem> {
    let mut start = AsyncWriterBuilder::new()
        .delimiter(separator)
        .create_writer(MARK.to_vec());
    start
        .write_record(NAMES)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let first = goods.page().await?;
    let start = start.into_inner().await;
    let start = start.map_err(|error| Problem::internal(&error))?;
    let state = Some((goods, first, start));
    let pages = stream::try_unfold(state, move |state| async move {
        let Some((mut goods, rows, mut text)) = state else {
            return Ok(None);
        };
        text.extend(written(&rows, separator).await?);
        if rows.is_empty() {
            return Ok(Some((Bytes::from(text), None)));
        }
        let next = goods.page().await.map_err(|problem| {
            // The answer is half sent: all that is left is to break it off.
            tracing::warn!(?problem, "a file broke off");
            std::io::Error::other("the file broke off")
        })?;
        Ok::<_, std::io::Error>(Some((Bytes::from(text), Some((goods, next, Vec::new())))))
    });
    Ok(file(
        Body::from_stream(pages),
        "text/csv; charset=utf-8",
        "goods.csv",
    ))
}

async fn written(rows: &[ShopGood], separator: u8) -> Result<Vec<u8>, std::io::Error> {
    let mut writer = AsyncWriterBuilder::new()
        .delimiter(separator)
        .create_writer(Vec::new());
    for row in rows {
        writer.write_record(harmless(row)).await.map_err(|error| {
            tracing::warn!(error = %chain(&error), "a row was not written");
            std::io::Error::other("a row was not written")
        })?;
    }
    let text = writer.into_inner().await;
    text.map_err(|error| std::io::Error::other(error.to_string()))
}

fn harmless(row: &ShopGood) -> [String; 18] {
    cells(row).map(|cell| inert(&cell).into_owned())
}

/// A good in the order of [`NAMES`].
pub fn cells(row: &ShopGood) -> [String; 18] {
    let quantity = row.wholesale_quantity.map(|quantity| quantity.to_string());
    [
        row.code.clone(),
        row.listing_id.to_string(),
        row.title.clone(),
        row.price.clone(),
        row.wholesale_price.clone().unwrap_or_default(),
        quantity.unwrap_or_default(),
        row.stock.to_string(),
        row.category.clone(),
        row.brand.clone(),
        row.part_number.clone(),
        row.condition.clone(),
        row.place.clone(),
        row.currency.clone(),
        row.description.clone(),
        row.contact_name.clone(),
        row.contact_phone.clone(),
        row.contact_telegram.clone(),
        row.status.word().to_owned(),
    ]
}

/// A file as an answer.
pub fn file(body: Body, kind: &'static str, name: &'static str) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let place = format!("attachment; filename=\"{name}\"");
    if let Ok(place) = HeaderValue::from_str(&place) {
        headers.insert(header::CONTENT_DISPOSITION, place);
    }
    response
}
