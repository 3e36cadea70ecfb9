//! Fitments as files: in, out, and round.

use kardan_schema::{ListingId, Role};
use kardan_testdb::ListingFixture;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{Person, Server, expect, problem};

const HEAD: &str = "listing_id,make,model,generation,year_from,year_to,note\n";

async fn send(
    person: &Person<'_>,
    path: &str,
    file: impl Into<reqwest::Body>,
) -> anyhow::Result<Response> {
    let request = person.ask(Method::POST, path);
    Ok(request
        .header("content-type", "text/csv; charset=utf-8")
        .body(file)
        .send()
        .await?)
}

async fn file(person: &Person<'_>, path: &str) -> anyhow::Result<String> {
    let answer = person.get(path).await?;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let bytes = answer.bytes().await?;
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    Ok(String::from_utf8(text.to_vec())?)
}

/// A shop of the person with these listings, drafts.
async fn shop(
    server: &Server,
    person: &Person<'_>,
    listings: usize,
) -> anyhow::Result<(Value, Vec<ListingId>)> {
    let body = json!({ "name": "Разборка" });
    let shop = person.send(Method::POST, "/v1/shops", &body, 201).await?["shop_id"].clone();
    let fixture = ListingFixture {
        status: kardan_schema::Status::Draft,
        ..ListingFixture::default()
    };
    let mut all = Vec::new();
    for _ in 0..listings {
        all.push(server.db.listing(person.user, &fixture).await?);
    }
    server
        .superuser()
        .await?
        .batch_execute(&format!(
            "update market_data.listings set owner_user_id = null, owner_shop_id = {shop} where owner_user_id = {}",
            person.user
        ))
        .await?;
    Ok((shop, all))
}

#[tokio::test]
async fn a_file_with_bad_rows_is_rehearsed_taken_and_refused_as_a_whole() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let listing = server
        .db
        .listing(anna.user, &ListingFixture::default())
        .await?;
    let path = format!("/v1/listings/{listing}/fitments.csv");
    let csv = "\u{feff}Make;Model;Generation;Year_From;Year_To\r\n\
               volkswagen;golf;v;2004;2005\r\n\
               volkswagen;golf;v;2005;2006\r\n\
               \r\n\
               trabant;601;i;;\r\n";
    let problems = json!([
        { "row": 3, "code": "fitment_row_overlap", "detail": "2004-2005",
          "message": "Годы пересекаются с тем, что объявление уже говорит об этом поколении." },
        { "row": 4, "code": "fitment_row_vehicle", "detail": "make", "message": "Такой машины нет в каталоге." },
    ]);
    for (how, applied, added, unchanged) in [
        ("dry_run=true", false, 1, 0),
        ("all_or_nothing=true", false, 1, 0),
        ("dry_run=false", true, 1, 0),
        ("dry_run=true&all_or_nothing=true", false, 0, 1),
    ] {
        let answer = anna
            .ask(Method::POST, &format!("{path}?{how}"))
            .header("content-type", "text/csv")
            .header("accept-language", "ru")
            .body(csv)
            .send()
            .await?;
        let expected = json!({
            "applied": applied, "rows": 3, "added": added, "unchanged": unchanged, "refused": 2,
            "problems": problems,
        });
        let mut report = expect(answer, 200).await?;
        // What stood there before this file is no overlap of its own: the second row meets it all the same.
        assert_eq!(
            report["problems"].as_array().map(Vec::len),
            Some(2),
            "{report}"
        );
        assert_eq!(report, expected, "{how}");
        report["problems"].take();
        let said = expect(
            server
                .get(&format!("/v1/listings/{listing}/fitments"))
                .await?,
            200,
        )
        .await?;
        let said = said["items"].as_array().map(Vec::len);
        assert_eq!(said, Some(usize::from(applied || unchanged == 1)), "{how}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_written_is_inert_and_comes_back_as_it_was() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let (shop, listings) = shop(&server, &anna, 9).await?;
    let notes = [
        "=cmd|' /C calc'!A0",
        "+7 900",
        "-",
        "@SUM(A1:A9)",
        "'=1",
        "''",
        "кавычка \", запятая; и точка",
        "две\nстроки",
        "\t=1",
    ];
    let admin = server.superuser().await?;
    for (listing, note) in listings.iter().zip(notes) {
        admin
            .execute(
                "insert into market_data.listing_fitments (listing_id, generation_id, note, added_by, created_at)
                 select $1, min(g.id), $2, $3, ops.clock_now() from catalog_data.generations as g",
                &[listing, &note, &anna.user],
            )
            .await?;
    }
    let path = format!("/v1/shops/{shop}/fitments.csv");
    for ask in ["", "?semicolon=true"] {
        let text = file(&anna, &format!("{path}{ask}")).await?;
        let head = if ask.is_empty() {
            HEAD.to_owned()
        } else {
            HEAD.replace(',', ";")
        };
        assert!(text.starts_with(&head), "{text}");
        for live in ['=', '+', '-', '@', '\t'] {
            for before in [',', ';', '"'] {
                assert!(
                    !text.contains(&format!("{before}{live}")),
                    "{before}{live} in {text}"
                );
            }
        }
        // Into an empty shop the file brings everything back.
        let kept = admin
            .query(
                "select f.listing_id, f.note from market_data.listing_fitments as f order by 1",
                &[],
            )
            .await?;
        admin
            .batch_execute("delete from market_data.listing_fitments")
            .await?;
        let report = expect(send(&anna, &path, text).await?, 200).await?;
        assert_eq!(
            (&report["added"], &report["refused"]),
            (&json!(9), &json!(0)),
            "{report}"
        );
        let back = admin
            .query(
                "select f.listing_id, f.note from market_data.listing_fitments as f order by 1",
                &[],
            )
            .await?;
        for (one, other) in kept.iter().zip(&back) {
            assert_eq!(one.get::<_, i64>(0), other.get::<_, i64>(0));
            assert_eq!(
                one.get::<_, String>(1).trim(),
                other.get::<_, String>(1).trim()
            );
        }
        assert_eq!(kept.len(), back.len());
    }
    Ok(())
}

#[tokio::test]
async fn a_long_file_goes_both_ways_in_parts() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let (shop, listings) = shop(&server, &anna, 20).await?;
    let rows: Vec<String> = server
        .superuser()
        .await?
        .query(
            "select k.slug || ',' || m.slug || ',' || g.slug || ',' || g.year_from || ',' || g.year_from || ','
             from catalog_data.generations as g
             join catalog_data.models as m on m.id = g.model_id
             join catalog_data.makes as k on k.id = m.make_id
             order by g.id limit 60",
            &[],
        )
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    let mut csv = HEAD.to_owned();
    for listing in &listings {
        for row in &rows {
            csv += &format!("{listing},{row}\n");
        }
    }
    // One that stands there already, 1199 rows and two batches later.
    csv += &format!("{},{}\n", listings[0], rows[0]);
    let path = format!("/v1/shops/{shop}/fitments.csv");
    let report = expect(send(&anna, &path, csv).await?, 200).await?;
    assert_eq!(
        (&report["rows"], &report["added"], &report["refused"]),
        (&json!(1201), &json!(1200), &json!(1))
    );
    assert_eq!(
        (
            &report["problems"][0]["row"],
            &report["problems"][0]["code"]
        ),
        (&json!(1202), &json!("fitment_row_duplicate"))
    );
    let text = file(&anna, &path).await?;
    assert_eq!(text.lines().count(), 1201);
    let report = expect(send(&anna, &path, text).await?, 200).await?;
    assert_eq!(
        (&report["unchanged"], &report["refused"]),
        (&json!(1200), &json!(0))
    );
    Ok(())
}

#[tokio::test]
async fn what_is_no_such_file_is_refused_and_nothing_of_it_is_kept() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let listing = server
        .db
        .listing(anna.user, &ListingFixture::default())
        .await?;
    let path = format!("/v1/listings/{listing}/fitments.csv");
    let answer = anna
        .ask(Method::POST, &path)
        .json(&json!({}))
        .send()
        .await?;
    problem(answer, 415, "csv_expected").await?;
    let good = "make,model,generation\nvolkswagen,golf,v\n";
    for (csv, said) in [
        (b"".to_vec(), "the column make is missing"),
        (b"make,model\n".to_vec(), "the column generation is missing"),
        (
            b"make,model,generation,price\n".to_vec(),
            "no column is called \"price\"; there are listing_id, make, model, generation, year_from, year_to, note",
        ),
        (
            [good.as_bytes(), b"volkswagen,\xE3\xEE\xEB\xFC\xF4,v\n"].concat(),
            "row 3 is not UTF-8",
        ),
    ] {
        let refused = problem(send(&anna, &path, csv).await?, 422, "csv_malformed").await?;
        assert_eq!(refused["detail"], said);
    }
    // A row for the first batch is good, the rest is too much: nothing is kept.
    let long = good.to_owned() + &"volkswagen,golf,v\n".repeat(50_000);
    problem(send(&anna, &path, long).await?, 413, "body_too_large").await?;
    let big = good.to_owned() + &"x".repeat(10 * 1024 * 1024);
    problem(send(&anna, &path, big).await?, 413, "body_too_large").await?;
    // Also when its length is not announced.
    let parts = futures_util::stream::iter(
        (0..11).map(|_| Ok::<_, std::io::Error>("y".repeat(1024 * 1024))),
    );
    let answer = send(&anna, &path, reqwest::Body::wrap_stream(parts)).await?;
    assert!(
        matches!(answer.status().as_u16(), 413 | 422),
        "{}",
        answer.status()
    );
    let said = expect(
        server
            .get(&format!("/v1/listings/{listing}/fitments"))
            .await?,
        200,
    )
    .await?;
    assert_eq!(said["items"], json!([]));
    Ok(())
}

#[tokio::test]
async fn files_are_for_the_listings_people() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (anna, ivan) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    let (shop, listings) = shop(&server, &anna, 1).await?;
    let csv = "make,model,generation\nvolkswagen,golf,v\n";
    for (path, status, code) in [
        (
            format!("/v1/listings/{}/fitments.csv", listings[0]),
            404,
            "listing_unknown",
        ),
        (
            format!("/v1/shops/{shop}/fitments.csv"),
            403,
            "shop_role_required",
        ),
    ] {
        problem(ivan.get(&path).await?, status, code).await?;
        problem(send(&ivan, &path, csv).await?, status, code).await?;
        let nobody = server.ask(Method::GET, &path).send().await?;
        problem(nobody, 401, "credentials_required").await?;
    }
    let suggestions = format!("/v1/listings/{}/inside/fitments/suggestions", listings[0]);
    problem(ivan.get(&suggestions).await?, 404, "listing_unknown").await?;
    assert_eq!(
        expect(anna.get(&suggestions).await?, 200).await?["items"],
        json!([])
    );
    Ok(())
}

/// Every file in CSV that the API writes. One more gets a test like [`what_is_written_is_inert_and_comes_back_as_it_was`];
/// that of goods is in `goods_export`.
const FILES: [&str; 3] = [
    "/v1/listings/{listing_id}/fitments.csv",
    "/v1/shops/{shop_id}/fitments.csv",
    "/v1/shops/{shop_id}/goods.csv",
];

#[test]
fn no_other_route_writes_a_file_whose_cells_nobody_looked_at() {
    let document = serde_json::to_value(kardan_api::document()).unwrap();
    let writes = |item: &Value| {
        item.as_object().unwrap().values().any(|operation| {
            operation
                .pointer("/responses/200/content")
                .is_some_and(|content| content.get("text/csv").is_some())
        })
    };
    let paths = document["paths"].as_object().unwrap().iter();
    let found: Vec<_> = paths
        .filter(|(_, item)| writes(item))
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(found, FILES);
}
