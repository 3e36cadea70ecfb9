//! What became of a file of goods.

use kardan_schema::market::{PriceListChange, PriceListProblem, PriceListSummary};
use kardan_schema::{Language, Reason};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What became of a file of goods, or would become of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadReport {
    /// Whether anything was kept: false for a rehearsal, and when one refused row refuses all.
    pub applied: bool,
    /// Rows in the file, without names of columns and empty ones.
    pub rows: i32,
    /// Goods that are new.
    pub new: i32,
    /// Goods that changed.
    pub changed: i32,
    /// Goods that are as the file says.
    pub unchanged: i32,
    /// Goods that were sold or put away, of which the file has no pieces: they stay so.
    pub left: i32,
    /// Rows that cannot be taken over.
    pub refused: i32,
    /// Goods that moderators get to see.
    pub checked: i32,
    /// Goods whose check waits for the next upload: moderators get 2000 of one.
    pub later: i32,
    /// Goods for sale that the file does not name.
    pub missing: i32,
    /// Those of them that were taken from sale.
    pub withdrawn: i32,
    /// How often each field changes.
    #[schema(value_type = std::collections::HashMap<String, i32>)]
    pub fields: Value,
    /// The new and changed goods, the first 1000 of them.
    pub changes: Vec<UploadChange>,
    /// How many there are besides.
    pub changes_more: i32,
    /// Rows with which something is wrong, the first 1000 of them.
    pub problems: Vec<UploadProblem>,
    /// How many there are besides.
    pub problems_more: i32,
    /// Columns that say nothing here.
    pub ignored_columns: Vec<String>,
}

/// A good that is new or changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadChange {
    #[serde(flatten)]
    change: PriceListChange,
}

/// A row with which something is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadProblem {
    /// Its number in the file, the names of the columns being row 1.
    row: i32,
    /// The shop's own code in that row; may be empty.
    goods_code: String,
    /// The column, or the extra field, at fault.
    field: String,
    /// Whether the row is not taken over; otherwise the good stays a draft.
    is_refused: bool,
    /// The stable code of the rule.
    code: String,
    /// The sentence for people.
    message: &'static str,
    /// What is to be said of this row: the cell, the row with the same code, the state of the listing.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl UploadReport {
    /// A report of what would be.
    pub fn of(
        summary: PriceListSummary,
        changes: Vec<PriceListChange>,
        ignored: Vec<String>,
    ) -> Self {
        let told = i32::try_from(changes.len()).unwrap_or(i32::MAX);
        Self {
            applied: false,
            rows: summary.row_count,
            new: summary.new_count,
            changed: summary.changed_count,
            unchanged: summary.unchanged_count,
            left: summary.left_count,
            refused: summary.refused_count,
            checked: summary.checked_count,
            later: summary.later_count,
            missing: summary.missing_count,
            withdrawn: 0,
            fields: summary.field_counts,
            changes_more: summary.new_count + summary.changed_count - told,
            changes: changes
                .into_iter()
                .map(|change| UploadChange { change })
                .collect(),
            problems: Vec::new(),
            problems_more: 0,
            ignored_columns: ignored,
        }
    }

    /// Adds what is wrong.
    pub fn note(&mut self, problems: Vec<PriceListProblem>, language: Language) {
        let count = problems.first().map_or(0, |problem| problem.problem_count);
        self.problems_more = count - i32::try_from(problems.len()).unwrap_or(count);
        self.problems = problems
            .into_iter()
            .map(|row| told(row, language))
            .collect();
    }

    /// Counts rows whose listing was changed by somebody between the comparison and the change.
    pub fn stale(&mut self, count: i32) {
        self.refused += count;
        self.changed -= count;
    }
}

fn told(row: PriceListProblem, language: Language) -> UploadProblem {
    let message = Reason::from_code(&row.reason).map_or("", |reason| reason.sentence(language));
    UploadProblem {
        row: row.row_number,
        goods_code: row.code,
        field: row.field,
        is_refused: row.is_refused,
        message,
        code: row.reason,
        detail: row.detail.filter(|detail| !detail.is_empty()),
    }
}
