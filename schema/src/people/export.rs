//! Everything that is stored about a person, part by part.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::UserId;

row! {
    /// A part of an export that was opened.
    pub struct ExportSection {
        /// The export.
        pub export_id: Uuid,
        /// Whom it is about.
        pub user_id: UserId,
        /// When it was opened.
        pub at: DateTime<Utc>,
        /// The part's name.
        pub section: String,
    }

    /// One thing that is stored.
    pub struct ExportItem {
        /// Where the next items begin, when this is the last of a page.
        pub next_after: String,
        /// The thing itself.
        pub item: Value,
    }
}

entries! {
    "people";

    /// Opens the export of everything stored about the acting person and gives its parts.
    fn export_open(actor: UserId) -> many<ExportSection>;

    /// The same for an operator, about anybody.
    fn export_open_by_operator(user: UserId) -> many<ExportSection>;

    /// Items of a part, at most [`EXPORT_PAGE`].
    fn export_part[ExportPart](
        /// Whose export it is.
        actor: UserId,
        /// The export.
        export: Uuid,
        /// The part's name.
        section: String,
        /// The cursor of the last item that was read.
        after: Option<String>,
    ) -> many<ExportItem>;
}

/// Items of a full page: fewer are the last.
pub const EXPORT_PAGE: usize = 200;
