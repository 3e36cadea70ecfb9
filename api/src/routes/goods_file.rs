//! Files of a shop's goods: price lists and lists of stock.

use axum::Extension;
use axum::extract::State;
use kardan_schema::ShopId;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::answer::{Json, Result};
use crate::app::App;
use crate::auth::{GoodsRead, GoodsWrite, StockWrite};
use crate::context::Context;
use crate::extract::{Ask, At, CsvAsk};
use crate::goods_file::{Content, Goods, GoodsFile, How, Missing, UploadReport, csv, upload, xlsx};
use crate::problem::Problem;
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        shop_goods_csv => "market.shop_goods_export";
        shop_goods_xlsx => "market.shop_goods_export";
        price_list_upload => "market.price_list_begin", "market.price_list_stage", "market.price_list_summary",
            "market.price_list_change_list", "market.price_list_problem_list", "market.price_list_apply",
            "market.price_list_finish";
        stock_list_upload => "market.price_list_begin", "market.price_list_stage", "market.price_list_summary",
            "market.price_list_change_list", "market.price_list_problem_list", "market.price_list_apply",
            "market.price_list_finish";
    );
}

/// How a price list is taken over.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PriceListAsk {
    /// True only tells what would happen.
    #[serde(default)]
    #[param(required = false)]
    dry_run: bool,
    /// True takes nothing over when a row is refused.
    #[serde(default)]
    #[param(required = false)]
    all_or_nothing: bool,
    /// What becomes of goods for sale that have a code and are not in the file.
    #[serde(default)]
    #[param(inline, required = false)]
    missing: Missing,
    /// True sends drafts that the file names to the moderators, to be published.
    #[serde(default)]
    #[param(required = false)]
    submit: bool,
    /// The condition of new goods where their row has none.
    condition: Option<String>,
    /// The town of new goods where their row has none; otherwise the shop's.
    place: Option<String>,
    /// The pieces of new goods where their row does not say.
    stock: Option<String>,
    /// Whom to ask for, where the row of new goods does not say.
    contact_name: Option<String>,
    /// The phone, where the row of new goods does not say.
    contact_phone: Option<String>,
    /// The Telegram name, where the row of new goods does not say.
    contact_telegram: Option<String>,
}

/// What new goods get where their row is empty.
#[derive(Serialize)]
struct Defaults {
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stock: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_telegram: Option<String>,
}

impl PriceListAsk {
    fn how(self) -> std::result::Result<How, Problem> {
        let defaults = Defaults {
            condition: self.condition,
            place: self.place,
            stock: self.stock,
            contact_name: self.contact_name,
            contact_phone: self.contact_phone,
            contact_telegram: self.contact_telegram,
        };
        Ok(How {
            content: Content::PriceList,
            dry_run: self.dry_run,
            all_or_nothing: self.all_or_nothing,
            missing: self.missing,
            submit: self.submit,
            defaults: serde_json::to_value(defaults).map_err(|error| Problem::internal(&error))?,
        })
    }
}

/// Take a price list over, CSV, XLSX or YML: at most 32 MB and 50000 rows. The column code names the good by the shop's own code; what is
/// new is made, what changed is changed, what is wrong is reported row by row.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/price-list", tag = "shops",
    responses((status = 200, description = "What became of the rows.", body = UploadReport)))]
async fn price_list_upload(
    State(app): State<App>,
    GoodsWrite(me): GoodsWrite,
    At(shop): At<ShopId>,
    Ask(ask): Ask<PriceListAsk>,
    Extension(context): Extension<Context>,
    file: GoodsFile,
) -> Result<Json<UploadReport>> {
    let how = ask.how()?;
    let report = upload(&app, (me.user, shop), &how, context.language(), file).await?;
    Ok(Json(report))
}

/// How a list of stock is taken over.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct StockListAsk {
    /// True only tells what would happen.
    #[serde(default)]
    #[param(required = false)]
    dry_run: bool,
    /// True takes nothing over when a row is refused.
    #[serde(default)]
    #[param(required = false)]
    all_or_nothing: bool,
}

/// Take a list of stock over: the columns code and stock, pieces on the shelf with those that are held for buyers. Nothing
/// else of the goods changes.
#[utoipa::path(post, path = "/v1/shops/{shop_id}/stock-list", tag = "shops",
    responses((status = 200, description = "What became of the rows.", body = UploadReport)))]
async fn stock_list_upload(
    State(app): State<App>,
    StockWrite(me): StockWrite,
    At(shop): At<ShopId>,
    Ask(ask): Ask<StockListAsk>,
    Extension(context): Extension<Context>,
    file: GoodsFile,
) -> Result<Json<UploadReport>> {
    let how = How::stock(ask.dry_run, ask.all_or_nothing);
    let report = upload(&app, (me.user, shop), &how, context.language(), file).await?;
    Ok(Json(report))
}

/// The goods of a shop as a price list in CSV, for its members: read back, it changes nothing.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/goods.csv", tag = "shops",
    responses((status = 200, description = "The file.", content_type = "text/csv", body = String)))]
async fn shop_goods_csv(
    State(app): State<App>,
    GoodsRead(me): GoodsRead,
    At(shop): At<ShopId>,
    Ask(ask): Ask<CsvAsk>,
) -> Result {
    csv(Goods::of(&app, me.user, shop), ask.separator()).await
}

/// The goods of a shop as a price list in XLSX, for its members; what does not fit onto a sheet goes onto the next.
#[utoipa::path(get, path = "/v1/shops/{shop_id}/goods.xlsx", tag = "shops",
    responses((status = 200, description = "The file.",
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String)))]
async fn shop_goods_xlsx(
    State(app): State<App>,
    GoodsRead(me): GoodsRead,
    At(shop): At<ShopId>,
) -> Result {
    xlsx(&app, Goods::of(&app, me.user, shop)).await
}
