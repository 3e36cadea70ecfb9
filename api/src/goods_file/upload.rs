//! Takes a file over: rows are staged and judged batch by batch, then what changes is applied piece by piece, all in one
//! transaction. A rehearsal ends before the second half.

use kardan_schema::market::{self, PriceListApply, PriceListFinish, PriceListStage};
use kardan_schema::{Language, ShopId, UserId};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::columns::Content;
use super::read::Reading;
use super::report::UploadReport;
use super::{GoodsFile, malformed};
use crate::app::App;
use crate::pool::Tx;
use crate::problem::Problem;

/// What becomes of goods that the file does not name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// They stay as they are.
    #[default]
    Keep,
    /// They are taken from sale.
    Withdraw,
}

/// How a file is taken over.
#[derive(Debug)]
pub struct How {
    /// What it tells.
    pub content: Content,
    /// Only tells what would happen.
    pub dry_run: bool,
    /// Takes nothing over when a row is refused.
    pub all_or_nothing: bool,
    /// What becomes of goods that the file does not name.
    pub missing: Missing,
    /// Drafts are to be checked and published.
    pub submit: bool,
    /// What new goods get where their row is empty.
    pub defaults: Value,
}

/// Takes a file over, or tells what would come of it.
pub async fn upload(
    app: &App,
    (actor, shop): (UserId, ShopId),
    how: &How,
    language: Language,
    file: GoodsFile,
) -> Result<UploadReport, Problem> {
    let _place = app.reading_place().await?;
    let mut file = Reading::begin(file, how.content);
    // The first batch is read before anything is locked.
    let Some(first) = file.batch().await else {
        file.end().await?;
        return Err(malformed("the file has no rows"));
    };
    let mut db = app.write().await?;
    let tx = db.transaction().await?;
    match take(&tx, (actor, shop), how, language, (file, first)).await {
        Ok(report) if report.applied => tx.commit().await.map(|()| report),
        outcome => {
            tx.rollback().await?;
            outcome
        }
    }
}

async fn take(
    tx: &Tx<'_>,
    (actor, shop): (UserId, ShopId),
    how: &How,
    language: Language,
    (mut file, first): (Reading, Value),
) -> Result<UploadReport, Problem> {
    market::price_list_begin(tx, actor, shop).await?;
    let mut batch = PriceListStage {
        actor,
        shop,
        rows: first,
        defaults: how.defaults.clone(),
        submit: how.submit,
    };
    loop {
        market::price_list_stage(tx, &batch).await?;
        match file.batch().await {
            Some(rows) => batch.rows = rows,
            None => break,
        }
    }
    let ignored = file.end().await?;
    let summary = market::price_list_summary(tx, actor, shop, None).await?;
    let changes = market::price_list_change_list(tx, actor, shop, None).await?;
    let mut report = UploadReport::of(summary, changes, ignored);
    if !(how.dry_run || how.all_or_nothing && report.refused > 0) {
        report.stale(apply(tx, (actor, shop)).await?);
        report.applied = !(how.all_or_nothing && report.refused > 0);
    }
    let problems = market::price_list_problem_list(tx, actor, shop, None).await?;
    report.note(problems, language);
    if report.applied {
        report.withdrawn = finish(tx, (actor, shop), how.missing).await?;
    }
    Ok(report)
}

/// Applies all pieces; tells how many rows were overtaken by somebody else's change.
async fn apply(tx: &Tx<'_>, (actor, shop): (UserId, ShopId)) -> Result<i32, Problem> {
    let mut piece = PriceListApply {
        actor,
        shop,
        after: None,
        limit: None,
    };
    let mut stale = 0;
    loop {
        let done = market::price_list_apply(tx, &piece).await?;
        stale += done.stale;
        match done.last_row {
            Some(row) => piece.after = Some(row),
            None => return Ok(stale),
        }
    }
}

/// Ends the upload; tells how many goods were taken from sale.
async fn finish(
    tx: &Tx<'_>,
    (actor, shop): (UserId, ShopId),
    missing: Missing,
) -> Result<i32, Problem> {
    let end = PriceListFinish {
        actor,
        shop,
        withdraw: missing == Missing::Withdraw,
        limit: None,
    };
    let mut withdrawn = 0;
    loop {
        let done = market::price_list_finish(tx, &end).await?;
        withdrawn += done.withdrawn;
        if done.is_over {
            return Ok(withdrawn);
        }
    }
}

impl How {
    /// A list of stock changes nothing but stock.
    pub fn stock(dry_run: bool, all_or_nothing: bool) -> Self {
        Self {
            content: Content::Stock,
            dry_run,
            all_or_nothing,
            missing: Missing::Keep,
            submit: false,
            defaults: json!({}),
        }
    }
}
