//! Everything that is stored about the acting person, as a file.

use std::io::{Cursor, Read as _};

use image::{ImageFormat, Rgb, RgbImage};
use kardan_schema::{Role, Scope, Status};
use kardan_testdb::ListingFixture;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use zip::ZipArchive;

use crate::support::{Server, expect, problem};

const PATH: &str = "/v1/me/export";

fn text(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    archive.by_name(name)?.read_to_string(&mut text)?;
    Ok(text)
}

#[tokio::test]
async fn a_person_gets_a_whole_archive_with_words_and_photos() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let fixture = ListingFixture {
        status: Status::Draft,
        ..ListingFixture::default()
    };
    let listing = server.db.listing(anna.user, &fixture).await?;
    let mut picture = Cursor::new(Vec::new());
    RgbImage::from_fn(800, 600, |x, y| Rgb([(x / 4) as u8, (y / 4) as u8, 40]))
        .write_to(&mut picture, ImageFormat::Png)?;
    let form = Form::new().part("photo", Part::bytes(picture.into_inner()));
    let sent = anna
        .ask(Method::POST, &format!("/v1/listings/{listing}/photos"))
        .header("if-match", "*")
        .multipart(form);
    expect(sent.send().await?, 201).await?;
    // One whose file the store does not have.
    server
        .superuser()
        .await?
        .execute(
            "insert into market_data.listing_photos (
                 id, listing_id, position, storage_key, content_type, width, height, size_bytes, created_at)
             values (gen_random_uuid(), $1, 2, 'photos/lost', 'image/webp', 1, 1, 1, ops.clock_now())",
            &[&listing],
        )
        .await?;

    let answer = anna.ask(Method::POST, PATH).send().await?;
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    assert_eq!(headers["content-type"], "application/zip");
    assert_eq!(headers["cache-control"], "no-store");
    let mut archive = ZipArchive::new(Cursor::new(answer.bytes().await?.to_vec()))?;
    let document: Value = serde_json::from_str(&text(&mut archive, "export.json")?)?;
    assert_eq!(document["form"], "kardan.export.1");
    assert_eq!(document["user_id"], anna.user.0);
    let sections = document["sections"].as_object().unwrap();
    assert_eq!(sections["listings"][0]["listing_id"], listing.0);
    assert_eq!(sections["tokens"][0]["name"], "test");
    assert_eq!(sections["favourites"], serde_json::json!([]));
    assert!(sections.len() > 25, "{:?}", sections.keys());

    let name = format!("photos/{listing}/1.webp");
    assert_eq!(sections["photos"][0]["file"], name);
    let mut kept = Vec::new();
    archive.by_name(&name)?.read_to_end(&mut kept)?;
    let path = format!("/v1/listings/{listing}/inside/photos");
    let listed = expect(anna.get(&path).await?, 200).await?;
    let shown = listed["items"][0]["files"]["large"].as_str().unwrap();
    let shown = server.get(shown).await?;
    assert_eq!(kept, shown.bytes().await?);
    let missing = text(&mut archive, "missing-photos.txt")?;
    assert_eq!(missing, format!("photos/{listing}/2.webp\tphotos/lost\n"));
    assert_eq!(archive.len(), 3);
    Ok(())
}

#[tokio::test]
async fn the_fourth_of_a_day_is_refused_with_the_seconds_to_wait() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    for _ in 0..3 {
        let answer = anna.ask(Method::POST, PATH).send().await?;
        assert_eq!(answer.status(), 200);
        answer.bytes().await?;
    }
    let refused = anna.ask(Method::POST, PATH).send().await?;
    let seconds: u64 = refused.headers()["retry-after"].to_str()?.parse()?;
    assert!((86_000..=86_400).contains(&seconds), "{seconds}");
    problem(refused, 429, "export_limit").await?;
    Ok(())
}

#[tokio::test]
async fn a_token_that_only_reads_does_not_open_one() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let token = server.token(anna.user, &[Scope::Read]).await?;
    let answer = server.ask(Method::POST, PATH).bearer_auth(&token);
    assert_eq!(answer.send().await?.status(), 403);
    assert_eq!(server.ask(Method::POST, PATH).send().await?.status(), 401);
    Ok(())
}

/// An export of a thousand listings goes by in pages; the reader that hangs up stops it.
#[tokio::test]
async fn a_large_one_is_whole_and_one_that_nobody_reads_ends() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let fixture = ListingFixture {
        status: Status::Draft,
        ..ListingFixture::default()
    };
    let listing = server.db.listing(anna.user, &fixture).await?;
    server
        .superuser()
        .await?
        .execute(
            "insert into market_data.listings (
                 kind, status, owner_user_id, created_by, changed_by, title, description, category_id, subcategory_id,
                 condition, place_id, price_minor, stock_quantity, created_at, updated_at)
             select
                 l.kind, 'draft', l.owner_user_id, l.created_by, l.changed_by, l.title, repeat(md5(n::text), 200),
                 l.category_id, l.subcategory_id, l.condition, l.place_id, l.price_minor, 1, l.created_at, l.updated_at
             from market_data.listings as l cross join generate_series(1, 1000) as n where l.id = $1",
            &[&listing],
        )
        .await?;
    let mut broken = anna.ask(Method::POST, PATH).send().await?;
    assert!(broken.chunk().await?.is_some());
    drop(broken);
    let answer = anna.ask(Method::POST, PATH).send().await?;
    let mut archive = ZipArchive::new(Cursor::new(answer.bytes().await?.to_vec()))?;
    let document: Value = serde_json::from_str(&text(&mut archive, "export.json")?)?;
    let listings = document["sections"]["listings"].as_array().unwrap();
    assert_eq!(listings.len(), 1001);
    Ok(())
}
