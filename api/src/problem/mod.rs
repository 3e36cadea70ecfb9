//! Refusals and failures as RFC 9457 problem details. A [`Problem`] travels from the handler to the outermost layer as
//! an extension of its response; there `render` writes it in the caller's language.

mod own;
mod photo;
mod render;

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
pub use kardan_schema::chain;
use kardan_schema::{Error, Language, Reason};

pub use own::Own;
pub use render::{ProblemDetails, rendered};

/// Which rule refused: one of the program's or one of the server's.
#[derive(Debug, Clone, Copy)]
enum Rule {
    Program(Reason),
    Server(Own),
}

impl Rule {
    fn code(self) -> &'static str {
        match self {
            Self::Program(reason) => reason.code(),
            Self::Server(own) => own.code(),
        }
    }

    fn sentence(self, language: Language) -> &'static str {
        match self {
            Self::Program(reason) => reason.sentence(language),
            Self::Server(own) => own.sentence(language),
        }
    }
}

/// A part of the request that is at fault.
#[derive(Debug, Clone)]
struct Fault {
    pointer: String,
    message: Option<String>,
}

/// Why a request was not done.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    rule: Rule,
    status: u16,
    detail: Option<String>,
    faults: Vec<Fault>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl From<Own> for Problem {
    fn from(own: Own) -> Self {
        Self::new(Rule::Server(own), own.status())
    }
}

impl Problem {
    fn new(rule: Rule, status: u16) -> Self {
        Self(Box::new(Inner {
            rule,
            status,
            detail: None,
            faults: Vec::new(),
            headers: Vec::new(),
        }))
    }

    /// Names the part of the request that is at fault, as a JSON pointer.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, message: Option<String>) -> Self {
        self.0.faults.push(Fault {
            pointer: pointer.into(),
            message,
        });
        self
    }

    /// Adds what is to be said of this case.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// Says when to try again; whole seconds, at least one.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)))
    }

    /// The database cannot be reached.
    pub fn unavailable() -> Self {
        Self::from(Own::DatabaseUnavailable).retry_after(Duration::from_secs(2))
    }

    /// A failure of ours: the log gets it, the caller does not.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "the request failed");
        Self::from(Own::Internal)
    }
}

/// Whether the database refused a value that no text or time there can hold.
fn is_unstorable(error: &Error) -> bool {
    error
        .database()
        .is_some_and(|db| matches!(db.code().code(), "22021" | "22P05" | "22008"))
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let fault = match &error {
            Error::Retry(_) => {
                tracing::warn!(error = %chain(&error), "the database cannot do it now");
                return Self::unavailable();
            }
            // A value that PostgreSQL cannot hold: a NUL in a text, a time before its calendar.
            _ if is_unstorable(&error) => return Own::BadRequest.into(),
            _ => match error.fault() {
                Some(fault) => fault.clone(),
                None => return Self::internal(&error),
            },
        };
        let mut problem = Self::new(Rule::Program(fault.reason), fault.reason.status());
        problem.0.detail = fault.detail;
        if let Some(field) = fault.field {
            problem = problem.at(pointer(fault.reason, &field), None);
        }
        match error {
            Error::Limited(_, wait) => problem.retry_after(wait),
            Error::Auth(_) => {
                problem.header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            }
            _ => problem,
        }
    }
}

/// Where an argument of a function stands in a body: an amount is part of its price, an extra field is named by its key.
fn pointer(reason: Reason, field: &str) -> String {
    if reason.code().starts_with("attribute_") && field != "attributes" {
        return format!("/attributes/{field}");
    }
    match field.strip_suffix("_minor") {
        Some(money) => format!("/{money}/amount_minor"),
        None if field == "currency" => "/price/currency".to_owned(),
        None => format!("/{field}"),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(self);
        response
    }
}
