//! What people are told: their feed and preferences, and what administrators see and do.

use kardan_schema::{Role, UserId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Server, expect, problem};

/// Tells somebody so many things, an hour apart.
async fn tell(server: &Server, person: UserId, count: i32) -> anyhow::Result<()> {
    server
        .superuser()
        .await?
        .batch_execute(&format!(
            "select notify.tell(array[{person}], 'listing.approved', 'n' || n,
                 date_trunc('day', ops.clock_now()) - make_interval(hours => n), jsonb_build_object('listing_id', n))
             from generate_series(1, {count}) as n"
        ))
        .await?;
    Ok(())
}

/// What this person was told becomes dead letters.
async fn bury(server: &Server) -> anyhow::Result<()> {
    let session = server.superuser().await?;
    session
        .batch_execute(
            "update notify_data.queue set state = 'dead', due_at = 'infinity', error = 'bad text'",
        )
        .await?;
    Ok(())
}

/// Gives somebody an account on Telegram.
async fn on_telegram(server: &Server, person: UserId) -> anyhow::Result<()> {
    let session = server.superuser().await?;
    session
        .batch_execute(&format!(
            "insert into people_data.identities (provider, subject, user_id, linked_at, seen_at)
             values ('telegram', '{person}', {person}, ops.clock_now(), ops.clock_now())"
        ))
        .await?;
    Ok(())
}

fn numbers(page: &Value) -> Vec<i64> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|one| one["data"]["listing_id"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn a_person_walks_their_feed_and_marks_what_is_read() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (anna, boris) = (
        server.person(Role::User).await?,
        server.person(Role::User).await?,
    );
    tell(&server, anna.user, 5).await?;
    let first = expect(anna.get("/v1/me/notices?limit=3").await?, 200).await?;
    assert_eq!(numbers(&first), [1, 2, 3]);
    let next = first["next"].as_str().unwrap();
    let second = expect(
        anna.get(&format!("/v1/me/notices?limit=3&cursor={next}"))
            .await?,
        200,
    )
    .await?;
    assert_eq!(
        (numbers(&second), &second["next"]),
        (vec![4, 5], &Value::Null)
    );
    assert_eq!(first["items"][0]["topic"], "listings");
    let unread = expect(anna.get("/v1/me/notices/unread").await?, 200).await?;
    assert_eq!(unread, json!({"unread_count": 5, "is_more": false}));
    let until = &first["items"][2]["event_at"];
    let path = "/v1/me/notices/read";
    let mark = anna
        .send(Method::PUT, path, &json!({ "until": until }), 200)
        .await?;
    assert_eq!(&mark["read_until"], until);
    assert_eq!(
        expect(anna.get("/v1/me/notices/unread").await?, 200).await?["unread_count"],
        2
    );
    anna.send(Method::PUT, path, &json!({}), 200).await?;
    assert_eq!(
        expect(anna.get("/v1/me/notices/unread").await?, 200).await?["unread_count"],
        0
    );
    let others = expect(boris.get("/v1/me/notices").await?, 200).await?;
    assert_eq!(others["items"], json!([]));
    problem(
        anna.get("/v1/me/notices?cursor=AQ").await?,
        422,
        "cursor_invalid",
    )
    .await?;
    Ok(())
}

#[tokio::test]
async fn a_person_switches_topics_and_mutes_others() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let anna = server.person(Role::User).await?;
    let topics = expect(anna.get("/v1/me/topics").await?, 200).await?;
    assert!(
        topics["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["is_on"] == true)
    );
    let off = anna
        .send(
            Method::PUT,
            "/v1/me/topics/listings",
            &json!({"is_on": false}),
            200,
        )
        .await?;
    assert_eq!(off, json!({"topic": "listings", "is_on": false}));
    tell(&server, anna.user, 1).await?;
    assert_eq!(
        expect(anna.get("/v1/me/notices").await?, 200).await?["items"],
        json!([])
    );
    let unknown = anna
        .ask(Method::PUT, "/v1/me/topics/weather")
        .json(&json!({"is_on": true}));
    problem(unknown.send().await?, 404, "notice_topic_unknown").await?;

    let path = "/v1/me/mutes/shop/7";
    let mute = expect(anna.ask(Method::PUT, path).send().await?, 200).await?;
    assert_eq!(
        (&mute["object_type"], &mute["object_id"]),
        (&json!("shop"), &json!(7))
    );
    assert_eq!(
        expect(anna.ask(Method::PUT, path).send().await?, 200).await?,
        mute
    );
    assert_eq!(
        expect(anna.get("/v1/me/mutes").await?, 200).await?["items"],
        json!([mute])
    );
    for removed in [true, false] {
        let answer = expect(anna.ask(Method::DELETE, path).send().await?, 200).await?;
        assert_eq!(answer, json!({ "removed": removed }));
    }
    let odd = anna
        .ask(Method::PUT, "/v1/me/mutes/weather/7")
        .send()
        .await?;
    problem(odd, 422, "parameter_invalid").await?;
    Ok(())
}

#[tokio::test]
async fn an_administrator_tries_dead_letters_again_or_gives_them_up() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (admin, anna) = (
        server.person(Role::Admin).await?,
        server.person(Role::User).await?,
    );
    on_telegram(&server, anna.user).await?;
    tell(&server, anna.user, 4).await?;
    bury(&server).await?;
    let page = expect(admin.get("/v1/dead-letters?limit=3").await?, 200).await?;
    let next = page["next"].as_str().unwrap();
    let rest = expect(
        admin
            .get(&format!("/v1/dead-letters?limit=3&cursor={next}"))
            .await?,
        200,
    )
    .await?;
    assert_eq!(
        (
            page["items"].as_array().unwrap().len(),
            rest["items"].as_array().unwrap().len()
        ),
        (3, 1)
    );
    let letter = &page["items"][0];
    assert_eq!(
        (&letter["user_id"], &letter["error"]),
        (&json!(anna.user), &json!("bad text"))
    );
    assert!(
        letter.get("data").is_none(),
        "what it says is between the sender and the person"
    );
    let one = letter["notice_id"].as_i64().unwrap();
    for replayed in [true, false] {
        let path = format!("/v1/dead-letters/{one}/replay");
        let answer = expect(admin.ask(Method::POST, &path).send().await?, 200).await?;
        assert_eq!(answer, json!({"notice_id": one, "replayed": replayed}));
    }
    let missing = admin
        .ask(Method::POST, "/v1/dead-letters/999999/replay")
        .send()
        .await?;
    problem(missing, 404, "dead_letter_unknown").await?;
    let two = page["items"][1]["notice_id"].as_i64().unwrap();
    let gone = expect(
        admin
            .ask(Method::DELETE, &format!("/v1/dead-letters/{two}"))
            .send()
            .await?,
        200,
    )
    .await?;
    assert_eq!(gone, json!({"notice_id": two, "purged": true}));
    let kind = json!({"kind": "listing.rejected"});
    let none = admin
        .send(Method::POST, "/v1/dead-letters/replay", &kind, 200)
        .await?;
    assert_eq!(none, json!({"replayed_count": 0}));
    let all = admin
        .send(Method::POST, "/v1/dead-letters/replay", &json!({}), 200)
        .await?;
    assert_eq!(all, json!({"replayed_count": 2}));
    bury(&server).await?;
    let all = admin
        .send(Method::POST, "/v1/dead-letters/purge", &json!({}), 200)
        .await?;
    assert_eq!(all, json!({"purged_count": 3}));
    let acts = expect(admin.get("/v1/audit").await?, 200).await?;
    let acts: Vec<_> = acts["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["action"])
        .collect();
    let told = ["purge_all", "replay_all", "purge", "replay"]
        .map(|act| json!(format!("dead_letter.{act}")));
    assert_eq!(acts[..4], told.iter().collect::<Vec<_>>());
    problem(anna.get("/v1/dead-letters").await?, 403, "role_required").await?;
    Ok(())
}

#[tokio::test]
async fn an_administrator_drafts_changes_starts_and_ends_a_broadcast() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let (admin, anna) = (
        server.person(Role::Admin).await?,
        server.person(Role::User).await?,
    );
    on_telegram(&server, anna.user).await?;
    let wish = json!({"text_ru": "Мы переехали", "text_en": "We have moved", "role": "user"});
    let create = || {
        let request = admin.ask(Method::POST, "/v1/broadcasts").json(&wish);
        request.header("idempotency-key", "one").send()
    };
    let response = create().await?;
    let place = response.headers()["location"].to_str()?.to_owned();
    let draft = expect(response, 201).await?;
    assert_eq!(expect(create().await?, 201).await?, draft);
    assert_eq!(
        expect(admin.get("/v1/broadcasts").await?, 200).await?["items"],
        json!([draft])
    );
    let count = expect(admin.get(&format!("{place}/audience")).await?, 200).await?;
    assert_eq!(count, json!({"people_count": 1, "reachable_count": 1}));
    let other = json!({"text_ru": "Мы здесь", "text_en": "We are here"});
    let changed = admin
        .change(Method::PUT, &place, 1, Some(&other), 200)
        .await?;
    assert_eq!(
        (&changed["text_en"], &changed["role"]),
        (&json!("We are here"), &Value::Null)
    );
    let stale = json!({"text_ru": "а", "text_en": "a"});
    admin
        .change(Method::PUT, &place, 1, Some(&stale), 412)
        .await?;
    let refused = json!({"text_ru": "", "text_en": "a"});
    admin
        .change(Method::PUT, &place, 2, Some(&refused), 422)
        .await?;
    let early = admin
        .ask(Method::POST, &format!("{place}/resume"))
        .send()
        .await?;
    problem(early, 409, "broadcast_move_refused").await?;
    for (act, state) in [
        ("start", "running"),
        ("pause", "paused"),
        ("resume", "running"),
        ("cancel", "cancelled"),
    ] {
        for _ in 0..2 {
            let answer = admin
                .ask(Method::POST, &format!("{place}/{act}"))
                .send()
                .await?;
            assert_eq!(expect(answer, 200).await?["state"], state);
        }
    }
    let now = admin.get(&place).await?;
    let tag = now.headers()["etag"].clone();
    assert_eq!(expect(now, 200).await?["state"], "cancelled");
    let again = admin
        .ask(Method::GET, &place)
        .header("if-none-match", tag)
        .send()
        .await?;
    assert_eq!(again.status(), 304);
    problem(
        admin.get("/v1/broadcasts/999").await?,
        404,
        "broadcast_unknown",
    )
    .await?;
    problem(anna.get("/v1/broadcasts").await?, 403, "role_required").await?;
    Ok(())
}
