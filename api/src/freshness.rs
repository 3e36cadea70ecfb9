//! People read their own writes, also where reads go to standbys. An answer to a change tells how far the log was written
//! then (`Kardan-Position`); a request that sends it back is answered by a server that has got so far.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::Response;
use kardan_schema::ops;

use crate::app::App;

/// The header, in both directions.
pub const POSITION: HeaderName = HeaderName::from_static("kardan-position");

tokio::task_local! {
    /// What this request must see.
    static WANTED: Option<i64>;
}

/// The position that a request names. What is no position asks for nothing.
pub fn named(request: &Request) -> Option<i64> {
    let text = request.headers().get(POSITION)?.to_str().ok()?;
    text.parse().ok().filter(|position| *position > 0)
}

/// Does the work of a request that must see what lies before this position.
pub async fn seeing<T>(position: Option<i64>, work: impl Future<Output = T>) -> T {
    WANTED.scope(position, work).await
}

/// What the request at work must see.
pub fn wanted() -> Option<i64> {
    WANTED.try_with(|wanted| *wanted).ok().flatten()
}

/// Tells the position in the answer to a change that was made.
pub async fn tell(app: &App, method: &Method, response: &mut Response) {
    if method.is_safe() || !response.status().is_success() || !app.has_standbys() {
        return;
    }
    let Ok(db) = app.check().await else {
        return;
    };
    // Without it the answer is as true; the next read may be older.
    if let Ok(at) = ops::log_position(&db).await {
        response
            .headers_mut()
            .insert(POSITION, HeaderValue::from(at.log_position));
    }
}
