//! Conversations while Telegram and the machine do their worst.

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::{Place, until};
use crate::telegram::person;

/// People who sell something in the same moments.
const PEOPLE: i64 = 4;
/// What each of them writes and taps.
const STEPS: [(&str, &str); 6] = [
    ("write", "/new"),
    ("tap", "d:kind:service"),
    ("write", "ремонт"),
    ("write", "/cancel"),
    ("write", "/my"),
    ("write", "/settings"),
];

#[tokio::test]
async fn whatever_telegram_does_and_wherever_the_bot_is_killed_everything_happens_once()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    place.telegram.turns_hostile(20_261_128);
    let mut bot = place.start();
    for (step, (act, what)) in STEPS.iter().enumerate() {
        for id in 1..=PEOPLE {
            let somebody = person(id, "Anna <b>&_*[", "en");
            match *act {
                "write" => place.telegram.writes(&somebody, what),
                _ => place.telegram.taps(&somebody, what),
            }
        }
        // Some steps are waited for, others meet a bot that dies in the middle of them.
        if step % 2 == 0 {
            until("all is acknowledged", async || {
                Ok(place.telegram.waiting() == 0)
            })
            .await?;
        } else {
            bot.kill();
            bot = place.start();
        }
    }
    until("all is acknowledged", async || {
        Ok(place.telegram.waiting() == 0)
    })
    .await?;
    bot.stop().await?;
    let people: i64 = place
        .root
        .query_one("select count(*) from people_data.identities", &[])
        .await?
        .get(0);
    assert_eq!(people, PEOPLE);
    let open: i64 = place
        .root
        .query_one(
            "select count(*) from notify_data.dialogs where flow is not null",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(open, 0, "each was cancelled");
    let mut answers: BTreeMap<i64, usize> = BTreeMap::new();
    for call in place.telegram.of("sendMessage") {
        assert!(!call.text().contains("<b>&"), "{}", call.text());
        if call.text().contains("Settings:") {
            *answers.entry(call.chat()).or_default() += 1;
        }
    }
    // An answer of which nobody heard that it arrived may come again; none is missing.
    assert_eq!(answers.len(), usize::try_from(PEOPLE)?, "{answers:?}");
    Ok(())
}

#[tokio::test]
async fn an_update_that_is_told_twice_is_answered_once() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let anna = person(7, "Anna", "en");
    for (number, text) in ["/new", "/my", "фильтр", "/settings"].iter().enumerate() {
        place.telegram.writes(&anna, text);
        until("answered", async || {
            Ok(place.telegram.of("sendMessage").len() == number + 1)
        })
        .await?;
    }
    until("acknowledged", async || Ok(place.telegram.waiting() == 0)).await?;
    bot.stop().await?;
    // The next bot is told the last one again, and something new behind it.
    place.telegram.happens_again(json!({ "update_id": 4, "message": {
        "message_id": 1, "date": 0, "chat": { "id": 7, "type": "private" }, "from": anna, "text": "/settings",
    }}));
    place.telegram.writes(&anna, "/deals");
    let bot = place.start();
    until("acknowledged", async || Ok(place.telegram.waiting() == 0)).await?;
    bot.stop().await?;
    let said: Vec<_> = place
        .telegram
        .of("sendMessage")
        .iter()
        .map(|call| call.text().chars().take(12).collect::<String>())
        .collect();
    assert_eq!(said.len(), 5, "{said:?}");
    Ok(())
}

#[tokio::test]
async fn seventy_messages_of_one_chat_do_not_make_another_wait_for_all_of_them()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let (chatty, quiet) = (person(7, "Anna", "en"), person(8, "Boris", "en"));
    for number in 0..70 {
        place.telegram.writes(&chatty, &format!("фильтр {number}"));
    }
    place.telegram.writes(&quiet, "/help");
    let bot = place.start();
    until("the quiet one is answered", async || {
        Ok(place
            .telegram
            .of("sendMessage")
            .iter()
            .any(|call| call.chat() == 8))
    })
    .await?;
    let before = place.telegram.of("sendMessage").len();
    bot.stop().await?;
    assert!(before < 60, "{before} answers came before");
    Ok(())
}

#[tokio::test]
async fn a_chat_in_which_telegram_does_not_answer_delays_no_other_and_keeps_its_order()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let (slow, quick) = (person(1, "Slow", "en"), person(2, "Quick", "en"));
    place.telegram.is_slow_in(Some(1));
    let said = |id: i64| {
        let mut calls = place.telegram.of("sendMessage");
        calls.retain(|call| call.chat() == id);
        calls
    };
    place.telegram.writes(&slow, "/start");
    for number in 0..40 {
        // One after the other: each is answered while the other chat stands still.
        place.telegram.writes(&quick, "/help");
        place.telegram.writes(&slow, &format!("/nothing{number}"));
        until("the quick one is answered", async || {
            Ok(said(2).len() > number)
        })
        .await?;
    }
    // Money does not wait either.
    place.telegram.happens(json!({ "pre_checkout_query": {
        "id": "q", "from": slow, "currency": "XTR", "total_amount": 1, "invoice_payload": "",
    }}));
    until("the payment is answered", async || {
        Ok(place.telegram.of("answerPreCheckoutQuery").len() == 1)
    })
    .await?;
    assert!(said(1).is_empty());
    assert!(
        place.telegram.waiting() > 40,
        "nothing of it is acknowledged"
    );
    place.telegram.is_slow_in(None);
    until("all is acknowledged", async || {
        Ok(place.telegram.waiting() == 0)
    })
    .await?;
    bot.stop().await?;
    let told = said(1);
    assert_eq!(told.len(), 41, "each is answered once");
    assert!(told[0].text().contains("Hello, Slow"), "in its order");
    assert_eq!(said(2).len(), 40);
    Ok(())
}
