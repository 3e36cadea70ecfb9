//! Everything that is stored about a person, as one ZIP: `export.json`, and a folder with the photos. It is written while
//! it is being sent: a page of items or one photo is in memory at a time, whatever the person has. What is told and what
//! is not is decided in the database, section by section.

mod document;
mod error;
mod photos;
mod zip;

use axum::body::Bytes;
use kardan_photos::Store;
use kardan_schema::people::{self, EXPORT_PAGE, ExportItem, ExportPart, ExportSection};
use kardan_schema::{Db, UserId};
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

pub use error::Error;

/// Reads the pages of an export; the server takes a connection for each, so that a slow reader holds none.
pub trait Pages: Sync {
    /// One page.
    fn page(&self, ask: &ExportPart)
    -> impl Future<Output = Result<Vec<ExportItem>, Error>> + Send;
}

/// One connection serves whoever has nothing else to do.
impl Pages for tokio_postgres::Client {
    async fn page(&self, ask: &ExportPart) -> Result<Vec<ExportItem>, Error> {
        read(self, ask).await
    }
}

/// One page by a connection.
pub(crate) async fn read(db: &impl Db, ask: &ExportPart) -> Result<Vec<ExportItem>, Error> {
    people::export_part(db, ask)
        .await
        .map_err(|error| Error::Page(Box::new(error)))
}

/// A piece of an archive, or that it broke off.
pub type Piece = std::io::Result<Bytes>;

/// What an archive came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Written {
    /// Things that are told.
    pub items: u64,
    /// Files of photos.
    pub photos: u64,
    /// Photos whose files the store does not have; their keys are in `missing-photos.txt`.
    pub missing_photos: u64,
}

/// An export that was opened.
#[derive(Debug, Clone)]
pub struct Export {
    id: Uuid,
    user: UserId,
    at: chrono::DateTime<chrono::Utc>,
    sections: Vec<String>,
}

impl Export {
    /// What the database said when it was opened.
    ///
    /// # Errors
    /// `Empty` when it named no section.
    pub fn of(sections: Vec<ExportSection>) -> Result<Self, Error> {
        let first = sections.first().ok_or(Error::Empty)?;
        Ok(Self {
            id: first.export_id,
            user: first.user_id,
            at: first.at,
            sections: sections.into_iter().map(|one| one.section).collect(),
        })
    }

    /// Writes the archive into a channel, in pieces.
    ///
    /// # Errors
    /// `Page` and `Store` when something cannot be read, `Zip` when it cannot be written, `Gone` when nobody reads it.
    pub async fn write(
        &self,
        pages: &impl Pages,
        store: &Store,
        out: &Sender<Piece>,
    ) -> Result<Written, Error> {
        let mut zip = zip::Zip::new(self.at, out);
        let items = document::write(self, pages, &mut zip).await?;
        let mut written = photos::write(self, pages, store, &mut zip).await?;
        written.items = items;
        zip.end().await?;
        Ok(written)
    }

    fn walk<'a, P: Pages>(&self, pages: &'a P, section: &str) -> Walk<'a, P> {
        Walk {
            pages,
            ask: ExportPart {
                actor: self.user,
                export: self.id,
                section: section.to_owned(),
                after: None,
            },
            is_over: false,
        }
    }
}

/// The pages of a section, one after the other.
struct Walk<'a, P> {
    pages: &'a P,
    ask: ExportPart,
    is_over: bool,
}

impl<P: Pages> Walk<'_, P> {
    /// The next page; none after the last one.
    async fn next(&mut self) -> Result<Option<Vec<ExportItem>>, Error> {
        if self.is_over {
            return Ok(None);
        }
        let page = self.pages.page(&self.ask).await?;
        self.is_over = page.len() < EXPORT_PAGE;
        self.ask.after = page.last().map(|last| last.next_after.clone());
        Ok(Some(page))
    }
}
