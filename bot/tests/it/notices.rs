//! What was told reaches people once, whatever happens between the outbox and Telegram.

use kardan_schema::Role;
use serde_json::json;

use crate::support::{Place, until};
use crate::telegram::{Trouble, later, no};

const TITLE: &str = "Колодки <b>&_*[";

#[tokio::test]
async fn a_notice_comes_in_the_persons_language_with_what_people_wrote_escaped()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let (person, chat) = place.reachable(Role::User).await?;
    place
        .tell(person, "listing.rejected", &json!({
            "listing_id": 1, "shop_id": null, "title": TITLE, "reason": "bad_photos", "note": null, "edits": [],
        }))
        .await?;
    let bot = place.start();
    until("it is sent", async || Ok(place.queued().await? == 0)).await?;
    bot.stop().await?;
    let calls = place.telegram.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!(
        (calls[0].method.as_str(), calls[0].chat()),
        ("sendMessage", chat)
    );
    let text = calls[0].text();
    assert!(
        text.contains("came back: <b>Колодки &lt;b&gt;&amp;_*[</b>"),
        "{text}"
    );
    Ok(())
}

#[tokio::test]
async fn what_telegram_wants_is_waited_for_and_a_bad_answer_is_tried_again() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (person, _) = place.reachable(Role::User).await?;
    place.telegram.trouble("sendMessage", later(7));
    place
        .telegram
        .trouble("sendMessage", Trouble::Answer(502, json!("bad gateway")));
    place
        .tell(person, "listing.approved", &json!({ "title": TITLE }))
        .await?;
    let bot = place.start();
    let held = "select count(*) from notify_data.holds";
    until("the person is left alone", async || {
        Ok(place.root.query_one(held, &[]).await?.get::<_, i64>(0) == 1)
    })
    .await?;
    assert!(place.telegram.calls().is_empty());
    place.db.shift_clock("10 seconds").await?;
    until("it failed once", async || {
        let attempts =
            "select coalesce(max(attempts), 0) from notify_data.queue where state = 'waiting'";
        Ok(place.root.query_one(attempts, &[]).await?.get::<_, i32>(0) == 1)
    })
    .await?;
    place.db.shift_clock("1 minute").await?;
    until("it is sent", async || Ok(place.queued().await? == 0)).await?;
    bot.stop().await?;
    assert_eq!(place.telegram.calls().len(), 1);
    Ok(())
}

#[tokio::test]
async fn whoever_blocked_the_bot_is_marked_and_can_come_back() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (person, chat) = place.reachable(Role::User).await?;
    place.telegram.trouble(
        "sendMessage",
        no(403, "Forbidden: bot was blocked by the user"),
    );
    place
        .tell(person, "listing.approved", &json!({ "title": TITLE }))
        .await?;
    let bot = place.start();
    until("it is closed", async || Ok(place.queued().await? == 0)).await?;
    assert!(place.telegram.calls().is_empty());
    place
        .tell(person, "listing.approved", &json!({ "title": TITLE }))
        .await?;
    let back = crate::telegram::person(chat, "Anna", "en");
    place.telegram.writes(&back, "/start");
    until("greeted", async || Ok(place.telegram.calls().len() == 1)).await?;
    place
        .tell(person, "listing.approved", &json!({ "title": "Again" }))
        .await?;
    until("told again", async || Ok(place.telegram.calls().len() == 2)).await?;
    bot.stop().await?;
    assert!(place.telegram.calls()[1].text().contains("Again"));
    Ok(())
}

#[tokio::test]
async fn a_kind_without_a_sentence_stops_nobody_else() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (person, _) = place.reachable(Role::User).await?;
    let (other, chat) = place.reachable(Role::User).await?;
    // Its data lacks what the sentence needs.
    place
        .tell(person, "deal.requested", &json!({ "title": TITLE }))
        .await?;
    place
        .tell(other, "listing.approved", &json!({ "title": TITLE }))
        .await?;
    let bot = place.start();
    until("the other one is told", async || {
        Ok(place.queued().await? == 0)
    })
    .await?;
    bot.stop().await?;
    let calls = place.telegram.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].chat(), chat);
    let dead: String = place
        .root
        .query_one(
            "select error from notify_data.queue where state = 'dead'",
            &[],
        )
        .await?
        .get(0);
    assert!(dead.contains("no sentence"), "{dead}");
    Ok(())
}

#[tokio::test]
async fn two_bots_tell_two_hundred_notices_once_each() -> anyhow::Result<()> {
    let place = Place::open().await?;
    place
        .root
        .batch_execute("update ops_data.settings set value = '0' where key = 'outbox.per_second'")
        .await?;
    let mut chats = Vec::new();
    for _ in 0..10 {
        let (person, chat) = place.reachable(Role::User).await?;
        chats.push(chat);
        for number in 0..20 {
            place
                .tell(
                    person,
                    "listing.approved",
                    &json!({ "title": format!("number {number:02}") }),
                )
                .await?;
        }
    }
    let (one, two) = (place.start(), place.start());
    until("all are told", async || Ok(place.queued().await? == 0)).await?;
    one.stop().await?;
    two.stop().await?;
    let calls = place.telegram.calls();
    assert_eq!(calls.len(), 200);
    for chat in chats {
        let heard: Vec<_> = calls
            .iter()
            .filter(|call| call.chat() == chat)
            .map(|call| call.text().to_owned())
            .collect();
        let mut sorted = heard.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(heard, sorted, "in order, and each once");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_token_is_told_at_once() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let mut config = place.config();
    config.token = "43:wrong".parse().unwrap();
    let refused = kardan_bot::run(config, tokio_util::sync::CancellationToken::new()).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("is the token right"), "{refused}");
    assert!(!refused.contains("43:wrong"));
    Ok(())
}

#[tokio::test]
async fn operators_see_what_was_sent_and_whether_it_can_work() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (person, _) = place.reachable(Role::User).await?;
    place.telegram.trouble("sendMessage", later(1));
    place
        .tell(person, "listing.approved", &json!({ "title": TITLE }))
        .await?;
    let mut config = place.config();
    let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    config.listen = Some(free);
    let stop = tokio_util::sync::CancellationToken::new();
    let bot = tokio::spawn(kardan_bot::run(config, stop.clone()));
    let ask = async |path: &str| reqwest::get(format!("http://{free}{path}")).await;
    until("it is sent", async || Ok(place.queued().await? == 0)).await?;
    assert_eq!(ask("/health/ready").await?.status(), 200);
    let figures = ask("/metrics").await?.text().await?;
    for line in [
        "kardan_bot_sent_total{lane=\"notice\",outcome=\"postponed\"} 1",
        "kardan_bot_sent_total{lane=\"notice\",outcome=\"sent\"} 1",
        "kardan_bot_postponed_seconds_total 1",
    ] {
        assert!(figures.contains(line), "{line}: {figures}");
    }
    stop.cancel();
    Ok(bot.await??)
}
