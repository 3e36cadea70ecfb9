//! A listing in a channel: one post, whatever crashes, that follows its listing.

use kardan_schema::market::{self, ChannelCreate};
use kardan_schema::{Language, ListingId, Role, Status, UserId};
use kardan_testdb::ListingFixture;
use serde_json::json;

use crate::support::{Place, until};
use crate::telegram::{Trouble, no};

const CHANNEL: i64 = -1_001_000_000_001;
const GROUP: i64 = -1_001_000_000_002;

/// A channel for everything, and a listing that was just published.
async fn published(place: &Place) -> anyhow::Result<(UserId, ListingId)> {
    let (admin, seller, moderator) = (
        place.db.person(Role::Admin).await?,
        place.db.person(Role::User).await?,
        place.db.person(Role::Moderator).await?,
    );
    let api = place.db.as_role("kardan_api").await?;
    let wish = ChannelCreate {
        actor: admin,
        chat: CHANNEL,
        discussion_chat: Some(GROUP),
        title: "Запчасти".to_owned(),
        language: Language::Ru,
        is_enabled: true,
        categories: vec![0],
        places: vec![0],
        regions: vec![0],
    };
    market::channel_create(&*api, &wish).await?;
    let pending = ListingFixture {
        status: Status::Pending,
        ..ListingFixture::default()
    };
    let listing = place.db.listing(seller, &pending).await?;
    for claimed in market::moderation_claim(&*api, moderator, None).await? {
        market::moderation_approve(&*api, moderator, claimed.item_id, None).await?;
    }
    Ok((seller, listing))
}

async fn post_messages(place: &Place) -> anyhow::Result<Vec<i64>> {
    let row = place
        .root
        .query_one("select message_ids from market_data.channel_posts", &[])
        .await?;
    Ok(row.get(0))
}

#[tokio::test]
async fn a_listing_is_posted_once_and_its_post_says_when_it_is_gone() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (seller, listing) = published(&place).await?;
    let bot = place.start();
    until("it is posted", async || {
        Ok(post_messages(&place).await?.len() == 1)
    })
    .await?;
    let posts = place.telegram.of("sendMessage");
    let post = posts.iter().find(|call| call.chat() == CHANNEL).unwrap();
    assert!(
        post.text().starts_with("<b>Колодки тормозные передние</b>"),
        "{}",
        post.text()
    );
    assert!(post.text().contains("2\u{a0}500\u{a0}₽"), "{}", post.text());
    let link = format!("https://t.me/kardan_test_bot?start=c_{}-", listing.0);
    assert!(post.buttons()[0].starts_with(&link), "{:?}", post.buttons());

    let api = place.db.as_role("kardan_api").await?;
    market::listing_withdraw(&*api, seller, listing, None).await?;
    place.telegram.trouble(
        "editMessageCaption",
        no(
            400,
            "Bad Request: there is no caption in the message to edit",
        ),
    );
    let worker = place.db.as_role("kardan_worker").await?;
    until("it is marked", async || {
        market::channels_advance(&*worker).await?;
        Ok(!place.telegram.of("editMessageText").is_empty())
    })
    .await?;
    bot.stop().await?;
    let edited = &place.telegram.of("editMessageText")[0];
    assert!(
        edited.text().starts_with("✖️ <b>Снято с продажи</b>"),
        "{}",
        edited.text()
    );
    assert!(edited.buttons().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_post_whose_answer_was_lost_is_found_by_its_forward_and_not_sent_again()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    published(&place).await?;
    place.telegram.trouble("sendMessage", Trouble::Lost);
    let bot = place.start();
    until("it is sent", async || {
        Ok(place.telegram.of("sendMessage").len() == 1)
    })
    .await?;
    let link = place.telegram.of("sendMessage")[0].buttons()[0].clone();
    // Telegram forwards it into the group by itself.
    place.telegram.happens(json!({ "message": {
        "message_id": 501, "date": 1_790_000_000, "chat": { "id": GROUP, "type": "supergroup" },
        "is_automatic_forward": true, "caption": "x",
        "forward_origin": { "type": "channel", "chat": { "id": CHANNEL, "type": "channel" }, "message_id": 77 },
        "caption_entities": [{ "type": "text_link", "offset": 0, "length": 1, "url": link }],
    }}));
    until("the post is known", async || {
        Ok(post_messages(&place).await? == [77])
    })
    .await?;
    place.db.shift_clock("2 minutes").await?;
    until("the outbox is empty", async || {
        Ok(place.queued().await? == 0)
    })
    .await?;
    bot.stop().await?;
    assert_eq!(
        place.telegram.of("sendMessage").len(),
        1,
        "it is not sent again"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_said_beneath_a_post_is_a_message_of_the_listings_chat() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (_, listing) = published(&place).await?;
    let bot = place.start();
    until("it is posted", async || {
        Ok(post_messages(&place).await?.len() == 1)
    })
    .await?;
    let link = place.telegram.of("sendMessage")[0].buttons()[0].clone();
    let message = post_messages(&place).await?[0];
    place.telegram.happens(json!({ "message": {
        "message_id": 501, "date": 1_790_000_000, "chat": { "id": GROUP, "type": "supergroup" },
        "is_automatic_forward": true, "text": "x",
        "forward_origin": { "type": "channel", "chat": { "id": CHANNEL, "type": "channel" }, "message_id": message },
        "entities": [{ "type": "text_link", "offset": 0, "length": 1, "url": link }],
    }}));
    let now: i64 = place
        .root
        .query_one("select extract(epoch from ops.clock_now())::bigint", &[])
        .await?
        .get(0);
    place.telegram.happens(json!({ "message": {
        "message_id": 502, "date": now, "chat": { "id": GROUP, "type": "supergroup" },
        "from": { "id": 77, "is_bot": false, "first_name": "Пётр", "last_name": "<i>" }, "message_thread_id": 501,
        "text": "Ещё есть?",
    }}));
    let said =
        "select m.author_name, m.text from market_data.chat_messages as m where m.listing_id = $1";
    until("it is stored", async || {
        Ok(!place.root.query(said, &[&listing.0]).await?.is_empty())
    })
    .await?;
    bot.stop().await?;
    let row = place.root.query_one(said, &[&listing.0]).await?;
    assert_eq!(
        (row.get::<_, String>(0), row.get::<_, String>(1)),
        ("Пётр <i>".to_owned(), "Ещё есть?".to_owned())
    );
    Ok(())
}

#[tokio::test]
async fn two_photos_are_an_album_with_a_link_and_one_is_a_photo_with_a_button() -> anyhow::Result<()>
{
    let place = Place::open().await?;
    let keys: Vec<_> = ["a", "b"]
        .map(|digit| {
            let digits = digit.repeat(64);
            let shard = digits[..2].to_owned();
            let folder = place.photos.path().join("photos").join(&shard);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("{digits}-1280.webp")), b"picture").unwrap();
            format!("photos/{shard}/{digits}")
        })
        .to_vec();
    let value = |photos: &[String]| {
        json!({
            "title": "Диск", "brand": "", "part_number": "", "condition": "used", "currency": "RUB", "price_minor": 100,
            "wholesale_price_minor": null, "wholesale_min_quantity": null, "description": "д".repeat(9000), "photos": photos,
        })
    };
    // A photo that is gone is left out.
    let gone = format!("photos/cc/{}", "c".repeat(64));
    for (post, photos) in [(1, keys.clone()), (2, vec![gone, keys[0].clone()])] {
        let data = json!({
            "post_id": post, "channel_id": 1, "listing_id": 5, "language": "ru", "look": "live", "message_ids": [],
            "value": value(&photos),
        });
        place
            .root
            .execute(
                "select notify.post($1, 'channel.post', $2, ops.clock_now(), $3)",
                &[&CHANNEL, &format!("post:{post}"), &data],
            )
            .await?;
    }
    let bot = place.start();
    until("both are sent", async || {
        Ok(place.telegram.calls().len() == 2)
    })
    .await?;
    bot.stop().await?;
    let album = place.telegram.of("sendMediaGroup")[0].clone();
    assert_eq!(album.files, ["photo0", "photo1"]);
    let media: serde_json::Value = serde_json::from_str(album.params["media"].as_str().unwrap())?;
    let caption = media[0]["caption"].as_str().unwrap();
    assert!(caption.contains("start=c_5-1"), "{caption}");
    assert!(caption.encode_utf16().count() < 1024, "{caption}");
    let photo = place.telegram.of("sendPhoto")[0].clone();
    assert_eq!(photo.files, ["photo0"]);
    assert_eq!(
        photo.buttons(),
        ["https://t.me/kardan_test_bot?start=c_5-2"]
    );
    Ok(())
}

/// The group has become this.
const SUPERGROUP: i64 = -1_001_000_000_009;

async fn groups(place: &Place) -> anyhow::Result<Vec<Option<i64>>> {
    let sql = "select c.discussion_chat_id from market_data.channels as c";
    let rows = place.root.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

#[tokio::test]
async fn what_is_sent_to_a_group_that_has_moved_goes_out_to_its_new_number() -> anyhow::Result<()> {
    let place = Place::open().await?;
    published(&place).await?;
    let bot = place.start();
    until("it is posted", async || {
        Ok(post_messages(&place).await?.len() == 1)
    })
    .await?;
    place.telegram.trouble(
        "sendMessage",
        Trouble::Answer(
            400,
            json!({
                "ok": false, "error_code": 400,
                "description": "Bad Request: group chat was upgraded to a supergroup chat",
                "parameters": { "migrate_to_chat_id": SUPERGROUP },
            }),
        ),
    );
    let data = json!({
        "message_id": uuid::Uuid::nil(), "listing_id": 1, "language": "ru", "root_message_id": 500, "name": "Анна",
        "is_seller": false, "text": "Ещё есть?", "reply_to": 501,
    });
    place
        .root
        .execute(
            "select notify.post($1, 'chat.mirror', 'chat.mirror:x', ops.clock_now(), $2)",
            &[&GROUP, &data],
        )
        .await?;
    let sent = || {
        let mut calls = place.telegram.of("sendMessage");
        calls.retain(|call| call.chat() == SUPERGROUP);
        calls
    };
    until("the group is known by its new number", async || {
        Ok(groups(&place).await? == [Some(SUPERGROUP)])
    })
    .await?;
    place.db.shift_clock("1 minute").await?;
    until("it goes out there", async || Ok(!sent().is_empty())).await?;
    bot.stop().await?;
    let call = sent().remove(0);
    assert!(call.text().contains("Ещё есть?"), "{}", call.text());
    assert!(call.params.get("reply_parameters").is_none());
    Ok(())
}

#[tokio::test]
async fn a_group_that_says_that_it_has_moved_is_known_by_its_new_number() -> anyhow::Result<()> {
    let place = Place::open().await?;
    published(&place).await?;
    let bot = place.start();
    for _ in 0..2 {
        place.telegram.happens(json!({ "message": {
            "message_id": 900, "date": 1_790_000_000, "chat": { "id": GROUP, "type": "group" },
            "from": { "id": 77, "is_bot": false, "first_name": "Пётр" }, "migrate_to_chat_id": SUPERGROUP,
        }}));
    }
    until("the group is known by its new number", async || {
        Ok(groups(&place).await? == [Some(SUPERGROUP)])
    })
    .await?;
    until("both are acknowledged", async || {
        Ok(place.telegram.waiting() == 0)
    })
    .await?;
    bot.stop().await
}
