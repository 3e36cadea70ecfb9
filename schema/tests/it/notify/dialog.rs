//! What the bot and a person are at.

use kardan_schema::notify;
use kardan_schema::{Reason, UserId};
use serde_json::json;

use super::Office;
use crate::locks::{backend, until_blocked};
use crate::support::reason;

#[tokio::test]
async fn what_was_kept_is_there_again_and_an_update_counts_once() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let (person, other) = (office.person().await?, office.person().await?);
    let bot = office.db.as_role("kardan_bot").await?;
    let fresh = notify::dialog_take(&*bot, person, 70).await?;
    assert_eq!((fresh.is_repeat, fresh.flow), (false, None));
    notify::dialog_keep(&*bot, person, 70, Some("sell"), json!({ "title": "Pads" })).await?;
    let again = notify::dialog_take(&*bot, person, 70).await?;
    assert!(again.is_repeat);
    assert_eq!(again.flow.as_deref(), Some("sell"));
    assert_eq!(again.data, json!({ "title": "Pads" }));
    assert!(notify::dialog_take(&*bot, person, 69).await?.is_repeat);
    assert!(!notify::dialog_take(&*bot, person, 71).await?.is_repeat);
    assert!(!notify::dialog_take(&*bot, other, 70).await?.is_repeat);
    notify::dialog_keep(&*bot, person, 71, None, json!({ "left": "over" })).await?;
    let over = notify::dialog_take(&*bot, person, 72).await?;
    assert_eq!((over.flow, over.data), (None, json!({})));
    Ok(())
}

#[tokio::test]
async fn an_answer_that_was_sent_is_known_when_the_update_comes_again() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    let bot = office.db.as_role("kardan_bot").await?;
    assert!(!notify::dialog_take(&*bot, person, 70).await?.is_answered);
    notify::dialog_keep(&*bot, person, 70, Some("sell"), json!({})).await?;
    let handled = notify::dialog_take(&*bot, person, 70).await?;
    assert!(handled.is_repeat && !handled.is_answered);
    notify::dialog_answered(&*bot, person, 70).await?;
    assert!(notify::dialog_take(&*bot, person, 70).await?.is_answered);
    assert!(!notify::dialog_take(&*bot, person, 71).await?.is_answered);
    office.db.shift_clock("8 days").await?;
    assert!(!notify::dialog_take(&*bot, person, 70).await?.is_answered);
    Ok(())
}

#[tokio::test]
async fn an_update_that_was_taken_but_not_kept_is_not_handled() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    let mut bot = office.db.as_role("kardan_bot").await?;
    let tx = bot.transaction().await?;
    notify::dialog_take(&tx, person, 70).await?;
    notify::dialog_keep(&tx, person, 70, Some("sell"), json!({})).await?;
    tx.rollback().await?;
    assert!(!notify::dialog_take(&*bot, person, 70).await?.is_repeat);
    Ok(())
}

#[tokio::test]
async fn after_days_of_silence_a_lower_number_is_a_new_update() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    let bot = office.db.as_role("kardan_bot").await?;
    notify::dialog_take(&*bot, person, 900).await?;
    notify::dialog_keep(&*bot, person, 900, Some("sell"), json!({})).await?;
    office.db.shift_clock("8 days").await?;
    let taken = notify::dialog_take(&*bot, person, 5).await?;
    assert!(!taken.is_repeat);
    assert_eq!(taken.flow.as_deref(), Some("sell"), "a draft waits");
    Ok(())
}

#[tokio::test]
async fn two_bots_handle_a_person_one_after_the_other() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    let mut first = office.db.as_role("kardan_bot").await?;
    let second = office.db.as_role("kardan_bot").await?;
    let pid = backend(&second).await?;
    let tx = first.transaction().await?;
    notify::dialog_take(&tx, person, 70).await?;
    notify::dialog_keep(&tx, person, 70, Some("sell"), json!({})).await?;
    let waiting = tokio::spawn(async move { notify::dialog_take(&*second, person, 70).await });
    until_blocked(&office.db, pid).await?;
    tx.commit().await?;
    let taken = waiting.await??;
    assert!(taken.is_repeat, "the first one has handled it");
    Ok(())
}

#[tokio::test]
async fn what_is_no_account_or_too_much_is_refused() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let person = office.person().await?;
    let bot = office.db.as_role("kardan_bot").await?;
    assert_eq!(
        reason(notify::dialog_take(&*bot, UserId(-1), 1).await),
        Reason::ActorUnknown
    );
    notify::dialog_take(&*bot, person, 1).await?;
    let keep = |flow: &'static str, data| notify::dialog_keep(&*bot, person, 1, Some(flow), data);
    assert_eq!(
        reason(keep("sell", json!([])).await),
        Reason::DialogDataIsObject
    );
    assert_eq!(reason(keep("", json!({})).await), Reason::DialogFlowLength);
    let words: Vec<_> = (0..20_000).map(|number| format!("word {number}")).collect();
    let much = json!({ "words": words });
    assert_eq!(reason(keep("sell", much).await), Reason::DialogDataSize);
    Ok(())
}

#[tokio::test]
async fn dialogs_of_which_nothing_was_heard_for_a_month_are_forgotten() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let (old, young) = (office.person().await?, office.person().await?);
    let bot = office.db.as_role("kardan_bot").await?;
    let keep = async |who| {
        notify::dialog_take(&*bot, who, 1).await?;
        notify::dialog_keep(&*bot, who, 1, Some("sell"), json!({})).await
    };
    keep(old).await?;
    office.db.shift_clock("29 days").await?;
    keep(young).await?;
    office.db.shift_clock("31 days").await?;
    let maintenance = office.db.as_role("kardan_maintenance").await?;
    notify::dialogs_purge(&*maintenance).await?;
    assert_eq!(notify::dialog_take(&*bot, old, 2).await?.flow, None);
    let kept = notify::dialog_take(&*bot, young, 2).await?.flow;
    assert_eq!(kept.as_deref(), Some("sell"));
    Ok(())
}
