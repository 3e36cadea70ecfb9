//! A listing from its first question to its sale, as a seller, a moderator and a buyer have it.

use kardan_schema::{Role, Status, market};
use kardan_testdb::ListingFixture;
use serde_json::json;

use crate::script::Script;
use crate::support::{Bot, Place, until};

/// A small picture of one colour each.
fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(64, 48, |x, y| {
        image::Rgb([shade, (x * 4) as u8, (y * 5) as u8])
    });
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// Answers everything up to the photos of a part.
async fn describe(anna: &mut Script<'_>) -> anyhow::Result<()> {
    let kind = anna.write("/new").await?;
    assert!(kind.contains("What are you selling?"), "{kind}");
    anna.tap("d:kind:part").await?;
    let found = anna.write("колод").await?;
    assert!(found.contains("“колод”"), "{found}");
    anna.tap("d:both:").await?;
    let short = anna.write("ab").await?;
    assert!(short.contains("3 to 150"), "{short}");
    anna.write("Front pads <Brembo>").await?;
    anna.write("P 85 020").await?;
    let brands = anna.write("brembo").await?;
    assert!(brands.contains("“brembo”"), "{brands}");
    anna.tap("d:brand:").await?;
    let mut asked = anna.tap("d:condition:rebuilt").await?;
    // Whatever the catalogue asks of this category.
    while !asked.contains("A description") {
        let buttons = anna.last.as_ref().unwrap().buttons();
        asked = match buttons.iter().find(|data| data.starts_with("d:field:")) {
            Some(data) => anna.tap(&data.clone()).await?,
            None => anna.write("7").await?,
        };
    }
    anna.write("Almost new, 300 km").await?;
    anna.write("Казань").await?;
    let wrong = anna.write("дорого").await?;
    assert!(wrong.contains("cannot read that price"), "{wrong}");
    anna.write("4 500,50").await?;
    let above = anna.write("5000 from 10").await?;
    assert!(above.contains("not above"), "{above}");
    anna.write("4000 from 10").await?;
    anna.tap("d:stock:4").await?;
    let photos = anna.tap("d:contact:me").await?;
    assert!(photos.contains("Send photos"), "{photos}");
    Ok(())
}

#[tokio::test]
async fn a_part_is_described_shown_checked_bought_and_reviewed() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let mut anna = Script::new(&place, 7, "Anna", "en");
    describe(&mut anna).await?;
    let album = [picture(10), picture(200)];
    let counted = anna.album(&album).await?;
    assert!(counted.contains("Photos: 2"), "{counted}");
    anna.tap("d:photos:done").await?;
    anna.write("camry").await?;
    anna.write("toyota").await?;
    anna.tap("d:make:").await?;
    anna.write("camry").await?;
    anna.tap("d:model:").await?;
    let added = anna.tap("d:generation:").await?;
    assert!(added.contains("Vehicles added: 1"), "{added}");
    let confirm = anna.tap("d:fits:done").await?;
    assert!(confirm.contains("how the listing will look"), "{confirm}");
    let preview = place.telegram.of("sendMediaGroup").remove(0);
    assert_eq!(preview.files.len(), 2);
    let shown = preview.params["media"].to_string();
    for wanted in [
        "Front pads &lt;Brembo&gt;",
        "P 85 020",
        "Rebuilt",
        "4\u{a0}500,50",
    ] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    let sent = anna.tap("d:confirm:submit").await?;
    assert!(sent.contains("Sent to be checked"), "{sent}");

    place.appointed(Role::Moderator, 9).await?;
    let mut maria = Script::new(&place, 9, "Maria", "en");
    let card = maria.write("/moderate").await?;
    assert!(
        card.contains("Front pads &lt;Brembo&gt;") && card.contains("Camry"),
        "{card}"
    );
    let over = maria.tap("mod:approve:").await?;
    assert!(
        over.contains("Published") && over.contains("The queue is empty"),
        "{over}"
    );
    let told = anna.told().await?;
    assert!(told.contains("✅"), "{told}");

    let mut boris = Script::new(&place, 8, "Boris", "en");
    let page = boris.write("P85020").await?;
    assert!(page.contains("start=l_"), "{page}");
    let listing = page
        .split("start=l_")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let offer = boris.write(&format!("/start l_{listing}")).await?;
    assert!(offer.contains("In stock: 4"), "{offer}");
    let kept = boris.tap_for_alert("l:keep:").await?;
    assert!(kept.contains("Kept"), "{kept}");
    boris.tap("l:buy:").await?;
    let deal = boris.tap(&format!("l:ask:{listing}:2")).await?;
    assert!(
        deal.contains("Waits for the seller") && deal.contains("9\u{a0}001"),
        "{deal}"
    );
    anna.told().await?;
    let agreed = anna.tap("deal:confirm:").await?;
    assert!(agreed.contains("Confirmed"), "{agreed}");
    boris.told().await?;
    anna.tap("deal:hand_over:").await?;
    boris.told().await?;
    let bought = boris.tap("deal:complete:").await?;
    assert!(bought.contains("Completed"), "{bought}");
    boris.tap("deal:5:").await?;
    let thanks = boris.write("Fast and friendly").await?;
    assert!(thanks.contains("Thank you"), "{thanks}");
    bot.stop().await?;
    place.transcript.is("selling", "A part is sold")?;
    let row = place
        .root
        .query_one(
            "select l.stock_quantity, l.condition, d.state, r.stars, r.text,
                 (select count(*) from market_data.listing_photos as p where p.listing_id = l.id)
             from market_data.listings as l
             join market_data.deals as d on d.listing_id = l.id
             join market_data.reviews as r on r.deal_id = d.id",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, i32>(0), 2);
    assert_eq!(row.get::<_, &str>(1), "rebuilt");
    assert_eq!(row.get::<_, &str>(2), "completed");
    assert_eq!(row.get::<_, i32>(3), 5);
    assert_eq!(row.get::<_, &str>(4), "Fast and friendly");
    assert_eq!(row.get::<_, i64>(5), 2);
    Ok(())
}

#[tokio::test]
async fn a_draft_survives_a_restart_and_an_update_that_is_told_twice_counts_once()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let mut anna = Script::new(&place, 7, "Anna", "en");
    describe(&mut anna).await?;
    until("acknowledged", async || Ok(place.telegram.waiting() == 0)).await?;
    bot.stop().await?;
    // Telegram tells again what nobody acknowledged.
    let repeated = json!({ "update_id": 3, "callback_query": {
        "id": "tap", "from": anna.person, "data": "d:kind:car",
        "message": { "message_id": 1, "date": 0, "chat": { "id": 7, "type": "private" }, "text": "" },
    }});
    place.telegram.happens_again(repeated);
    // As if the bot had died before it could answer.
    place
        .root
        .batch_execute("update notify_data.dialogs set answered_id = null")
        .await?;
    let bot = place.start();
    let asked = anna.told().await?;
    assert!(
        asked.contains("Send photos"),
        "the question that is open: {asked}"
    );
    let confirm = anna.tap("d:photos:done").await?;
    assert!(confirm.contains("Which vehicles"), "{confirm}");
    let preview = anna.tap("d:fits:done").await?;
    assert!(preview.contains("4\u{a0}500,50"), "{preview}");
    anna.told().await?;
    let kept = anna.tap("d:confirm:keep").await?;
    assert!(kept.contains("Kept as a draft"), "{kept}");
    bot.stop().await?;
    let drafts: i64 = place
        .root
        .query_one("select count(*) from market_data.listings", &[])
        .await?
        .get(0);
    assert_eq!(drafts, 1);
    Ok(())
}

#[tokio::test]
async fn one_goes_back_cancels_and_a_button_of_another_question_changes_nothing()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let mut anna = Script::new(&place, 7, "Anna", "en");
    anna.write("/new").await?;
    let first = anna.last.clone().unwrap();
    anna.tap("d:kind:car").await?;
    let again = anna.tap("d:back:").await?;
    assert!(again.contains("What are you selling?"), "{again}");
    anna.tap("d:kind:service").await?;
    let category = anna.last.clone().unwrap();
    anna.last = Some(first);
    let stale = anna.tap("d:kind:part").await?;
    assert!(
        stale.contains("another question") && stale.contains("Which category"),
        "{stale}"
    );
    anna.last = Some(category);
    let cancelled = anna.tap("d:cancel:").await?;
    assert!(cancelled.contains("Cancelled"), "{cancelled}");
    place.telegram.taps(&anna.person, "d:kind:part");
    let over = anna.told().await?;
    assert!(over.contains("is over"), "{over}");
    let nothing = anna.write("/cancel").await?;
    assert!(nothing.contains("nothing to cancel"), "{nothing}");
    let lost = anna.album(&[picture(1)]).await?;
    assert!(lost.contains("/new"), "{lost}");
    bot.stop().await
}

#[tokio::test]
async fn an_own_listing_is_changed_and_a_foreign_one_is_not() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let mut anna = Script::new(&place, 7, "Anna", "en");
    anna.write("/start").await?;
    let owner = place.account(7).await?;
    let fixture = ListingFixture {
        status: Status::Published,
        title: "Oil filter W 712/95".to_owned(),
        ..ListingFixture::default()
    };
    let listing = place.db.listing(owner, &fixture).await?;
    let mine = anna.write("/my").await?;
    assert!(mine.contains("Your listings"), "{mine}");
    let card = anna.tap("my:card:").await?;
    assert!(
        card.contains("Oil filter W 712/95") && card.contains("Published"),
        "{card}"
    );
    anna.tap("my:edit:").await?;
    anna.tap(&format!("my:field:{listing}:price")).await?;
    let changed = anna.write("777").await?;
    assert!(
        changed.contains("Changed.") && changed.contains("777\u{a0}₽"),
        "{changed}"
    );
    anna.tap("my:edit:").await?;
    anna.tap(&format!("my:field:{listing}:stock")).await?;
    let wrong = anna.write("many").await?;
    assert!(wrong.contains("number of pieces"), "{wrong}");
    let changed = anna.write("12 pcs").await?;
    assert!(changed.contains("12 pcs"), "{changed}");
    place.transcript.is("changing", "A listing is changed")?;
    let soon = anna.tap_for_alert("my:bump:").await?;
    assert!(!soon.is_empty());

    let eve = Script::new(&place, 8, "Eve", "en");
    for forged in ["edit", "withdraw", "bump", "card", "notify"] {
        place
            .telegram
            .taps(&eve.person, &format!("my:{forged}:{listing}"));
    }
    place
        .telegram
        .taps(&eve.person, &format!("my:field:{listing}:title"));
    until("all taps are answered", async || {
        Ok(place.telegram.waiting() == 0)
    })
    .await?;
    place.telegram.writes(&eve.person, "Mine now");
    until("heard", async || Ok(place.telegram.waiting() == 0)).await?;
    bot.stop().await?;
    let row = place
        .root
        .query_one(
            "select title, status, price_minor, stock_quantity from market_data.listings",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(0), "Oil filter W 712/95");
    assert_eq!(row.get::<_, &str>(1), "published");
    assert_eq!((row.get::<_, i64>(2), row.get::<_, i32>(3)), (77_700, 12));
    Ok(())
}

#[tokio::test]
async fn what_was_kept_and_bought_is_leafed_through_to_its_end_and_a_link_opens_a_deal()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let seller = place.db.person(Role::User).await?;
    let mut boris = Script::new(&place, 8, "Boris", "en");
    boris.write("/start").await?;
    let (mut listings, mut deals) = (Vec::new(), Vec::new());
    for number in 1..=12 {
        let fixture = ListingFixture {
            status: Status::Published,
            title: format!("Filter <{number}>"),
            ..ListingFixture::default()
        };
        listings.push(place.db.listing(seller, &fixture).await?);
    }
    let buyer = place.account(8).await?;
    let db = place.db.as_role("kardan_bot").await?;
    for listing in &listings {
        market::favourite_add(&*db, buyer, *listing).await?;
        let deal = market::deal_request(&*db, buyer, *listing, 1).await?;
        deals.push(deal.deal_id);
    }
    for (command, more, lines) in [
        ("/favourites", "l:favs:", "l:open:"),
        ("/deals", "deal:bought:", "deal:card:"),
    ] {
        let mut seen = Vec::new();
        boris.write(command).await?;
        loop {
            let page = boris.last.clone().unwrap();
            assert!(
                !page
                    .labels()
                    .concat()
                    .iter()
                    .any(|label| label.contains("&lt;"))
            );
            let buttons = page.buttons();
            seen.extend(buttons.iter().filter(|one| one.starts_with(lines)).cloned());
            let next = buttons
                .iter()
                .find(|one| one.starts_with(more) && one.len() > more.len());
            match next {
                Some(next) => boris.tap(&next.clone()).await?,
                None => break,
            };
        }
        assert_eq!(seen.len(), 12, "{command}: {seen:?}");
        seen.dedup();
        assert_eq!(seen.len(), 12, "{command}: {seen:?}");
    }
    let opened = boris
        .write(&format!("/start r_{}", deals[3].simple()))
        .await?;
    assert!(opened.contains("Filter &lt;4&gt;"), "{opened}");
    let mut eve = Script::new(&place, 6, "Eve", "en");
    let nothing = eve
        .write(&format!("/start r_{}", deals[3].simple()))
        .await?;
    assert!(!nothing.contains("Filter"), "{nothing}");
    bot.stop().await
}

#[tokio::test]
async fn the_queue_is_for_moderators_and_a_rejection_tells_its_reason_and_words()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot: Bot = place.start();
    let (seller, chat) = place.reachable(Role::User).await?;
    let fixture = ListingFixture {
        status: Status::Pending,
        ..ListingFixture::default()
    };
    place.db.listing(seller, &fixture).await?;
    let mut eve = Script::new(&place, 8, "Eve", "en");
    let denied = eve.write("/moderate").await?;
    assert!(!denied.contains("Waits for"), "{denied}");
    place.appointed(Role::Moderator, 9).await?;
    let mut maria = Script::new(&place, 9, "Maria", "en");
    maria.write("/moderate").await?;
    maria.tap("mod:reject:").await?;
    let words = maria.tap("mod:reject:").await?;
    assert!(words.contains("Anything to add"), "{words}");
    let over = maria.write("The photo shows <another> part").await?;
    assert!(
        over.contains("Sent back") && over.contains("queue is empty"),
        "{over}"
    );
    until("the seller is told", async || {
        Ok(place
            .telegram
            .of("sendMessage")
            .iter()
            .any(|call| call.chat() == chat && call.text().contains("&lt;another&gt;")))
    })
    .await?;
    place.transcript.is("rejecting", "A listing is sent back")?;
    bot.stop().await
}
