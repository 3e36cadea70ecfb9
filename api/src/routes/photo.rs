//! Photos: sending one, and the files that are shown. Their order and removal are beside the listing's other parts.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use kardan_photos::{CONTENT_TYPE, Photo};
use kardan_schema::market::{self, ListingPhotoAdd, ListingPhotoAdded};
use kardan_schema::{ListingId, UserId};

use crate::answer::{Binary, Result};
use crate::app::App;
use crate::auth::Write;
use crate::extract::{At, IfMatch, IfNoneMatch, PhotoFile, Upload};
use crate::problem::{Own, Problem};
use crate::table::{Table, add};

pub fn add(table: &mut Table) {
    add!(table;
        listing_photo_add => "market.listing_photo_check", "market.listing_photo_add", "ops.idempotency_begin", "ops.idempotency_finish";
        photo_get =>;
    );
}

/// Add a photo, behind the others.
///
/// JPEG, PNG or WebP, at most 10 MiB and 40 megapixels. It is turned upright, made smaller and written anew without place,
/// time and camera.
#[utoipa::path(post, path = "/v1/listings/{listing_id}/photos", tag = "listings",
    responses((status = 201, description = "The photo.", body = ListingPhotoAdded)))]
async fn listing_photo_add(
    State(app): State<App>,
    Write(me): Write,
    At(listing): At<ListingId>,
    IfMatch(version): IfMatch,
    upload: Upload,
) -> Result {
    let (picture, repeat) = upload.split();
    // Said before the work: looking at a picture costs much, a repetition or a refusal little.
    let said = repeat
        .before(&app, me.user, |tx| {
            Box::pin(async move { market::listing_photo_check(tx, me.user, listing).await })
        })
        .await?;
    if let Some(answer) = said {
        return Ok(answer);
    }
    let photo = picture.develop().await?;
    let was_there = app.photos().put(&photo).await?;
    let wish = wish(me.user, listing, version, &photo);
    let answer = repeat
        .created(
            &app,
            me.user,
            |tx| Box::pin(async move { market::listing_photo_add(tx, &wish).await }),
            |_| None,
        )
        .await?;
    // Old files of the same photo may have been swept away just before it was recorded.
    if was_there && !app.photos().has_whole(&photo).await? {
        app.photos().put(&photo).await?;
    }
    Ok(answer)
}

fn wish(actor: UserId, listing: ListingId, version: Option<i32>, photo: &Photo) -> ListingPhotoAdd {
    ListingPhotoAdd {
        actor,
        listing,
        version,
        storage_key: photo.key.as_str().to_owned(),
        content_type: CONTENT_TYPE.to_owned(),
        width: i32::try_from(photo.width).unwrap_or(i32::MAX),
        height: i32::try_from(photo.height).unwrap_or(i32::MAX),
        size_bytes: i64::try_from(photo.size_bytes()).unwrap_or(i64::MAX),
        perceptual_hash: photo.hash,
    }
}

/// What an address shows never changes, so whoever has it need not ask again.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A file of a photo.
///
/// Its address, which cannot be guessed, is the right to see it: a photo of a listing that is not shown now can be seen by
/// who knows the address, until it is taken away.
#[utoipa::path(get, path = "/photos/{shard}/{file}", tag = "photos",
    responses((status = 200, description = "The picture.", body = inline(Binary), content_type = "image/webp")))]
async fn photo_get(
    State(app): State<App>,
    PhotoFile(name): PhotoFile,
    seen: IfNoneMatch,
) -> Result {
    let tag = HeaderValue::try_from(format!("\"{}\"", name.path()))
        .map_err(|error| Problem::internal(&error))?;
    let mut response = if seen.has(&tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let content = app.photos().get(&name).await?;
        let content = content.ok_or(Problem::from(Own::ThingUnknown))?;
        let mut response = Response::new(Body::from(content));
        let kind = HeaderValue::from_static(CONTENT_TYPE);
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, FOR_EVER);
    headers.insert(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    );
    Ok(response)
}
