//! What administrators set: channels, fields, words, settings, and what could not be delivered.

use kardan_schema::catalog;
use kardan_schema::market;
use kardan_schema::{Kind, Role, UserId};
use serde_json::{Value, json};

use crate::script::Script;
use crate::support::{Place, until};
use crate::telegram::person;

async fn administrator(place: &Place) -> anyhow::Result<(UserId, Script<'_>)> {
    let admin = place.appointed(Role::Admin, 6).await?;
    let mut anna = Script::new(place, 6, "Anna", "en");
    anna.write("/office").await?;
    Ok((admin, anna))
}

#[tokio::test]
async fn a_channel_gets_rules_by_category_and_region_and_is_removed() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let (admin, mut anna) = administrator(&place).await?;
    anna.tap("o:channel:").await?;
    anna.tap("o:channel:new").await?;
    anna.write("-1001000000001").await?;
    anna.tap("d:form:1:0").await?;
    anna.write("Запчасти <Урал>").await?;
    let made = anna.tap("d:form:3:0").await?;
    assert!(
        made.contains("Запчасти &lt;Урал&gt;") && made.contains("add a rule"),
        "{made}"
    );
    anna.tap("o:channel:rule:").await?;
    anna.tap("o:channel:part:").await?;
    anna.tap("o:channel:town:").await?;
    let none = anna.write("Нетакогогорода").await?;
    assert!(none.contains("no such town"), "{none}");
    anna.tap("o:channel:town:").await?;
    anna.write("Екатеринбург").await?;
    anna.tap("o:channel:place:").await?;
    let card = anna.tap(&region_button(&anna)).await?;
    assert!(card.contains("What matches one of these"), "{card}");
    anna.tap("o:channel:rule:").await?;
    anna.tap("o:channel:town:").await?;
    anna.tap("d:form:0:0").await?;
    let labels = anna.last.clone().unwrap().labels().concat();
    assert!(
        labels.iter().any(|label| label.ends_with("(region)")),
        "{labels:?}"
    );
    assert!(labels.contains(&"✖ every category · anywhere".to_owned()));
    anna.tap("o:channel:group:").await?;
    anna.write("-1001000000002").await?;
    let quiet = anna.tap("o:channel:off:").await?;
    assert!(quiet.contains("nothing new"), "{quiet}");
    place.transcript.is("channels", "A channel and its rules")?;
    let api = place.db.as_role("kardan_bot").await?;
    let all = market::channel_list(&*api, admin, None, None).await?;
    assert_eq!(all[0].category_ids.len(), 2);
    assert_eq!(
        (all[0].category_ids[0] == 0, all[0].category_ids[1]),
        (false, 0)
    );
    assert!(all[0].region_place_ids[0] != 0 && all[0].place_ids == [0, 0]);
    assert_eq!(all[0].discussion_chat_id, Some(-1_001_000_000_002));
    assert!(!all[0].is_enabled);
    place.telegram.taps(&anna.person, "o:channel:");
    anna.told().await?;
    let labels = anna.last.clone().unwrap().labels().concat();
    assert!(
        labels.contains(&"⏸ Запчасти <Урал>".to_owned()),
        "a button is no HTML: {labels:?}"
    );
    anna.tap("o:channel:card:").await?;
    anna.tap("o:channel:drop:").await?;
    anna.tap("o:channel:end:").await?;
    let gone = anna.tap("o:channel:gone:").await?;
    assert!(gone.contains("no channels yet"), "{gone}");
    bot.stop().await
}

/// The button by which a whole region is meant.
fn region_button(script: &Script<'_>) -> String {
    let buttons = script.last.clone().unwrap().buttons();
    let mut buttons = buttons.into_iter();
    buttons
        .find(|data| data.starts_with("o:channel:add:") && !data.ends_with(":0"))
        .unwrap()
}

#[tokio::test]
async fn a_word_is_forbidden_and_allowed_again() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let (admin, mut anna) = administrator(&place).await?;
    anna.tap("o:word:").await?;
    anna.tap("o:word:new").await?;
    anna.write("контрафакт").await?;
    let added = anna.tap("d:form:1:0").await?;
    assert!(added.contains("Forbidden: контрафакт"), "{added}");
    anna.tap("o:word:new").await?;
    anna.write("x1").await?;
    let refused = anna.tap("d:form:1:1").await?;
    assert!(refused.contains("every form, or only"), "{refused}");
    anna.tap("d:back:").await?;
    anna.tap("d:cancel:").await?;
    let api = place.db.as_role("kardan_bot").await?;
    let words = market::forbidden_word_list(&*api, admin, Some(100), None).await?;
    let made = words.iter().find(|word| word.word == "контрафакт").unwrap();
    place
        .telegram
        .taps(&anna.person, &format!("o:word:drop:{}", made.word_id));
    anna.told().await?;
    let left = market::forbidden_word_list(&*api, admin, Some(100), None).await?;
    assert_eq!(left.len(), words.len() - 1);
    bot.stop().await
}

#[tokio::test]
async fn what_could_not_be_delivered_is_counted_delivered_again_and_given_up() -> anyhow::Result<()>
{
    let place = Place::open().await?;
    let (person, _) = place.reachable(Role::User).await?;
    for _ in 0..3 {
        place
            .tell(person, "listing.hidden", &json!({ "title": "Фара" }))
            .await?;
    }
    place
        .root
        .batch_execute(
            "update notify_data.queue set state = 'dead', due_at = 'infinity', error = 'Bad Request: <no>', attempts = 1",
        )
        .await?;
    let bot = place.start();
    let (_, mut anna) = administrator(&place).await?;
    let counts = anna.tap("o:letter:").await?;
    assert!(
        counts.contains("notice · listing.hidden — 3: <i>Bad Request: &lt;no&gt;</i>"),
        "{counts}"
    );
    anna.tap("o:letter:kind:").await?;
    let left = anna.tap("o:letter:drop:").await?;
    assert!(left.contains("2. ") && !left.contains("3. "), "{left}");
    anna.tap("o:letter:again:").await?;
    until("it is delivered after all", async || {
        let calls = place.telegram.of("sendMessage");
        Ok(calls.iter().any(|call| call.text().contains("Фара")))
    })
    .await?;
    let sure = anna.tap("o:letter:sure:").await?;
    assert!(sure.contains("cannot be undone"), "{sure}");
    let none = anna.tap("o:letter:purge:").await?;
    assert!(
        none.contains("Given up: 1") && none.contains("Everything was delivered"),
        "{none}"
    );
    bot.stop().await
}

#[tokio::test]
async fn a_setting_is_changed_to_what_it_can_be_and_nothing_else() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let (_, mut anna) = administrator(&place).await?;
    anna.tap("o:option:").await?;
    anna.tap("o:option:of:chat").await?;
    anna.tap("o:option:card:chat.minute_count").await?;
    anna.tap("o:option:change:").await?;
    let wrong = anna.write("many").await?;
    assert!(wrong.ends_with("The new value?"), "{wrong}");
    let set = anna.write("7").await?;
    assert!(set.contains("<code>7</code>"), "{set}");
    bot.stop().await?;
    let sql = "select value from ops_data.settings where key = 'chat.minute_count'";
    let value: Value = place.root.query_one(sql, &[]).await?.get(0);
    assert_eq!(value, json!(7));
    Ok(())
}

#[tokio::test]
async fn a_field_is_made_changed_and_retired() -> anyhow::Result<()> {
    let place = Place::open().await?;
    let bot = place.start();
    let (_, mut anna) = administrator(&place).await?;
    let before = kind_fields(&place).await?;
    anna.tap("o:field:").await?;
    anna.tap("o:field:kind:service:").await?;
    anna.tap("o:field:of:service:0").await?;
    anna.tap("o:field:new:").await?;
    anna.write("lift_kind").await?;
    anna.tap("d:form:1:4").await?;
    anna.write("Подъёмник").await?;
    anna.write("Lift").await?;
    let choices = anna.tap("d:form:4:1").await?;
    assert!(choices.contains("one a line"), "{choices}");
    let made = anna
        .write("two_post = Двухстоечный = Two-post\nscissor = Ножничный")
        .await?;
    assert!(
        made.contains("two_post = Двухстоечный = Two-post")
            && made.contains("scissor = Ножничный = Ножничный"),
        "{made}"
    );
    let must = anna.tap("o:field:must:").await?;
    assert!(must.contains(", required"), "{must}");
    anna.tap("o:field:say:").await?;
    let renamed = anna.write("Вид подъёмника").await?;
    assert!(renamed.contains("Вид подъёмника"), "{renamed}");
    let fields = kind_fields(&place).await?;
    assert_eq!(fields.len(), before.len() + 1);
    let field = fields.iter().find(|one| one.key == "lift_kind").unwrap();
    assert_eq!((field.required, field.version > 1), (true, true));
    anna.tap("o:field:end:").await?;
    anna.tap("o:field:gone:").await?;
    place.transcript.is("fields", "A field of listings")?;
    bot.stop().await?;
    assert_eq!(kind_fields(&place).await?, before);
    Ok(())
}

async fn kind_fields(place: &Place) -> anyhow::Result<Vec<catalog::Attribute>> {
    let api = place.db.as_role("kardan_bot").await?;
    Ok(catalog::attribute_list(&*api, Kind::Service, None).await?)
}

#[tokio::test]
async fn a_moderator_is_shown_none_of_it_and_forged_taps_change_nothing() -> anyhow::Result<()> {
    let place = Place::open().await?;
    place.appointed(Role::Moderator, 9).await?;
    let bot = place.start();
    let mut maria = Script::new(&place, 9, "Maria", "en");
    maria.write("/office").await?;
    let buttons = maria.last.clone().unwrap().buttons();
    assert!(
        buttons
            .iter()
            .all(|data| !data.starts_with("o:word:") && !data.starts_with("o:channel:")),
        "{buttons:?}"
    );
    let words = "select count(*) from market_data.forbidden_words";
    let before: i64 = place.root.query_one(words, &[]).await?.get(0);
    let eve = person(8, "Eve", "en");
    let forged = [
        "o:channel:",
        "o:channel:card:1",
        "o:channel:gone:1",
        "o:channel:add:1:0:0:0",
        "o:word:drop:1",
        "o:letter:",
        "o:letter:kind:raw",
        "o:letter:purge:raw",
        "o:letter:replay:raw",
        "o:option:",
        "o:option:card:chat.is_on",
        "o:field:gone:part:0:1",
    ];
    for (done, data) in forged.iter().enumerate() {
        place.telegram.taps(&maria.person, data);
        place.telegram.taps(&eve, data);
        until(data, async || {
            Ok(place.telegram.of("answerCallbackQuery").len() == 2 * (done + 1))
        })
        .await?;
    }
    let answers = place.telegram.of("answerCallbackQuery");
    assert!(
        answers.iter().all(|call| !call.text().is_empty()),
        "{answers:?}"
    );
    assert!(place.telegram.of("editMessageText").is_empty());
    // Forms ask whoever taps; what they are for is refused at their end.
    for (form, answers) in [
        ("o:word:new", vec!["контрафакт", "d:form:1:0"]),
        ("o:option:change:chat.is_on", vec!["0"]),
        ("o:channel:new", vec!["-100", "-101", "x", "d:form:3:0"]),
        (
            "o:field:new:part:0",
            vec!["spare_key", "d:form:1:0", "Ключ", "Key", "d:form:4:1"],
        ),
    ] {
        place.telegram.taps(&maria.person, form);
        maria.told().await?;
        for answer in answers {
            match answer.starts_with("d:") {
                true => maria.tap(answer).await?,
                false => maria.write(answer).await?,
            };
        }
        maria.write("/cancel").await?;
    }
    bot.stop().await?;
    assert_eq!(
        place.root.query_one(words, &[]).await?.get::<_, i64>(0),
        before
    );
    for nothing in [
        "market_data.channels",
        "catalog_data.attribute_definitions where key = 'spare_key'",
        "ops_data.settings where updated_by is not null",
    ] {
        let sql = format!("select count(*) from {nothing}");
        let count: i64 = place.root.query_one(&sql, &[]).await?.get(0);
        assert_eq!(count, 0, "{nothing}");
    }
    Ok(())
}
