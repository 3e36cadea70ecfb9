//! Everything that is stored about the acting person.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream;
use kardan_schema::people::{self, ExportItem, ExportPart};

use crate::answer::{Binary, Result};
use crate::app::App;
use crate::archive::{self, Export, Pages};
use crate::auth::Write;
use crate::problem::{Problem, chain};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        export_make => "people.export_open", "people.export_part";
    );
}

/// Everything stored about me, as a ZIP with `export.json` and my photos.
///
/// It is written while it is sent; one that broke off has no list of files, and programs say so. Three times a day.
#[utoipa::path(post, path = "/v1/me/export", tag = "me",
    responses((status = 200, description = "The archive.", body = inline(Binary), content_type = "application/zip")))]
async fn export_make(State(app): State<App>, Write(me): Write) -> Result {
    let sections = people::export_open(&app.write().await?, me.user).await?;
    let export = Export::of(sections).map_err(|error| Problem::internal(&error))?;
    let mut response = Response::new(streamed(app, export));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/zip");
    headers.insert(header::CONTENT_TYPE, kind);
    let place = HeaderValue::from_static("attachment; filename=\"kardan-export.zip\"");
    headers.insert(header::CONTENT_DISPOSITION, place);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The archive as it is written; when that fails, the answer breaks off.
fn streamed(app: App, export: Export) -> Body {
    let (out, pieces) = tokio::sync::mpsc::channel(4);
    tokio::spawn(async move {
        match export.write(&app, app.photos(), &out).await {
            Ok(_) | Err(archive::Error::Gone) => {}
            Err(error) => {
                tracing::warn!(error = %chain(&error), "an export broke off");
                let _ = out
                    .send(Err(std::io::Error::other("the export broke off")))
                    .await;
            }
        }
    });
    Body::from_stream(stream::unfold(pieces, |mut pieces| async {
        pieces.recv().await.map(|piece| (piece, pieces))
    }))
}

impl Pages for App {
    async fn page(&self, ask: &ExportPart) -> std::result::Result<Vec<ExportItem>, archive::Error> {
        let db = self.write().await;
        let db = db.map_err(|_| archive::Error::Page("no connection to the database".into()))?;
        archive::read(&db, ask).await
    }
}
