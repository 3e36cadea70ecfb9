//! A form with one picture in it. The body is read in parts and only as far as a picture may be long; who sends one has
//! a place in the lab meanwhile, so that there are never more in memory than there are places.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use kardan_photos::{MAX_BYTES, Photo, Place, Refusal};
use sha2::{Digest as _, Sha256};

use super::once::Repeat;
use super::{Declared, Demand};
use crate::app::App;
use crate::problem::{Own, Problem};

/// The field that holds the picture.
pub const FIELD: &str = "photo";

/// Bytes of a body with a picture: the form around it takes a few hundred.
pub const BODY_LIMIT: usize = MAX_BYTES + 16 * 1024;

/// A picture that somebody sent, with the key under which its request is done once.
pub struct Upload {
    picture: Picture,
    repeat: Repeat,
}

/// A picture that is not looked at yet.
pub struct Picture {
    bytes: Bytes,
    place: Place,
}

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let busy = || Problem::from(Own::Overloaded).retry_after(Duration::from_secs(2));
        let place = app.lab().place().ok_or_else(busy)?;
        if !is_form(request.headers()) {
            return Err(Own::FormRequired.into());
        }
        let asked = Repeat::asked(&request)?;
        let form = Multipart::from_request(request, app)
            .await
            .map_err(|rejection| Problem::from(Own::BadRequest).detail(rejection.body_text()))?;
        let bytes = picture(form).await?;
        // Not of the whole body: the same form is sent again with other boundaries.
        let repeat = asked.with(&Sha256::digest(&bytes));
        let picture = Picture { bytes, place };
        Ok(Self { picture, repeat })
    }
}

impl Declared for Upload {
    fn declare(demand: &mut Demand) {
        demand.is_upload = true;
        demand.has_key = true;
    }
}

impl Upload {
    /// The picture and the key apart.
    pub fn split(self) -> (Picture, Repeat) {
        (self.picture, self.repeat)
    }
}

impl Picture {
    /// Makes a photo of it, or says why not.
    pub async fn develop(self) -> Result<Photo, Problem> {
        Ok(self.place.develop(self.bytes).await??)
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("multipart/form-data"))
}

/// The one picture of a form that holds nothing else.
async fn picture(mut form: Multipart) -> Result<Bytes, Problem> {
    let wrong = |field: &str, why: &str| {
        Problem::from(Own::BodyInvalid).at(format!("/{field}"), Some(why.to_owned()))
    };
    let mut found = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some(FIELD) if found.is_none() => found = Some(content(field).await?),
            Some(FIELD) => return Err(wrong(FIELD, "send one photo a request")),
            other => {
                let name = other
                    .unwrap_or_default()
                    .replace('~', "~0")
                    .replace('/', "~1");
                return Err(wrong(&name, "the form has the field photo and no other"));
            }
        }
    }
    found.ok_or_else(|| wrong(FIELD, "the form has no photo"))
}

async fn content(mut field: Field<'_>) -> Result<Bytes, Problem> {
    let mut all = Vec::new();
    while let Some(part) = field.chunk().await.map_err(broken)? {
        if all.len() + part.len() > MAX_BYTES {
            return Err(Refusal::TooManyBytes.into());
        }
        all.extend_from_slice(&part);
    }
    Ok(all.into())
}

fn broken(error: MultipartError) -> Problem {
    match error.status().as_u16() {
        413 => Own::BodyTooLarge.into(),
        _ => Problem::from(Own::BadRequest).detail(error.body_text()),
    }
}
