//! What moderators do besides publishing and sending back.

use chrono::{DateTime, Utc};
use kardan_schema::market::{self, ListingFlag, MessageFlag, MessagePost};
use kardan_schema::{ChatSource, FlagReason, ListingId, MessageFlagReason, Role, Status, UserId};
use kardan_testdb::ListingFixture;

use crate::script::Script;
use crate::support::{Place, until};

/// Somebody says something beneath a listing.
async fn says(
    place: &Place,
    actor: UserId,
    listing: ListingId,
    text: &str,
) -> anyhow::Result<uuid::Uuid> {
    let api = place.db.as_role("kardan_bot").await?;
    let post = MessagePost {
        actor,
        listing,
        text: text.to_owned(),
        reply_to: None,
        source: ChatSource::Bot,
    };
    Ok(market::message_post(&*api, &post).await?.message_id)
}

async fn count(place: &Place, from: &str) -> anyhow::Result<i64> {
    let sql = format!("select count(*) from {from}");
    Ok(place.root.query_one(&sql, &[]).await?.get(0))
}

#[tokio::test]
async fn a_moderator_watches_all_chats_deletes_warns_mutes_and_lets_talk_again()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let (seller, buyer) = (
        place.db.person(Role::User).await?,
        place.db.person(Role::User).await?,
    );
    let listing = place.db.listing(seller, &ListingFixture::default()).await?;
    for number in 1..=6 {
        says(&place, buyer, listing, &format!("Сообщение <{number}>")).await?;
    }
    place.appointed(Role::Moderator, 9).await?;
    let bot = place.start();
    let mut maria = Script::new(&place, 9, "Maria", "en");
    let help = maria.write("/help").await?;
    assert!(
        help.contains("/office") && !help.contains("/broadcasts"),
        "{help}"
    );
    let menu = maria.write("/office").await?;
    assert!(menu.contains("Now in the queue: 0"), "{menu}");
    let page = maria.tap("o:chat:").await?;
    assert!(
        page.contains("Сообщение &lt;6&gt;") && !page.contains("&lt;1&gt;"),
        "the latest five: {page}"
    );
    let link = format!("https://t.me/kardan_test_bot?start=l_{listing}");
    assert!(page.contains(&link), "{page}");
    let next = maria.tap("o:chat:more:").await?;
    assert!(
        next.contains("&lt;1&gt;") && !next.contains("&lt;2&gt;"),
        "the rest and nothing twice: {next}"
    );
    let deleted = maria.tap("o:chat:delete:").await?;
    assert!(deleted.contains("Сообщение &lt;6&gt;"), "{deleted}");
    let why = maria.tap("o:chat:warn:").await?;
    assert!(why.contains("will read it"), "{why}");
    let short = maria.write("x").await?;
    assert!(
        short.contains("will read it"),
        "the function refuses, and the question stays: {short}"
    );
    let warned = maria.write("Be kind").await?;
    assert!(warned.contains("Warned: Be kind"), "{warned}");
    maria.tap("o:chat:mute:").await?;
    maria.tap("o:chat:for:").await?;
    let muted = maria.tap("d:form:").await?;
    assert!(muted.starts_with("🔇 Muted until"), "{muted}");
    let mutes = maria.tap("o:chat:mutes").await?;
    assert!(mutes.contains("Who may not write"), "{mutes}");
    let free = maria.tap("o:chat:speak:").await?;
    assert!(free.contains("Everybody may write"), "{free}");
    bot.stop().await?;
    place.transcript.is("watching", "Chats are watched")?;
    assert_eq!(
        count(
            &place,
            "market_data.chat_messages where state = 'deleted' and text like '%<1>'"
        )
        .await?,
        1
    );
    assert_eq!(
        count(&place, "market_data.chat_warnings where reason = 'Be kind'").await?,
        1
    );
    assert_eq!(
        count(
            &place,
            "market_data.chat_mutes where reason = 'Against the rules of the chat' and lifted_at is not null"
        )
        .await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn what_people_reported_is_seen_and_a_message_is_found_to_be_fine() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (seller, buyer) = (
        place.db.person(Role::User).await?,
        place.db.person(Role::User).await?,
    );
    let listing = place.db.listing(seller, &ListingFixture::default()).await?;
    let message = says(&place, seller, listing, "Торг уместен").await?;
    let api = place.db.as_role("kardan_bot").await?;
    let flag = ListingFlag {
        actor: buyer,
        listing,
        reason: FlagReason::SoldElsewhere,
        note: Some("Уже <продано>".to_owned()),
    };
    market::listing_flag(&*api, &flag).await?;
    let flag = MessageFlag {
        actor: buyer,
        message,
        reason: MessageFlagReason::Rude,
        note: None,
    };
    market::message_flag(&*api, &flag).await?;
    place.appointed(Role::Moderator, 9).await?;
    let bot = place.start();
    let mut maria = Script::new(&place, 9, "Maria", "en");
    maria.write("/office").await?;
    let listings = maria.tap("o:flag:").await?;
    assert!(
        listings.contains("Already sold: Уже &lt;продано&gt;"),
        "{listings}"
    );
    let recalled = maria.tap("o:flag:recall:").await?;
    assert!(
        recalled.contains("waits in the queue") && recalled.contains("in the queue\nAlready sold"),
        "{recalled}"
    );
    let messages = maria.tap("o:flag:messages").await?;
    assert!(
        messages.contains("Торг уместен") && messages.contains("🚩 Rude"),
        "{messages}"
    );
    let fine = maria.tap("o:flag:fine:").await?;
    assert!(fine.contains("Nobody reported a message"), "{fine}");
    bot.stop().await?;
    assert_eq!(
        count(&place, "market_data.chat_flags where outcome = 'dismissed'").await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn a_moderator_changes_a_listing_of_the_queue_adds_a_vehicle_and_an_advertisement()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let (seller, _) = place.reachable(Role::User).await?;
    let fixture = ListingFixture {
        status: Status::Pending,
        title: "Колодки".to_owned(),
        ..ListingFixture::default()
    };
    place.db.listing(seller, &fixture).await?;
    place.appointed(Role::Moderator, 9).await?;
    let bot = place.start();
    let mut maria = Script::new(&place, 9, "Maria", "en");
    maria.write("/moderate").await?;
    maria.tap("mod:edit:").await?;
    maria.tap("mod:edit:").await?;
    let card = maria.write("Колодки тормозные").await?;
    assert!(
        card.contains("Changed.") && card.contains("<b>Колодки тормозные</b>"),
        "{card}"
    );
    maria.tap("mod:edit:").await?;
    let fits = maria.last.clone().unwrap().buttons();
    let fits = fits.iter().find(|data| data.ends_with(":fits")).unwrap();
    maria.tap(fits).await?;
    maria.write("toyota").await?;
    maria.tap("d:make:").await?;
    maria.write("camry").await?;
    maria.tap("d:model:").await?;
    maria.tap("d:generation:").await?;
    let card = maria.tap("d:fits:done").await?;
    assert!(card.contains("Camry"), "{card}");
    maria.tap("mod:ad:").await?;
    maria.write("Масло <дёшево>").await?;
    maria.write("https://example.org/?a=1&b=2").await?;
    let placed = maria.tap("d:form:2:1").await?;
    assert!(placed.contains("Масло &lt;дёшево&gt;"), "{placed}");
    place
        .transcript
        .is("editing", "A moderator changes a listing")?;
    let removed = maria.tap("o:no_ad:").await?;
    assert!(removed.contains("is gone"), "{removed}");
    bot.stop().await?;
    assert_eq!(
        count(
            &place,
            "market_data.listings where title = 'Колодки тормозные'"
        )
        .await?,
        1
    );
    let acts = "ops_data.audit where action in ('moderation.edit', 'moderation.fitment_add', \
                'moderation.ad_place', 'moderation.ad_remove')";
    assert_eq!(count(&place, acts).await?, 4);
    Ok(())
}

#[tokio::test]
async fn a_price_is_shown_beside_what_such_things_cost() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (seller, _) = place.reachable(Role::User).await?;
    let fixture = ListingFixture {
        status: Status::Pending,
        ..ListingFixture::default()
    };
    let listing = place.db.listing(seller, &fixture).await?;
    place
        .root
        .execute(
            "insert into market_data.price_ranges (
                 subcategory_id, condition, currency, brand_id, listing_count, usual_low_minor, usual_high_minor,
                 low_minor, high_minor, computed_at)
             select l.subcategory_id, l.condition, l.currency, 0, 40, 400000, 900000, 100000, 5000000, ops.clock_now()
             from market_data.listings as l where l.id = $1",
            &[&listing],
        )
        .await?;
    place.appointed(Role::Moderator, 9).await?;
    let bot = place.start();
    let mut maria = Script::new(&place, 9, "Maria", "en");
    let card = maria.write("/moderate").await?;
    assert!(
        card.contains("cost 4\u{a0}000\u{a0}₽ – 9\u{a0}000\u{a0}₽ (40 for sale)"),
        "{card}"
    );
    bot.stop().await
}

#[tokio::test]
async fn a_stranger_gets_none_of_it_by_command_or_by_forged_taps() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let seller = place.db.person(Role::User).await?;
    let listing = place.db.listing(seller, &ListingFixture::default()).await?;
    let message = says(&place, seller, listing, "Торг уместен").await?;
    let at: DateTime<Utc> = place
        .root
        .query_one("select sent_at from market_data.chat_messages", &[])
        .await?
        .get(0);
    let bot = place.start();
    let mut eve = Script::new(&place, 8, "Eve", "en");
    let help = eve.write("/help").await?;
    assert!(!help.contains("/office"), "{help}");
    let denied = eve.write("/office").await?;
    assert!(!denied.contains("queue"), "{denied}");
    let shown = place.telegram.of("sendMessage").len();
    let message = message.simple();
    let forged = [
        format!("o:chat:delete:{message}"),
        format!("o:chat:more:{}:{message}", at.timestamp_micros() + 1),
        "o:chat:mutes".to_owned(),
        "o:chat:speak:1".to_owned(),
        "o:flag:".to_owned(),
        "o:flag:messages".to_owned(),
        format!("o:flag:fine:{message}"),
        format!("o:flag:well:{listing}"),
        format!("o:flag:recall:{listing}"),
        format!("o:no_ad:{listing}"),
        "o:menu:30".to_owned(),
        "mod:edit:1:1:title".to_owned(),
        "mod:ad:1:1".to_owned(),
    ];
    for (place_of, data) in forged.iter().enumerate() {
        place.telegram.taps(&eve.person, data);
        until(data, async || {
            Ok(place.telegram.of("answerCallbackQuery").len() == place_of + 1)
        })
        .await?;
    }
    let refused = place.telegram.of("answerCallbackQuery");
    assert!(refused.iter().all(|call| !call.text().is_empty()));
    assert!(place.telegram.of("editMessageText").is_empty());
    assert_eq!(place.telegram.of("sendMessage").len(), shown);
    // A form asks whoever taps; what it is for, the function refuses.
    for (form, answers) in [
        (format!("o:chat:warn:{message}"), vec!["Spam"]),
        (format!("o:chat:for:{message}:all:1"), vec!["Spam"]),
        (
            "o:ad".to_owned(),
            vec![&*listing.to_string(), "Buy", "https://example.org", "7"],
        ),
    ] {
        place.telegram.taps(&eve.person, &form);
        eve.told().await?;
        for answer in answers {
            eve.write(answer).await?;
        }
        eve.write("/cancel").await?;
    }
    bot.stop().await?;
    for nothing in [
        "market_data.chat_messages where state <> 'visible'",
        "market_data.chat_warnings",
        "market_data.chat_mutes",
        "market_data.listing_ads",
        "ops_data.audit where action like 'moderation%'",
    ] {
        assert_eq!(count(&place, nothing).await?, 0, "{nothing}");
    }
    Ok(())
}
