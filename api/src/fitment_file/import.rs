//! Takes a file over: batch by batch, in one transaction, with a report by row. A rehearsal does the same and undoes it,
//! so that it tells exactly what would happen.

use kardan_schema::market::{self, ListingFitmentTaken};
use kardan_schema::{Language, Reason, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Target;
use super::read::FitmentFile;
use crate::app::App;
use crate::extract::CsvReader;
use crate::pool::Tx;
use crate::problem::Problem;

/// Rows that a report names one by one.
const NAMED: usize = 1000;

/// How a file is taken over.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// True only tells what would happen.
    #[serde(default)]
    #[param(required = false)]
    dry_run: bool,
    /// True takes nothing over when a row is refused.
    #[serde(default)]
    #[param(required = false)]
    all_or_nothing: bool,
}

/// What became of a file.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ImportReport {
    /// Whether anything was kept: false for a rehearsal, and when one refused row refuses all.
    applied: bool,
    /// Rows in the file, without the names of the columns.
    rows: u32,
    /// Rows that are new.
    added: u32,
    /// Rows that the listing said already.
    unchanged: u32,
    /// Rows that cannot be taken over.
    refused: u32,
    /// The refused rows, the first 1000 of them.
    problems: Vec<ImportProblem>,
}

/// A row that cannot be taken over.
#[derive(Debug, Serialize, ToSchema)]
struct ImportProblem {
    /// Its number in the file, the names of the columns being row 1, empty rows not counted.
    row: i32,
    /// The stable code of the rule.
    code: String,
    /// The sentence for people.
    message: &'static str,
    /// What is to be said of this row: the part of the vehicle that is not known, the years of the generation.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl ImportReport {
    fn note(&mut self, row: ListingFitmentTaken, language: Language) {
        self.rows += 1;
        match row.outcome.as_str() {
            "added" => self.added += 1,
            "unchanged" => self.unchanged += 1,
            _ => self.refused += 1,
        }
        let Some(code) = row.reason.filter(|_| self.problems.len() < NAMED) else {
            return;
        };
        self.problems.push(ImportProblem {
            row: row.row_number,
            message: Reason::from_code(&code).map_or("", |reason| reason.sentence(language)),
            code,
            detail: row.detail,
        });
    }
}

/// Takes a file over, or tells what would come of it.
pub async fn import(
    app: &App,
    actor: UserId,
    target: Target,
    how: Import,
    language: Language,
    file: CsvReader,
) -> Result<ImportReport, Problem> {
    let mut file = FitmentFile::open(file).await?;
    // The first batch is read before anything is locked; an empty file is asked about all the same.
    let first = file.batch(actor, target).await?;
    let mut db = app.write().await?;
    let tx = db.transaction().await?;
    let mut report = ImportReport::default();
    let taken = take(&tx, &mut file, first, (actor, target), |row| {
        report.note(row, language)
    })
    .await;
    report.applied = taken.is_ok() && !how.dry_run && !(how.all_or_nothing && report.refused > 0);
    if report.applied {
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    taken.map(|()| report)
}

async fn take(
    tx: &Tx<'_>,
    file: &mut FitmentFile,
    first: (market::ListingFitmentImport, bool),
    (actor, target): (UserId, Target),
    mut note: impl FnMut(ListingFitmentTaken),
) -> Result<(), Problem> {
    let (mut batch, mut has_more) = first;
    loop {
        let rows = market::listing_fitment_import(tx, &batch).await?;
        rows.into_iter().for_each(&mut note);
        if !has_more {
            return Ok(());
        }
        (batch, has_more) = file.batch(actor, target).await?;
    }
}
