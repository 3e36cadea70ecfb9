//! Advertising paid with Stars: ordered, approved, paid once, given back.

use kardan_schema::{ListingId, Role, Status, UserId, market};
use kardan_testdb::ListingFixture;
use serde_json::{Value, json};

use crate::script::Script;
use crate::support::{Place, until};
use crate::telegram::{Trouble, no, person};

/// The listing of somebody who has come to the bot.
async fn listing_of(place: &Place, telegram: i64) -> anyhow::Result<(UserId, ListingId)> {
    let owner = place.account(telegram).await?;
    let fixture = ListingFixture {
        status: Status::Published,
        title: "Oil filter <W 712>".to_owned(),
        ..ListingFixture::default()
    };
    Ok((owner, place.db.listing(owner, &fixture).await?))
}

/// A moderator approves the first order, at 150 roubles.
async fn approve(place: &Place) -> anyhow::Result<i64> {
    let moderator = place.db.person(Role::Moderator).await?;
    let bot = place.db.as_role("kardan_bot").await?;
    let waiting = market::moderation_promotion_list(&*bot, moderator, None, None).await?;
    let order = waiting[0].promotion_id;
    market::moderation_promotion_approve(&*bot, moderator, order, 15_000, "RUB").await?;
    Ok(order)
}

/// Telegram asks whether this may be paid; what the bot said.
async fn checkout(place: &Place, who: &Value, payload: &str, stars: i32) -> anyhow::Result<Value> {
    let before = place.telegram.of("answerPreCheckoutQuery").len();
    place.telegram.happens(json!({ "pre_checkout_query": {
        "id": format!("q{before}"), "from": who, "currency": "XTR", "total_amount": stars,
        "invoice_payload": payload,
    }}));
    until("an answer before the money is taken", async || {
        Ok(place.telegram.of("answerPreCheckoutQuery").len() > before)
    })
    .await?;
    let answer = place.telegram.of("answerPreCheckoutQuery").remove(before);
    assert_eq!(answer.params["pre_checkout_query_id"], format!("q{before}"));
    Ok(answer.params)
}

/// Telegram says that it took the money.
fn pays(place: &Place, who: &Value, charge: &str, payload: &str) {
    place.telegram.happens(json!({ "message": {
        "message_id": 1, "date": 1_790_000_000, "chat": { "id": who["id"], "type": "private" }, "from": who,
        "successful_payment": {
            "currency": "XTR", "total_amount": 100, "invoice_payload": payload,
            "telegram_payment_charge_id": charge, "provider_payment_charge_id": "",
        },
    }}));
}

async fn payment_of(place: &Place) -> anyhow::Result<(String, String)> {
    let row = place
        .root
        .query_one(
            "select p.payment, s.state
             from market_data.promotions as p
             join market_data.star_payments as s on 'stars:' || s.id = p.payment_reference",
            &[],
        )
        .await?;
    Ok((row.get(0), row.get(1)))
}

#[tokio::test]
async fn an_advertisement_is_ordered_approved_paid_once_and_given_back() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let mut anna = Script::new(&place, 7, "Anna", "en");
    anna.write("/start").await?;
    let (_, listing) = listing_of(&place, 7).await?;
    place.appointed(Role::Admin, 9).await?;
    anna.write("/my").await?;
    anna.tap("my:card:").await?;
    let none = anna.tap("my:promote:").await?;
    assert!(none.contains("Nothing was ordered"), "{none}");
    anna.tap("promo:new:").await?;
    anna.tap(&format!("promo:words:{listing}:insertion:14"))
        .await?;
    let ordered = anna.write("The best <filters>").await?;
    assert!(
        ordered.contains("Being checked") && ordered.contains("&lt;filters&gt;"),
        "{ordered}"
    );
    let order = approve(&place).await?;
    let approved = anna.told().await?;
    assert!(approved.contains("150\u{a0}₽"), "{approved}");
    let invoice = anna.invoice("promo:pay:").await?;
    assert_eq!(invoice.params["currency"], "XTR");
    assert_eq!(invoice.params["prices"][0]["amount"], 100);
    assert!(invoice.params.get("provider_token").is_none());
    let payload = invoice.params["payload"].as_str().unwrap().to_owned();

    let yes = checkout(&place, &anna.person, &payload, 100).await?;
    assert_eq!(yes["ok"], json!(true), "{yes}");
    pays(&place, &anna.person, "charge 1", &payload);
    let notice = anna.told().await?;
    assert!(notice.contains("is paid"), "{notice}");
    assert_eq!(payment_of(&place).await?, ("paid".into(), "applied".into()));
    // Telegram tells it again, and asks for a second payment of the same.
    pays(&place, &anna.person, "charge 1", &payload);
    let again = checkout(&place, &anna.person, &payload, 100).await?;
    assert_eq!(again["ok"], json!(false), "{again}");

    let mut root = Script::new(&place, 9, "Root", "en");
    let list = root.write("/payments").await?;
    assert!(list.contains("Payments"), "{list}");
    let card = root.tap("pay:card:").await?;
    assert!(
        card.contains("100 Stars from Anna") && card.contains(&format!("no. {order}")),
        "{card}"
    );
    // Once Telegram does it and does not say so; then it says that it has done it.
    place.telegram.trouble("refundStarPayment", Trouble::Lost);
    place.telegram.trouble(
        "refundStarPayment",
        no(400, "Bad Request: CHARGE_ALREADY_REFUNDED"),
    );
    let gone = root.tap("pay:back:").await?;
    assert!(gone.contains("Goes back"), "{gone}");
    let ended = anna.told().await?;
    assert!(ended.contains("shown no more"), "{ended}");
    assert_eq!(
        place
            .root
            .query_one("select count(*) from market_data.star_payments", &[])
            .await?
            .get::<_, i64>(0),
        1
    );
    until("the first try failed", async || {
        let waits = "select count(*) from notify_data.queue where kind = 'stars.refund' and attempts = 1 and state = 'waiting'";
        Ok(place.root.query_one(waits, &[]).await?.get::<_, i64>(0) == 1)
    })
    .await?;
    place.db.shift_clock("10 minutes").await?;
    let back = anna.told().await?;
    assert!(
        back.contains("given back to you: 100") && back.contains("&lt;W 712&gt;"),
        "{back}"
    );
    assert_eq!(
        payment_of(&place).await?,
        ("refunded".into(), "refunded".into())
    );
    let calls = place.telegram.of("refundStarPayment");
    assert_eq!(calls[0].params["user_id"], json!(7));
    assert_eq!(calls[0].params["telegram_payment_charge_id"], "charge 1");
    place
        .transcript
        .is("advertising", "A listing is advertised")?;
    bot.stop().await
}

#[tokio::test]
async fn money_that_pays_for_nothing_is_kept_shown_to_administrators_and_given_back()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let admin = place.appointed(Role::Admin, 9).await?;
    let bot = place.start();
    let mut root = Script::new(&place, 9, "Root", "en");
    root.write("/start").await?;
    let mut anna = Script::new(&place, 7, "Anna", "ru");
    for (charge, payload) in [("a", "promotion:77"), ("b", "something else"), ("c", "")] {
        pays(&place, &anna.person, charge, payload);
        let said = anna.told().await?;
        assert!(said.contains("Получено звёзд: 100"), "{said}");
        let told = root.told().await?;
        assert!(told.contains("100 ⭐ from Anna"), "{told}");
    }
    let card = root.tap("pay:card:").await?;
    assert!(card.contains("Pays for nothing"), "{card}");
    root.tap("pay:back:").await?;
    let back = anna.told().await?;
    assert!(back.contains("возвращены звёзды: 100"), "{back}");
    // Telegram's own support gave another one back.
    place.telegram.happens(json!({ "message": {
        "message_id": 1, "date": 0, "chat": { "id": 7, "type": "private" },
        "refunded_payment": { "currency": "XTR", "total_amount": 100, "telegram_payment_charge_id": "a" },
    }}));
    anna.told().await?;
    let help = anna.write("/paysupport").await?;
    assert!(help.contains("возвращают"), "{help}");
    // Somebody else sees none of it, whatever they tap.
    let mut eve = Script::new(&place, 8, "Eve", "en");
    let none = eve.write("/payments").await?;
    assert!(!none.contains("Anna"), "{none}");
    place.telegram.taps(&eve.person, "pay:back:2");
    until("the tap is answered", async || {
        Ok(place.telegram.waiting() == 0)
    })
    .await?;
    bot.stop().await?;
    let bot = place.db.as_role("kardan_bot").await?;
    let all = market::star_payment_list(&*bot, admin, None, None).await?;
    let states: Vec<_> = all.iter().map(|one| one.state.as_str()).collect();
    assert_eq!(states, ["refunded", "stray", "refunded"]);
    Ok(())
}

#[tokio::test]
async fn a_stranger_another_price_a_forged_order_and_a_sleeping_database_are_refused_in_words()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let mut anna = Script::new(&place, 7, "Anna", "en");
    anna.write("/start").await?;
    let (_, listing) = listing_of(&place, 7).await?;
    anna.write("/my").await?;
    anna.tap("my:card:").await?;
    anna.tap("my:promote:").await?;
    anna.tap("promo:new:").await?;
    anna.tap(&format!("promo:words:{listing}:post:7")).await?;
    anna.write("Look").await?;
    let order = approve(&place).await?;
    anna.told().await?;
    let payload = format!("promotion:{order}");
    let eve = person(8, "Eve", "ru");
    for (who, payload, stars, why) in [
        (&eve, payload.as_str(), 100, "Такого заказа нет"),
        (&anna.person, payload.as_str(), 1, "another number of Stars"),
        (&anna.person, "promotion:9999", 100, "no such order"),
        (&anna.person, "deal:1", 100, "does not hold"),
    ] {
        let no = checkout(&place, who, payload, stars).await?;
        assert_eq!(no["ok"], json!(false), "{no}");
        let said = no["error_message"].as_str().unwrap();
        assert!(said.contains(why), "{said}");
    }
    // Eve's forged taps.
    for forged in ["pay", "card", "cancel", "pause", "list"] {
        let number = if forged == "list" { listing.0 } else { order };
        place
            .telegram
            .taps(&eve, &format!("promo:{forged}:{number}"));
    }
    place
        .telegram
        .taps(&eve, &format!("promo:words:{listing}:insertion:14"));
    place
        .telegram
        .taps(&eve, &format!("promo:words:{listing}:insertion:9999"));
    place.telegram.writes(&eve, "Mine");
    until("all is heard", async || Ok(place.telegram.waiting() == 0)).await?;
    assert!(place.telegram.of("sendInvoice").is_empty());
    // The order lies in somebody's lock until they let it go; the answer does not wait for that.
    place
        .root
        .batch_execute("begin; lock table market_data.promotions in access exclusive mode")
        .await?;
    let no = checkout(&place, &anna.person, &payload, 100).await?;
    assert!(
        no["error_message"]
            .as_str()
            .unwrap()
            .contains("in a minute"),
        "{no}"
    );
    place.root.batch_execute("rollback").await?;
    bot.stop().await?;
    let row = place
        .root
        .query_one(
            "select count(*), max(state), max(payment) from market_data.promotions",
            &[],
        )
        .await?;
    assert_eq!(
        (
            row.get::<_, i64>(0),
            row.get::<_, &str>(1),
            row.get::<_, &str>(2)
        ),
        (1, "approved", "unpaid")
    );
    Ok(())
}
