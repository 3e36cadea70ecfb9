//! What people write to the bot and tap, as they do it.

use kardan_schema::people;
use kardan_schema::{Role, Status};
use kardan_testdb::ListingFixture;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::support::{Place, until};
use crate::telegram::{Trouble, person};

fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

#[tokio::test]
async fn a_start_makes_an_account_greets_by_name_and_in_the_language_of_telegram()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let (anna, ivan) = (person(7, "Anna <b>", "en"), person(8, "Иван", "ru"));
    place.telegram.writes(&anna, "/start");
    place.telegram.writes(&ivan, "/start");
    until("both are greeted", async || {
        Ok(place.telegram.calls().len() == 2)
    })
    .await?;
    place.telegram.writes(&anna, "/start");
    until("greeted again", async || {
        Ok(place.telegram.calls().len() == 3)
    })
    .await?;
    bot.stop().await?;
    let calls = place.telegram.calls();
    let to = |chat| {
        calls
            .iter()
            .find(|call| call.chat() == chat)
            .unwrap()
            .text()
    };
    assert!(to(7).starts_with("Hello, Anna &lt;b&gt;!"), "{}", to(7));
    assert!(to(8).starts_with("Здравствуйте, Иван!"), "{}", to(8));
    assert!(
        calls[2].text().starts_with("Welcome back"),
        "{}",
        calls[2].text()
    );
    let accounts: i64 = place
        .root
        .query_one("select count(*) from people_data.identities", &[])
        .await?
        .get(0);
    assert_eq!(accounts, 2);
    Ok(())
}

#[tokio::test]
async fn a_language_is_changed_by_a_tap_and_a_forged_tap_changes_nothing() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let anna = person(7, "Anna", "en");
    place.telegram.writes(&anna, "/settings");
    until("asked", async || Ok(place.telegram.calls().len() == 1)).await?;
    let buttons = place.telegram.calls()[0].buttons();
    assert!(buttons.starts_with(&["language:ru".to_owned(), "language:en".to_owned()]));
    for forged in ["language:xx", "", "in:", "in:x", "nonsense:1", "in:x:y"] {
        place.telegram.taps(&anna, forged);
    }
    place.telegram.taps(&anna, "language:ru");
    until("all taps are answered", async || {
        Ok(place.telegram.of("answerCallbackQuery").len() == 7)
    })
    .await?;
    place.telegram.writes(&anna, "/help");
    until("helped", async || {
        Ok(place.telegram.of("sendMessage").len() == 2)
    })
    .await?;
    bot.stop().await?;
    let help = place.telegram.of("sendMessage")[1].text().to_owned();
    assert!(help.contains("что я умею"), "{help}");
    Ok(())
}

#[tokio::test]
async fn a_browser_is_let_in_by_the_number_that_its_page_shows() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let api = place.db.as_role("kardan_api").await?;
    // As long as those that the API makes.
    let nonce = "n".repeat(43);
    let made =
        people::sign_in_link_create(&*api, hash(&nonce), hash("secret"), Some("Firefox")).await?;
    let anna = person(7, "Anna", "en");
    place
        .telegram
        .writes(&anna, &format!("/start login_{nonce}"));
    until("asked", async || Ok(place.telegram.calls().len() == 1)).await?;
    let asked = place.telegram.calls()[0].clone();
    assert!(asked.text().contains("Firefox"), "{}", asked.text());
    let buttons = asked.buttons();
    assert_eq!(buttons.len(), 4, "three numbers and a no");
    assert!(buttons.iter().all(|data| data.len() <= 64), "{buttons:?}");
    let right = format!("in:{nonce}:{}", made.code);
    assert!(buttons.contains(&right), "{buttons:?}");
    place.telegram.taps(&anna, &right);
    until("told", async || {
        Ok(place.telegram.of("editMessageText").len() == 1)
    })
    .await?;
    // Somebody else's tap, and a link that is over.
    place.telegram.taps(&person(8, "Eve", "en"), &right);
    place.telegram.writes(&anna, "/start login_nothing");
    until("told that it is over", async || {
        Ok(place.telegram.of("editMessageText").len() == 2
            && place.telegram.of("sendMessage").len() == 2)
    })
    .await?;
    bot.stop().await?;
    let edits = place.telegram.of("editMessageText");
    assert!(
        edits[0].text().starts_with("✅ Confirmed"),
        "{}",
        edits[0].text()
    );
    assert!(
        edits[1].text().contains("does not work any more"),
        "{}",
        edits[1].text()
    );
    Ok(())
}

#[tokio::test]
async fn the_contacts_of_a_listing_are_shown_and_the_look_is_counted() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let seller = place.db.person(Role::User).await?;
    let fixture = ListingFixture {
        status: Status::Published,
        ..ListingFixture::default()
    };
    let listing = place.db.listing(seller, &fixture).await?;
    let bot = place.start();
    let anna = person(7, "Anna", "en");
    place
        .telegram
        .writes(&anna, &format!("/start c_{}-1", listing.0));
    place.telegram.writes(&anna, "/start c_999999");
    until("answered", async || Ok(place.telegram.calls().len() == 2)).await?;
    bot.stop().await?;
    let calls = place.telegram.calls();
    assert!(calls[0].text().contains("📞"), "{}", calls[0].text());
    assert!(
        calls[1].text().contains("no longer there"),
        "{}",
        calls[1].text()
    );
    let clicks: i64 = place
        .root
        .query_one("select count(*) from market_data.contact_clicks", &[])
        .await?
        .get(0);
    assert_eq!(clicks, 1);
    Ok(())
}

#[tokio::test]
async fn an_update_is_acknowledged_when_it_was_handled_and_not_before() -> anyhow::Result<()> {
    let place = Place::open().await?;
    place
        .telegram
        .trouble("sendMessage", Trouble::Answer(500, json!("")));
    place.telegram.writes(&person(7, "Anna", "en"), "/start");
    let killed = place.start();
    let started = "select count(*) from people_data.identities";
    until("it was begun", async || {
        Ok(place.root.query_one(started, &[]).await?.get::<_, i64>(0) == 1)
    })
    .await?;
    killed.kill();
    assert_eq!(place.telegram.waiting(), 1);
    let bot = place.start();
    until("greeted by the next one", async || {
        Ok(place.telegram.calls().len() == 1)
    })
    .await?;
    until("acknowledged", async || Ok(place.telegram.waiting() == 0)).await?;
    bot.stop().await
}

#[tokio::test]
async fn an_update_that_cannot_be_read_stops_nobody() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    place
        .telegram
        .happens(json!({ "message": "no message at all" }));
    place.telegram.happens(json!({ "purple": { "x": 1 } }));
    place.telegram.writes(&person(7, "Anna", "en"), "/help");
    until("answered", async || Ok(place.telegram.calls().len() == 1)).await?;
    bot.stop().await
}

#[tokio::test]
async fn what_is_written_is_looked_for_and_a_tap_turns_the_page() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let seller = place.db.person(Role::User).await?;
    for number in 0..7 {
        let fixture = ListingFixture {
            status: Status::Published,
            title: format!("Фильтр <масляный> {number}"),
            ..ListingFixture::default()
        };
        place.db.listing(seller, &fixture).await?;
    }
    let bot = place.start();
    let anna = person(7, "Anna", "en");
    place.telegram.writes(&anna, " фильтр\n");
    until("found", async || Ok(place.telegram.calls().len() == 1)).await?;
    let page = place.telegram.calls()[0].clone();
    assert_eq!(
        page.text().matches("start=l_").count(),
        5,
        "{}",
        page.text()
    );
    assert!(page.text().starts_with("🔎 фильтр\n"), "{}", page.text());
    assert!(
        page.text().contains("Фильтр &lt;масляный&gt;"),
        "{}",
        page.text()
    );
    let mut buttons = page.buttons().into_iter();
    let more = buttons.find(|data| data.starts_with("more:")).unwrap();
    place.telegram.happens(json!({ "callback_query": {
        "id": "tap", "from": anna, "data": more,
        "message": { "message_id": 1, "date": 0, "chat": { "id": 7, "type": "private" }, "text": "🔎 фильтр\n\n• …" },
    }}));
    until("turned", async || {
        Ok(place.telegram.of("editMessageText").len() == 1)
    })
    .await?;
    let next = place.telegram.of("editMessageText")[0].clone();
    assert_eq!(
        next.text().matches("start=l_").count(),
        2,
        "{}",
        next.text()
    );
    assert_eq!(next.buttons(), ["save:", "seek:"], "there is no more");
    let twice = (0..7).filter(|number| {
        let title = format!("масляный&gt; {number}");
        page.text().contains(&title) == next.text().contains(&title)
    });
    assert_eq!(twice.count(), 0, "each on one page");
    place.telegram.writes(&anna, "нет такого слова <b>");
    until("told that there is nothing", async || {
        Ok(place.telegram.of("sendMessage").len() == 2)
    })
    .await?;
    bot.stop().await?;
    let nothing = place.telegram.of("sendMessage")[1].text().to_owned();
    assert!(
        nothing.contains("nothing for “нет такого слова &lt;b&gt;”"),
        "{nothing}"
    );
    let missed: i64 = place
        .root
        .query_one("select count(*) from market_data.search_misses", &[])
        .await?
        .get(0);
    assert_eq!(missed, 1);
    Ok(())
}
