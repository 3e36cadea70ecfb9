//! What is somebody else's answers over HTTP as what does not exist, on every route that points at it. The people and
//! things are those of the permission matrix of the program.

use std::collections::BTreeMap;

use kardan_schema::{Scope, UserId};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::Server;

const SCENE: &str = include_str!("../../../schema/tests/it/permissions/scene.sql");

/// Things that nobody else sees, by the name that their number has in a path. What is public, a shop and a person, is not
/// among them.
const PRIVATE: [&str; 10] = [
    "deal_id",
    "fitment_id",
    "invitation_id",
    "listing_id",
    "photo_id",
    "promotion_id",
    "reservation_id",
    "saved_search_id",
    "token_id",
    "vehicle_id",
];

/// What everybody sees, what moderators and administrators work on, and words that name no thing of anybody's. A new
/// parameter of a path goes here or to [`PRIVATE`].
const OTHERS: [&str; 27] = [
    "attribute_id",
    "broadcast_id",
    "category_id",
    "channel_id",
    "contact",
    "file",
    "item_id",
    "key",
    "make_id",
    "message_id",
    "model_id",
    "mute_id",
    "notice_id",
    "object_id",
    "object_type",
    "part_cross_id",
    "review_id",
    "right_id",
    "shard",
    "shop_id",
    "topic",
    "user_id",
    "vin",
    // Of the shop in the path, which is asked about first.
    "webhook_id",
    "delivery_id",
    "word",
    "word_id",
];

const ABSENT: i64 = 9999;

/// The number of a private thing of somebody; reservations hang on another listing.
fn number(name: &str, of: i64) -> i64 {
    match name {
        _ if of == ABSENT => ABSENT,
        "deal_id" => of + 101,
        "reservation_id" => of + 5,
        "promotion_id" => of + 2,
        _ => of,
    }
}

fn path(template: &str, of: i64) -> String {
    let part = |part: &str| {
        let name = part.trim_matches(['{', '}']);
        match name {
            _ if name == part => part.to_owned(),
            "deal_id" | "photo_id" | "token_id" | "reservation_id" | "invitation_id" => {
                format!("018f0000-0000-7000-8000-00000000{}", number(name, of))
            }
            _ => number(name, of).to_string(),
        }
    };
    let path = template.split('/').map(part).collect::<Vec<_>>().join("/");
    if template.ends_with("/quote") {
        path + "?quantity=1"
    } else {
        path
    }
}

/// A body that the route takes; none where it takes none.
fn body(method: &str, template: &str) -> Option<Value> {
    let photo = "018f0000-0000-7000-8000-000000001001";
    let end = template.rsplit('/').next().unwrap_or_default();
    Some(match (method, end) {
        ("PATCH", "{listing_id}") => json!({ "title": "Another title" }),
        ("PUT", "code") => json!({ "code": "A-1" }),
        ("PUT", "price") => json!({ "price": { "amount_minor": 1 } }),
        ("PUT", "stock") => json!({ "stock_quantity": 1 }),
        ("PUT", "photos") => json!({ "photos": [photo] }),
        ("PUT", "flag") => json!({ "reason": "spam" }),
        ("POST", "fitments") => json!({ "generation_id": 3002 }),
        ("POST", "notices") => json!({ "text": "Cheaper today" }),
        ("PUT", "review") => json!({ "stars": 5 }),
        ("POST", "cancel") => json!({ "reason": "changed my mind" }),
        ("POST", "messages") => json!({ "text": "Is it there?" }),
        ("PUT", "chat") => json!({ "is_on": true }),
        ("POST", "promotions") => {
            json!({ "kind": "post", "text": "Buy", "begins_at": "2030-01-01T00:00:00Z", "ends_at": "2030-02-01T00:00:00Z" })
        }
        ("POST", "marks") => json!({ "listing_id": 1003 }),
        ("POST", "deals") => json!({ "quantity": 1 }),
        ("POST", "reservations") => json!({ "quantity": 1 }),
        ("PUT", "{vehicle_id}") => json!({ "name": "Car", "make_id": 3001 }),
        ("PATCH", "{saved_search_id}") => json!({ "name": "Another name" }),
        _ => return None,
    })
}

async fn ask(
    server: &Server,
    token: &str,
    method: &str,
    template: &str,
    of: i64,
) -> anyhow::Result<Response> {
    let request = server
        .ask(Method::from_bytes(method.as_bytes())?, &path(template, of))
        .bearer_auth(token)
        .header("if-match", "*");
    let request = match (method, body(method, template)) {
        (_, Some(body)) => request.json(&body),
        ("POST", None) if template.ends_with(".csv") => request
            .header("content-type", "text/csv")
            .body("make,model,generation\nScene,Scene,One\n"),
        ("POST", None) if template.ends_with("/photos") => request
            .header("content-type", "multipart/form-data; boundary=x")
            .body("--x\r\nContent-Disposition: form-data; name=\"photo\"\r\n\r\nx\r\n--x--\r\n"),
        _ => request,
    };
    Ok(request.send().await?)
}

/// Status and body of an answer without what names the request.
async fn plain(response: Response) -> anyhow::Result<(u16, Value)> {
    let status = response.status().as_u16();
    let text = response.text().await?;
    let mut body: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
    if let Some(fields) = body.as_object_mut() {
        fields.remove("instance");
        fields.remove("request_id");
    }
    Ok((status, body))
}

#[test]
fn every_parameter_of_a_path_is_somebodys_or_everybodys() {
    for fact in kardan_api::facts() {
        for name in fact.path.split('/').filter_map(|part| {
            let name = part.strip_prefix('{')?;
            name.strip_suffix('}')
        }) {
            let is_known = PRIVATE.contains(&name) || OTHERS.contains(&name);
            assert!(is_known, "{}: whose is what {name} names?", fact.path);
        }
    }
}

#[tokio::test]
async fn somebody_elses_thing_answers_as_none_on_every_route() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let session = server.superuser().await?;
    session.batch_execute(SCENE).await?;
    // A stranger at what is a person's; whoever has left the shop at what is the shop's.
    let mut asking = BTreeMap::new();
    for (of, person) in [(1001, 106), (2001, 105)] {
        let token = server
            .token(UserId(person), &[Scope::Read, Scope::Write])
            .await?;
        asking.insert(of, token);
    }
    let (mut checked, mut found) = (0, Vec::new());
    for fact in kardan_api::facts() {
        let private = PRIVATE
            .iter()
            .any(|name| fact.path.contains(&format!("{{{name}}}")));
        if !private || matches!(fact.scope, Some(Scope::Moderate | Scope::Administer)) {
            continue;
        }
        let name = format!("{} {}", fact.method, fact.path);
        for (of, token) in &asking {
            let theirs = plain(ask(&server, token, &fact.method, &fact.path, *of).await?).await?;
            let none = plain(ask(&server, token, &fact.method, &fact.path, ABSENT).await?).await?;
            // As far as the thing itself, and no farther: what is wrong with the request is not said first.
            let code = theirs.1["code"].as_str().unwrap_or_default();
            let is_far = theirs.0 < 300 || code.ends_with("_unknown");
            if theirs != none || !is_far {
                found.push(format!("{name}: {theirs:?}, and of nothing {none:?}"));
            }
        }
        checked += 1;
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    assert!(checked > 35, "{checked}");
    for table in ["saved_searches", "garage_vehicles", "shop_invitations"] {
        let sql = format!("select count(*) from market_data.{table}");
        let left: i64 = session.query_one(&sql, &[]).await?.get(0);
        assert_eq!(left, 1, "{table}");
    }
    Ok(())
}
