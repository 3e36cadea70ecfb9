//! VINs and saved vehicles over HTTP.

use kardan_schema::Role;
use kardan_testdb::ListingFixture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Server, expect, problem};

#[tokio::test]
async fn a_vin_gives_hints_to_anybody_and_a_bad_one_its_place() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let hints = expect(server.get("/v1/vins/1hgcm82633a004352").await?, 200).await?;
    let year: Vec<&Value> = hints["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|hint| hint["field"] == "model_year")
        .collect();
    assert_eq!(year.len(), 1);
    assert_eq!(
        (&year[0]["value"], &year[0]["certainty"]),
        (&json!("2003"), &json!("high"))
    );
    let refused = server.get("/v1/vins/1HGCM82633A00435O").await?;
    let refused = problem(refused, 422, "vin_character").await?;
    assert_eq!(refused["detail"], "position 17");
    assert_eq!(refused["errors"][0]["pointer"], "/vin");
    Ok(())
}

#[tokio::test]
async fn a_saved_vehicle_is_changed_by_its_version_and_belongs_to_one_person() -> anyhow::Result<()>
{
    let server = Server::start().await?;
    let (anna, ivan) = (
        server.person(Role::User).await?,
        server.person(Role::Admin).await?,
    );
    let wish = json!({ "vin": "XTA210990Y2766389", "name": "Лада" });
    let made = anna.send(Method::POST, "/v1/me/garage", &wish, 201).await?;
    assert_eq!(
        (&made["make_name"], &made["year"], &made["is_default"]),
        (&json!("Lada"), &json!(2000), &json!(true))
    );
    let path = format!("/v1/me/garage/{}", made["vehicle_id"]);
    for (method, body) in [(Method::PUT, Some(&wish)), (Method::DELETE, None)] {
        let answer = ivan.ask(method, &path).header("if-match", "*");
        let answer = match body {
            Some(body) => answer.json(body).send().await?,
            None => answer.send().await?,
        };
        problem(answer, 404, "garage_vehicle_unknown").await?;
    }
    let listed = expect(ivan.get("/v1/me/garage").await?, 200).await?;
    assert_eq!(listed["items"], json!([]));

    let wish = json!({ "vin": "XTA210990Y2766389", "name": "Девятка", "year": 1999 });
    anna.change(Method::PUT, &path, 99, Some(&wish), 412)
        .await?;
    let changed = anna.change(Method::PUT, &path, 1, Some(&wish), 200).await?;
    assert_eq!(
        (&changed["name"], &changed["year"], &changed["version"]),
        (&json!("Девятка"), &json!(1999), &json!(2))
    );
    let gone = anna.ask(Method::DELETE, &path).send().await?;
    assert_eq!(expect(gone, 200).await?["default_vehicle_id"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn what_fits_my_car_is_found_by_the_row_of_the_garage() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let seller = server.person(Role::User).await?;
    let anna = server.person(Role::User).await?;
    let admin = server.superuser().await?;
    let row = admin
        .query_one(
            "select g.id, g.year_from::integer from catalog_data.generations as g
             where g.year_to > g.year_from + 3 order by g.id limit 1",
            &[],
        )
        .await?;
    let (generation, from): (i64, i32) = (row.get(0), row.get(1));
    let fixture = ListingFixture::default();
    let early = server.db.listing(seller.user, &fixture).await?;
    let late = server.db.listing(seller.user, &fixture).await?;
    server.db.listing(seller.user, &fixture).await?;
    for (listing, year_from, year_to) in [(early, from, from + 1), (late, from + 2, from + 3)] {
        let wish =
            json!({ "generation_id": generation, "year_from": year_from, "year_to": year_to });
        let path = format!("/v1/listings/{listing}/fitments");
        seller.send(Method::POST, &path, &wish, 201).await?;
    }
    let wish = json!({ "generation_id": generation, "year": from + 1 });
    let car = anna.send(Method::POST, "/v1/me/garage", &wish, 201).await?;
    let path = format!(
        "/v1/listings?generation_id={}&year={}",
        car["generation_id"], car["year"]
    );
    let found = expect(server.get(&path).await?, 200).await?;
    let ids: Vec<&Value> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["listing_id"])
        .collect();
    assert_eq!(ids, [&json!(early.0)]);
    Ok(())
}

#[tokio::test]
async fn a_car_by_its_vin_is_led_to_what_fits_it_and_to_a_saved_search() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let seller = server.person(Role::User).await?;
    let anna = server.person(Role::User).await?;
    let ivan = server.person(Role::User).await?;
    let wish = json!({ "vin": "1HGCM82633A004352" });
    let car = anna.send(Method::POST, "/v1/me/garage", &wish, 201).await?;
    let vehicle = &car["vehicle_id"];
    let refused = anna.get("/v1/me/fitting-listings").await?;
    let refused = problem(refused, 409, "garage_generation_required").await?;
    assert_eq!(refused["detail"], "model_id");
    let saved = json!({ "query": "колодки", "frequency": "at_once", "vehicle_id": vehicle });
    anna.send(Method::POST, "/v1/me/searches", &saved, 409)
        .await?;

    let path = format!("/v1/me/garage/{vehicle}/generations");
    problem(ivan.get(&path).await?, 404, "garage_vehicle_unknown").await?;
    let first = expect(anna.get(&format!("{path}?limit=1")).await?, 200).await?;
    let cursor = first["next"].as_str().unwrap();
    let second = expect(
        anna.get(&format!("{path}?limit=1&cursor={cursor}")).await?,
        200,
    )
    .await?;
    assert_ne!(first["items"], second["items"]);
    let generation = &first["items"][0]["generation_id"];
    let wish = json!({ "vin": car["vin"], "generation_id": generation, "year": car["year"] });
    anna.change(
        Method::PUT,
        &format!("/v1/me/garage/{vehicle}"),
        1,
        Some(&wish),
        200,
    )
    .await?;

    let saved = anna
        .send(Method::POST, "/v1/me/searches", &saved, 201)
        .await?;
    assert_eq!(
        (&saved["vehicle_id"], &saved["generation_id"]),
        (vehicle, generation)
    );
    let listing = server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    server
        .db
        .listing(seller.user, &ListingFixture::default())
        .await?;
    let path = format!("/v1/listings/{listing}/fitments");
    let wish = json!({ "generation_id": generation });
    seller.send(Method::POST, &path, &wish, 201).await?;
    for path in [
        "/v1/me/fitting-listings".to_owned(),
        format!("/v1/me/fitting-listings?vehicle_id={vehicle}&query=колодки&limit=5"),
    ] {
        let found = expect(anna.get(&path).await?, 200).await?;
        let ids: Vec<&Value> = found["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["listing_id"])
            .collect();
        assert_eq!(ids, [&json!(listing.0)]);
    }
    problem(
        ivan.get("/v1/me/fitting-listings").await?,
        404,
        "garage_vehicle_unknown",
    )
    .await?;
    Ok(())
}
