//! Photos: sending them, seeing them, and what is refused.

use image::{ImageFormat, Rgb, RgbImage};
use kardan_schema::{ListingId, Role, Status};
use kardan_testdb::ListingFixture;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::{Person, Server, expect, problem};

/// A picture that is another one for each seed.
fn picture(seed: u8, format: ImageFormat) -> Vec<u8> {
    let picture = RgbImage::from_fn(800, 600, |x, y| {
        let is_inside = x.abs_diff(200 + u32::from(seed) * 20) + y.abs_diff(300) < 150;
        Rgb(if is_inside {
            [200, 30, 40]
        } else {
            [20, 60, 90]
        })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn form(bytes: Vec<u8>) -> Form {
    // Neither the name nor the type is true: both are not believed.
    let part = Part::bytes(bytes)
        .file_name("../../etc/passwd.html")
        .mime_str("text/html")
        .unwrap();
    Form::new().part("photo", part)
}

async fn listing(server: &Server, owner: &Person<'_>, status: Status) -> anyhow::Result<ListingId> {
    let fixture = ListingFixture {
        status,
        ..ListingFixture::default()
    };
    server.db.listing(owner.user, &fixture).await
}

fn post(person: &Person<'_>, listing: ListingId, form: Form) -> RequestBuilder {
    person
        .ask(Method::POST, &format!("/v1/listings/{listing}/photos"))
        .header("if-match", "*")
        .multipart(form)
}

async fn send(person: &Person<'_>, listing: ListingId, bytes: Vec<u8>) -> anyhow::Result<Response> {
    Ok(post(person, listing, form(bytes)).send().await?)
}

async fn photos(person: &Person<'_>, listing: ListingId) -> anyhow::Result<Vec<Value>> {
    let path = format!("/v1/listings/{listing}/inside/photos");
    let list = expect(person.get(&path).await?, 200).await?;
    Ok(list["items"].as_array().unwrap().clone())
}

/// Files that the store of a server holds.
fn files(server: &Server) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return 0;
        };
        entries
            .map(|entry| entry.unwrap().path())
            .map(|path| if path.is_dir() { count(&path) } else { 1 })
            .sum()
    }
    count(server.photos.path())
}

#[tokio::test]
async fn a_photo_is_sent_listed_and_seen_by_everybody() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let draft = listing(&server, &anna, Status::Draft).await?;
    let added = expect(
        send(&anna, draft, picture(1, ImageFormat::Jpeg)).await?,
        201,
    )
    .await?;
    assert_eq!(
        (&added["position"], &added["status"]),
        (&json!(1), &json!("draft"))
    );
    let listed = photos(&anna, draft).await?;
    assert_eq!(listed[0]["photo_id"], added["photo_id"]);
    assert_eq!(
        (&listed[0]["width"], &listed[0]["height"]),
        (&json!(800), &json!(600))
    );
    assert!(listed[0].get("storage_key").is_none());
    let inside = format!("/v1/listings/{draft}/inside");
    let inside = expect(anna.get(&inside).await?, 200).await?;
    assert_eq!(inside["cover"], listed[0]["files"]);

    for (field, width) in [("small", 320), ("medium", 640), ("large", 800)] {
        let path = listed[0]["files"][field].as_str().unwrap();
        let seen = server.get(path).await?;
        assert_eq!(seen.status(), 200);
        let header = |name: &str| seen.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "image/webp");
        assert_eq!(
            header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        let (tag, length) = (header("etag"), header("content-length"));
        let body = seen.bytes().await?;
        assert_eq!(length, body.len().to_string());
        let shown = image::load_from_memory_with_format(&body, ImageFormat::WebP)?;
        assert_eq!(shown.width(), width);

        let head = server.ask(Method::HEAD, path).send().await?;
        assert_eq!(
            (head.status().as_u16(), &head.headers()["content-length"]),
            (200, &reqwest::header::HeaderValue::from_str(&length)?)
        );
        assert_eq!(head.bytes().await?.len(), 0);
        let again = server
            .ask(Method::GET, path)
            .header("if-none-match", &tag)
            .send()
            .await?;
        assert_eq!(
            (again.status().as_u16(), &again.headers()["etag"]),
            (304, &reqwest::header::HeaderValue::from_str(&tag)?)
        );
        assert_eq!(
            again.headers()["cache-control"],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(again.bytes().await?.len(), 0);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_not_a_photos_address_leads_nowhere() -> anyhow::Result<()> {
    let server = Server::start().await?;
    std::fs::write(server.photos.path().join("secret.txt"), "secret")?;
    let digits = "ab".repeat(32);
    for path in [
        format!("/photos/ab/{digits}-320.webp"),
        format!("/photos/ab/{digits}-321.webp"),
        "/photos/ab/..%2F..%2Fsecret.txt".to_owned(),
        "/photos/..%2F/secret.txt".to_owned(),
        "/photos/%2e%2e/secret.txt".to_owned(),
        "/photos/%ff/%ff".to_owned(),
    ] {
        let answer = server.get(&path).await?;
        assert!(answer.headers().get("cache-control").is_none());
        assert_eq!(answer.status(), 404, "{path}");
    }
    problem(
        server.get(&format!("/photos/ab/{digits}-640.webp")).await?,
        404,
        "thing_unknown",
    )
    .await?;
    Ok(())
}

#[tokio::test]
async fn the_same_picture_in_two_listings_is_kept_once_and_stays_while_one_shows_it()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let (anna, ivan) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let bytes = picture(1, ImageFormat::Png);
    let mine = listing(&server, &anna, Status::Draft).await?;
    let other = listing(&server, &ivan, Status::Draft).await?;
    expect(send(&anna, mine, bytes.clone()).await?, 201).await?;
    assert_eq!(files(&server), 3);
    let added = expect(send(&ivan, other, bytes.clone()).await?, 201).await?;
    // Once more in the same listing: the photo that it has.
    let again = expect(send(&ivan, other, bytes).await?, 201).await?;
    assert_eq!((added, files(&server)), (again.clone(), 3));

    let id = again["photo_id"].as_str().unwrap();
    let removed = ivan.ask(Method::DELETE, &format!("/v1/photos/{id}"));
    expect(removed.send().await?, 200).await?;
    assert_eq!(photos(&ivan, other).await?.len(), 0);
    let path = photos(&anna, mine).await?[0]["files"]["small"].clone();
    assert_eq!(server.get(path.as_str().unwrap()).await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn a_picture_that_is_none_is_refused_with_what_to_do() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let draft = listing(&server, &anna, Status::Draft).await?;
    let mut cut = picture(1, ImageFormat::Jpeg);
    cut.truncate(cut.len() / 2);
    // 50 000 × 50 000 pixels by its header.
    let mut bomb = picture(1, ImageFormat::Png);
    bomb.splice(16..24, [0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    let sum = crc32(&bomb[12..29]).to_be_bytes();
    bomb.splice(29..33, sum);
    let mut heavy = picture(1, ImageFormat::Jpeg);
    heavy.resize(10 * 1024 * 1024 + 1, 0);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    let html = b"\xff\xd8\xff<html><script>alert(1)</script></html>".to_vec();
    for (bytes, status, code) in [
        (Vec::new(), 422, "photo_damaged"),
        (cut, 422, "photo_damaged"),
        (html, 422, "photo_damaged"),
        (bomb, 422, "photo_too_many_pixels"),
        (heavy, 413, "body_too_large"),
        (svg, 415, "photo_kind_unknown"),
        (b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), 415, "photo_heic"),
    ] {
        problem(send(&anna, draft, bytes).await?, status, code).await?;
    }
    // The longest that may be, with something behind it that is no picture any more.
    let mut full = picture(1, ImageFormat::Jpeg);
    full.resize(10 * 1024 * 1024, b'<');
    expect(send(&anna, draft, full).await?, 201).await?;
    assert_eq!((photos(&anna, draft).await?.len(), files(&server)), (1, 3));
    Ok(())
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

#[tokio::test]
async fn the_form_has_one_photo_and_nothing_else() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let draft = listing(&server, &anna, Status::Draft).await?;
    let part = || Part::bytes(picture(1, ImageFormat::Jpeg)).file_name("a.jpg");
    for (form, pointer) in [
        (Form::new().part("file", part()), "/file"),
        (
            Form::new().part("photo", part()).part("photo", part()),
            "/photo",
        ),
        (
            Form::new()
                .part("photo", part())
                .text("storage_key", "photos/x"),
            "/storage_key",
        ),
    ] {
        let answer = post(&anna, draft, form).send().await?;
        let body = problem(answer, 422, "body_invalid").await?;
        assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
    }
    let path = format!("/v1/listings/{draft}/photos");
    let bare = |kind: &'static str, body: &'static str| {
        anna.ask(Method::POST, &path)
            .header("if-match", "*")
            .header("content-type", kind)
            .body(body)
            .send()
    };
    let wish = r#"{"storage_key":"photos/x","content_type":"image/webp","width":1,"height":1,"size_bytes":1}"#;
    problem(bare("application/json", wish).await?, 415, "form_required").await?;
    let empty = bare("multipart/form-data; boundary=b", "--b--\r\n").await?;
    let body = problem(empty, 422, "body_invalid").await?;
    assert_eq!(body["errors"][0]["pointer"], "/photo", "{body}");
    problem(bare("multipart/form-data", "x").await?, 400, "bad_request").await?;
    let torn = bare("multipart/form-data; boundary=b", "--b\r\nnonsense").await?;
    problem(torn, 400, "bad_request").await?;
    assert_eq!(files(&server), 0);
    Ok(())
}

#[tokio::test]
async fn who_may_not_add_a_photo_is_told_before_anything_is_kept() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (anna, ivan) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let bytes = || picture(1, ImageFormat::Jpeg);
    let sold = listing(&server, &anna, Status::Sold).await?;
    let shown = listing(&server, &anna, Status::Published).await?;
    let draft = listing(&server, &anna, Status::Draft).await?;
    problem(send(&ivan, shown, bytes()).await?, 403, "listing_not_yours").await?;
    problem(send(&ivan, draft, bytes()).await?, 404, "listing_unknown").await?;
    problem(
        send(&anna, sold, bytes()).await?,
        409,
        "listing_not_editable",
    )
    .await?;
    let stale = anna
        .ask(Method::POST, &format!("/v1/listings/{draft}/photos"))
        .header("if-match", "\"77\"")
        .multipart(form(bytes()));
    let nobody = server
        .ask(Method::POST, &format!("/v1/listings/{draft}/photos"))
        .header("if-match", "*")
        .multipart(form(bytes()));
    problem(nobody.send().await?, 401, "credentials_required").await?;
    assert_eq!(files(&server), 0);
    problem(stale.send().await?, 412, "version_stale").await?;
    Ok(())
}

#[tokio::test]
async fn the_same_upload_with_the_same_key_is_done_once_also_in_another_envelope()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let draft = listing(&server, &anna, Status::Draft).await?;
    let upload = |seed| {
        post(&anna, draft, form(picture(seed, ImageFormat::Jpeg)))
            .header("idempotency-key", "k1")
            .send()
    };
    let first = expect(upload(1).await?, 201).await?;
    // The listing has moved on and would refuse a photo now; the answer is still the first one.
    server
        .superuser()
        .await?
        .execute(
            "update market_data.listings set status = 'archived' where id = $1",
            &[&draft],
        )
        .await?;
    let second = upload(1).await?;
    assert_eq!(second.headers()["idempotent-replayed"], "true");
    assert_eq!(expect(second, 201).await?, first);
    problem(upload(2).await?, 422, "idempotency_key_reused").await?;
    assert_eq!((photos(&anna, draft).await?.len(), files(&server)), (1, 3));
    Ok(())
}

#[tokio::test]
async fn a_listing_has_ten_photos_also_when_more_come_at_once() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let draft = listing(&server, &anna, Status::Draft).await?;
    let all = (0..12).map(|seed| send(&anna, draft, picture(seed, ImageFormat::Jpeg)));
    let mut made = 0;
    for answer in futures_util::future::join_all(all).await {
        let answer = answer?;
        if answer.status() == 201 {
            made += 1;
        } else {
            problem(answer, 409, "listing_photo_limit").await?;
        }
    }
    let places: Vec<i64> = photos(&anna, draft)
        .await?
        .iter()
        .map(|photo| photo["position"].as_i64().unwrap())
        .collect();
    assert_eq!((made, places), (10, (1..=10).collect()));
    Ok(())
}

#[tokio::test]
async fn a_store_that_fails_is_said_and_leaves_no_photo() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let draft = listing(&server, &anna, Status::Draft).await?;
    // A file where the folder should be: nothing can be written below it.
    std::fs::write(server.photos.path().join("photos"), "in the way")?;
    let answer = send(&anna, draft, picture(1, ImageFormat::Jpeg)).await?;
    assert_eq!(answer.headers()["retry-after"], "5");
    problem(answer, 503, "photos_unavailable").await?;
    assert_eq!(photos(&anna, draft).await?.len(), 0);
    Ok(())
}

#[test]
fn no_answer_names_a_key_of_the_store() {
    let document = serde_json::to_string(&kardan_api::document()).unwrap();
    for name in ["storage_key", "cover_key", "photo_keys"] {
        assert!(!document.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[tokio::test]
async fn a_page_full_of_pictures_does_not_use_up_what_an_address_may_ask() -> anyhow::Result<()> {
    let server = Server::with(&["--rate-anonymous", "1"]).await?;
    let path = format!("/photos/ab/{}-320.webp", "ab".repeat(32));
    for _ in 0..60 {
        assert_eq!(server.get(&path).await?.status(), 404);
    }
    assert_eq!(server.get("/v1/catalog/places").await?.status(), 200);
    let mut refused = 0;
    for _ in 0..200 {
        refused += i32::from(server.get(&path).await?.status() == 429);
    }
    assert!(refused > 0);
    Ok(())
}
