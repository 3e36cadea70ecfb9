//! Figures come as pictures to those whose they are.

use kardan_schema::{ListingId, Status};
use kardan_testdb::ListingFixture;

use crate::script::Script;
use crate::support::{Place, until};

/// Anna's listing, and what it came to yesterday.
async fn seen(place: &Place) -> anyhow::Result<ListingId> {
    let owner = place.account(7).await?;
    let fixture = ListingFixture {
        status: Status::Published,
        title: "Fog lamp <left>".to_owned(),
        ..ListingFixture::default()
    };
    let listing = place.db.listing(owner, &fixture).await?;
    place
        .root
        .batch_execute(&format!(
            "insert into market_data.listing_days
                 (day, listing_id, views, clicks, people, deals_requested, deals_completed)
             values ((ops.clock_now() at time zone 'UTC')::date - 1, {listing}, 12, 3, 2, 1, 0);
             insert into market_data.seller_days
                 (day, seller_key, views, clicks, deals_requested, deals_completed)
             values ((ops.clock_now() at time zone 'UTC')::date - 1, {owner}, 12, 3, 1, 0)"
        ))
        .await?;
    Ok(listing)
}

#[tokio::test]
async fn figures_come_as_a_picture_in_both_languages_and_only_to_those_whose_they_are()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let mut anna = Script::new(&place, 7, "Anna", "en");
    let nothing = anna.write("/me").await?;
    assert!(nothing.contains("0 views"), "{nothing}");
    assert!(
        place.telegram.of("sendPhoto").is_empty(),
        "nothing to draw is no picture"
    );
    let listing = seen(&place).await?;
    let me = anna.write("/me").await?;
    assert!(me.contains("12 views, 3 contacts"), "{me}");
    assert_eq!(anna.last.as_ref().unwrap().method, "sendPhoto");
    anna.tap("my:list:0").await?;
    anna.tap("my:card:").await?;
    let figures = anna.tap("my:chart:").await?;
    assert!(
        figures.contains("12 views") && figures.contains("Fog lamp &lt;left&gt;"),
        "{figures}"
    );
    assert_eq!(anna.last.as_ref().unwrap().files, ["chart"]);
    let back = anna.tap("my:card:").await?;
    assert!(back.contains("Published"), "{back}");
    place.transcript.is("figures", "Figures as pictures")?;
    anna.write("/settings").await?;
    anna.tap("language:ru").await?;
    let russian = anna.write("/me").await?;
    assert!(
        russian.contains("Просмотров") || russian.contains("просмотров"),
        "{russian}"
    );
    assert_eq!(anna.last.as_ref().unwrap().files, ["chart"]);
    // A stranger's forged tap.
    let eve = Script::new(&place, 8, "Eve", "en");
    let before = place.telegram.of("sendPhoto").len();
    place
        .telegram
        .taps(&eve.person, &format!("my:chart:{listing}"));
    until("the tap is answered", async || {
        Ok(place.telegram.waiting() == 0)
    })
    .await?;
    bot.stop().await?;
    assert_eq!(place.telegram.of("sendPhoto").len(), before);
    Ok(())
}
