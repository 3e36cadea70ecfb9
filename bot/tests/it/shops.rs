//! Shops, settings, people and broadcasts, as their people handle them in the bot.

use kardan_schema::Role;

use crate::script::Script;
use crate::support::{Place, until};

#[tokio::test]
async fn a_shop_is_opened_gets_people_by_a_link_and_loses_them_again() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let (mut anna, mut boris) = (
        Script::new(&place, 7, "Anna", "en"),
        Script::new(&place, 8, "Boris", "en"),
    );
    anna.write("/shops").await?;
    anna.tap("shop:new:").await?;
    let refused = anna.write("x").await?;
    assert!(refused.contains("What is the shop called?"), "{refused}");
    let card = anna.write("Brakes & more").await?;
    assert!(
        card.contains("Brakes &amp; more") && card.contains("owner"),
        "{card}"
    );
    anna.tap("shop:about:").await?;
    let card = anna.write("Pads and discs, open daily").await?;
    assert!(card.contains("open daily"), "{card}");
    anna.tap("shop:invite:").await?;
    let link = anna.tap("shop:invite:2:seller").await?;
    let token = link.split("start=").nth(1).unwrap().to_owned();
    assert!(token.len() <= 64, "{token}");
    let joined = boris.write(&format!("/start {token}")).await?;
    assert!(joined.contains("Brakes &amp; more"), "{joined}");
    let mut eve = Script::new(&place, 6, "Eve", "en");
    let used = eve.write(&format!("/start {token}")).await?;
    assert!(!used.contains("Brakes"), "one person only: {used}");
    boris.write("/shops").await?;
    let card = boris.tap("shop:card:").await?;
    assert!(card.contains("seller"), "{card}");
    let buttons = boris.last.as_ref().unwrap().buttons();
    assert!(
        !buttons.iter().any(|one| one.starts_with("shop:invite")),
        "{buttons:?}"
    );
    // A seller's forged taps.
    for forged in [
        "shop:invite:2:owner",
        "shop:remove:2:1",
        "shop:role:2:2:owner",
        "shop:name:2",
    ] {
        place.telegram.taps(&boris.person, forged);
    }
    until("the taps are answered", async || {
        Ok(place.telegram.waiting() == 0)
    })
    .await?;
    anna.tap("shop:card:").await?;
    anna.tap("shop:members:").await?;
    anna.tap("shop:member:2:2").await?;
    let changed = anna.tap("shop:role:2:2:manager").await?;
    assert!(changed.contains("People of the shop"), "{changed}");
    anna.tap("shop:member:2:2").await?;
    anna.tap("shop:remove:2:2").await?;
    anna.tap("shop:card:").await?;
    let last = anna.tap_for_alert("shop:leave:").await?;
    assert!(last.contains("owner"), "{last}");
    bot.stop().await?;
    place.transcript.is("shop", "A shop and its people")?;
    let members: i64 = place
        .root
        .query_one("select count(*) from market_data.shop_members", &[])
        .await?
        .get(0);
    assert_eq!(members, 1);
    Ok(())
}

#[tokio::test]
async fn one_says_what_one_wants_to_hear_of_and_leaves_for_good_by_ones_own_name()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let mut anna = Script::new(&place, 7, "Anna", "en");
    anna.write("/settings").await?;
    let switched = anna.tap("set:off:listings").await?;
    assert!(switched.contains("Settings"), "{switched}");
    let buttons = anna.last.as_ref().unwrap().buttons();
    assert!(
        buttons.contains(&"set:on:listings".to_owned()),
        "{buttons:?}"
    );
    let ru = anna.tap("language:ru").await?;
    assert!(ru.contains("по-русски"), "{ru}");
    anna.write("/settings").await?;
    anna.tap("set:platform:").await?;
    anna.tap("set:platform:5").await?;
    anna.write("Удобно").await?;
    anna.write("/settings").await?;
    anna.tap("set:erase:").await?;
    let wrong = anna.write("Somebody").await?;
    assert!(wrong.contains("напишите своё имя"), "{wrong}");
    let gone = anna.write("Anna").await?;
    assert!(gone.contains("стёрты"), "{gone}");
    bot.stop().await?;
    let row = place
        .root
        .query_one(
            "select
                 (select count(*) from people_data.identities),
                 (select count(*) from notify_data.dialogs),
                 (select count(*) from people_data.users as u where u.display_name = 'Anna')",
            &[],
        )
        .await?;
    let left: [i64; 3] = [row.get(0), row.get(1), row.get(2)];
    assert_eq!(left, [0, 0, 0]);
    place
        .transcript
        .is("settings", "Settings, and leaving for good")
}

#[tokio::test]
async fn an_administrator_blocks_appoints_and_tells_many_and_nobody_else_does() -> anyhow::Result<()>
{
    let place = Place::open().await?;
    let bot = place.start();
    let mut boris = Script::new(&place, 8, "Boris", "en");
    boris.write("/start").await?;
    let denied = boris.write("/users Anna").await?;
    assert!(!denied.contains("People"), "{denied}");
    boris.write("/broadcasts").await?;
    for forged in ["user:role:1:admin", "cast:start:1", "mod:approve:1:1"] {
        place.telegram.taps(&boris.person, forged);
    }
    until("the taps are answered", async || {
        Ok(place.telegram.waiting() == 0)
    })
    .await?;
    place.telegram.taps(&boris.person, "user:block:1:1");
    boris.told().await?;
    let denied = boris.write("Because").await?;
    assert!(!denied.contains("Blocked"), "{denied}");
    boris.write("/cancel").await?;

    place.appointed(Role::Admin, 9).await?;
    let mut olga = Script::new(&place, 9, "Olga", "en");
    olga.write("/users boris").await?;
    let card = olga.tap("user:card:").await?;
    assert!(card.contains("Boris"), "{card}");
    olga.tap("user:block:1:30").await?;
    let blocked = olga.write("Sells stolen parts").await?;
    assert!(blocked.contains("Blocked until"), "{blocked}");
    let refused = boris.write("/new").await?;
    assert!(refused.contains("blocked"), "{refused}");
    let free = olga.tap("user:unblock:").await?;
    assert!(!free.contains("Blocked"), "{free}");
    let moderator = olga.tap("user:role:1:moderator").await?;
    assert!(moderator.contains("moderator"), "{moderator}");

    olga.write("/broadcasts").await?;
    olga.tap("cast:new:").await?;
    olga.write("Скидки!").await?;
    let draft = olga.write("Sales!").await?;
    assert!(
        draft.contains("Draft") && draft.contains("reaches 2"),
        "{draft}"
    );
    let russian = olga.tap("cast:to:1:ru").await?;
    assert!(russian.contains("reaches 0"), "{russian}");
    olga.tap("cast:to:1:everybody").await?;
    let running = olga.tap("cast:start:").await?;
    assert!(running.contains("Running"), "{running}");
    let told = boris.told().await?;
    assert!(told.contains("Sales!"), "{told}");
    bot.stop().await
}

#[tokio::test]
async fn the_cabinet_sums_up_a_month_of_ones_own() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let (_, chat) = place.reachable(Role::User).await?;
    place
        .root
        .batch_execute(
            "insert into market_data.seller_days (
                 day, seller_key, views, clicks, deals_requested, deals_completed)
             select (ops.clock_now() at time zone 'UTC')::date - n, 1, n * 10, n, 1, 0
             from generate_series(1, 3) as n",
        )
        .await?;
    let bot = place.start();
    let mut anna = Script::new(&place, chat, "Anna", "en");
    let card = anna.write("/me").await?;
    bot.stop().await?;
    assert!(
        card.contains("60 views, 6 contacts, 3 requests, 0 deals"),
        "{card}"
    );
    assert_eq!(anna.last.as_ref().unwrap().files, ["chart"]);
    Ok(())
}
