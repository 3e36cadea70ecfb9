//! What moderators say in a group by commands, and who else may delete there.

use chrono::{DateTime, Utc};
use kardan_schema::market::{self, ChannelForwardSeen, ChatRightGrant, MessageTake, MessageTaken};
use kardan_schema::{ListingId, Role, UserId};
use kardan_testdb::ListingFixture;
use serde_json::{Value, json};

use crate::script::Script;
use crate::support::{Place, until};
use crate::telegram::{no, person};

const CHANNEL: i64 = -1_001_000_000_001;
const GROUP: i64 = -1_001_000_000_002;
/// The post's own copy in the group, and what a stranger says beneath it.
const ROOT: i64 = 501;
const SAID: i64 = 502;
const STRANGER: i64 = 77;

/// A listing that is talked about in a group.
struct Group {
    place: Place,
    listing: ListingId,
    /// What the stranger said.
    said: MessageTaken,
    at: DateTime<Utc>,
}

impl Group {
    async fn open() -> anyhow::Result<Self> {
        let place = Place::open().await?;
        let seller = place.db.person(Role::User).await?;
        let listing = place.db.listing(seller, &ListingFixture::default()).await?;
        let row = place
            .root
            .query_one(
                "with made as (
                     insert into market_data.channels (
                         chat_id, discussion_chat_id, title, language, is_enabled, created_by, created_at, updated_at)
                     values ($1, $2, 'x', 'ru', true, $3, ops.clock_now(), ops.clock_now()) returning id)
                 insert into market_data.channel_posts (listing_id, channel_id, created_at)
                 select $4, m.id, ops.clock_now() from made as m returning id",
                &[&CHANNEL, &GROUP, &seller, &listing],
            )
            .await?;
        let api = place.db.as_role("kardan_bot").await?;
        let seen = ChannelForwardSeen {
            chat: CHANNEL,
            message: 7,
            root_chat: GROUP,
            root_message: ROOT,
            post: row.get(0),
        };
        market::channel_forward_seen(&*api, &seen).await?;
        let now = "select date_trunc('second', ops.clock_now())";
        let at = place.root.query_one(now, &[]).await?.get(0);
        let take = MessageTake {
            chat: GROUP,
            message: SAID,
            root_message: ROOT,
            telegram_id: STRANGER,
            name: "Пётр".to_owned(),
            text: Some("Дёшево, пишите мне".to_owned()),
            at,
            reply_message: None,
            reply_at: None,
        };
        let said = market::message_take(&*api, &take).await?.unwrap();
        Ok(Self {
            place,
            listing,
            said,
            at,
        })
    }

    /// Somebody answers what the stranger said.
    fn answers(&self, who: &Value, number: i64, text: &str) {
        self.place.telegram.happens(json!({ "message": {
            "message_id": number, "date": self.at.timestamp(), "chat": { "id": GROUP, "type": "supergroup" },
            "from": who, "text": text, "message_thread_id": ROOT,
            "reply_to_message": { "message_id": SAID, "date": self.at.timestamp() },
        }}));
    }

    async fn state(&self) -> anyhow::Result<String> {
        let sql = "select m.state from market_data.chat_messages as m where m.id = $1";
        Ok(self
            .place
            .root
            .query_one(sql, &[&self.said.message_id])
            .await?
            .get(0))
    }

    async fn count(&self, table: &str) -> anyhow::Result<i64> {
        let sql = format!("select count(*) from {table}");
        Ok(self.place.root.query_one(&sql, &[]).await?.get(0))
    }

    /// The command is no longer in the group.
    async fn is_gone(&self, number: i64) -> anyhow::Result<()> {
        until(&format!("command {number} is deleted"), async || {
            let gone = self.place.telegram.of("deleteMessage");
            Ok(gone
                .iter()
                .any(|call| call.chat() == GROUP && call.params["message_id"] == json!(number)))
        })
        .await
    }

    /// What was written into the group.
    fn noise(&self) -> usize {
        let calls = self.place.telegram.of("sendMessage");
        calls.iter().filter(|call| call.chat() == GROUP).count()
    }

    async fn told(&self, chat: i64) -> anyhow::Result<String> {
        let said = || {
            let mut calls = self.place.telegram.of("sendMessage");
            calls.retain(|call| call.chat() == chat);
            calls.last().map(|call| call.text().to_owned())
        };
        until("somebody is told", async || Ok(said().is_some())).await?;
        Ok(said().unwrap())
    }
}

#[tokio::test]
async fn a_moderator_deletes_by_an_answer_and_both_messages_go() -> anyhow::Result<()> {
    let group = Group::open().await?;
    group.place.appointed(Role::Moderator, 7).await?;
    let bot = group.place.start();
    group.answers(
        &person(7, "Ольга", "ru"),
        600,
        "/delete@kardan_test_bot реклама",
    );
    group.is_gone(600).await?;
    until("what was said goes from Telegram", async || {
        let gone = group.place.telegram.of("deleteMessages");
        Ok(gone
            .iter()
            .any(|call| call.params["message_ids"] == json!([SAID])))
    })
    .await?;
    bot.stop().await?;
    assert_eq!(group.state().await?, "deleted");
    assert_eq!(group.noise(), 0);
    let said = "select count(*) from market_data.chat_messages";
    let all: i64 = group.place.root.query_one(said, &[]).await?.get(0);
    assert_eq!(all, 1, "a command is nothing that was said");
    Ok(())
}

#[tokio::test]
async fn somebody_without_a_right_is_refused_in_private_and_a_stranger_not_at_all()
-> anyhow::Result<()> {
    let group = Group::open().await?;
    group.place.appointed(Role::User, 8).await?;
    let bot = group.place.start();
    for (number, command) in [(600, "/delete"), (601, "/warn"), (602, "/mute 7d")] {
        group.answers(&person(8, "Иван", "ru"), number, command);
        group.answers(&person(9, "Nobody", "en"), number + 10, command);
        group.is_gone(number).await?;
        group.is_gone(number + 10).await?;
    }
    until("each is refused", async || {
        let told = group.place.telegram.of("sendMessage");
        Ok(told.iter().filter(|call| call.chat() == 8).count() == 3)
    })
    .await?;
    bot.stop().await?;
    assert_eq!(group.state().await?, "visible");
    assert_eq!(group.count("market_data.chat_mutes").await?, 0);
    assert_eq!(group.count("market_data.chat_warnings").await?, 0);
    assert_eq!(group.noise(), 0);
    let strangers = group.place.telegram.of("sendMessage");
    assert!(strangers.iter().all(|call| call.chat() == 8));
    let accounts = "select count(*) from people_data.identities";
    let all: i64 = group.place.root.query_one(accounts, &[]).await?.get(0);
    assert_eq!(all, 1, "a command makes no account");
    Ok(())
}

#[tokio::test]
async fn whoever_cannot_be_written_to_is_left_alone() -> anyhow::Result<()> {
    let group = Group::open().await?;
    group.place.appointed(Role::User, 8).await?;
    group
        .place
        .root
        .batch_execute("update people_data.identities set unreachable_at = ops.clock_now()")
        .await?;
    let bot = group.place.start();
    let no_rights = no(400, "Bad Request: message can't be deleted");
    group.place.telegram.trouble("deleteMessage", no_rights);
    group.answers(&person(8, "Иван", "ru"), 600, "/delete");
    group.answers(&person(8, "Иван", "ru"), 601, "/delete");
    group.is_gone(601).await?;
    until("all is heard", async || {
        Ok(group.place.telegram.waiting() == 0)
    })
    .await?;
    bot.stop().await?;
    assert!(group.place.telegram.of("sendMessage").is_empty());
    let unreachable =
        "select count(*) from people_data.identities where unreachable_at is not null";
    let all: i64 = group.place.root.query_one(unreachable, &[]).await?.get(0);
    assert_eq!(
        all, 1,
        "a message in a group says nothing of the bot's own chat"
    );
    Ok(())
}

#[tokio::test]
async fn a_moderator_warns_and_mutes_once_however_often_it_is_told() -> anyhow::Result<()> {
    let group = Group::open().await?;
    group.place.appointed(Role::Moderator, 7).await?;
    let olga = person(7, "Olga", "en");
    let bot = group.place.start();
    for number in [600, 601] {
        group.answers(&olga, number, "/warn be kind");
        group.is_gone(number).await?;
    }
    let warned = group.told(7).await?;
    assert!(warned.contains("be kind"), "{warned}");
    for number in [602, 603] {
        group.answers(&olga, number, "/mute all 7d spam");
        group.is_gone(number).await?;
    }
    until("told of all", async || {
        Ok(group.place.telegram.of("sendMessage").len() == 4)
    })
    .await?;
    let muted = group.told(7).await?;
    assert!(muted.starts_with("🔇 Muted everywhere until"), "{muted}");
    // What answers nothing of ours.
    group.place.telegram.happens(json!({ "message": {
        "message_id": 604, "date": group.at.timestamp(), "chat": { "id": GROUP, "type": "supergroup" },
        "from": olga, "text": "/mute",
    }}));
    group.is_gone(604).await?;
    until("told how", async || {
        Ok(group.told(7).await?.starts_with("Answer a message"))
    })
    .await?;
    bot.stop().await?;
    assert_eq!(group.count("market_data.chat_warnings").await?, 1);
    let mutes = group
        .place
        .root
        .query(
            "select m.telegram_id, m.listing_id is null, m.until = $1::timestamptz + interval '7 days'
             from market_data.chat_mutes as m",
            &[&group.at],
        )
        .await?;
    assert_eq!(mutes.len(), 1);
    let row = (mutes[0].get(0), mutes[0].get(1), mutes[0].get(2));
    assert_eq!(row, (STRANGER, true, true));
    assert_eq!(group.noise(), 0);
    Ok(())
}

#[tokio::test]
async fn a_right_to_delete_is_given_beneath_one_listing_used_there_and_taken_back()
-> anyhow::Result<()> {
    let group = Group::open().await?;
    group.place.appointed(Role::Admin, 6).await?;
    let helper = group.place.appointed(Role::User, 8).await?;
    let bot = group.place.start();
    let mut anna = Script::new(&group.place, 6, "Anna", "en");
    anna.write(&format!("/users {helper}")).await?;
    anna.tap("user:card").await?;
    let none = anna.tap("o:right:list").await?;
    assert!(none.contains("nothing but their own"), "{none}");
    anna.tap("o:right:here").await?;
    let number = anna.write("that one").await?;
    assert!(number.starts_with("Write a number"), "{number}");
    anna.write(&group.listing.to_string()).await?;
    anna.tap("d:form:1:1").await?;
    group.answers(&person(8, "Иван", "ru"), 600, "/delete");
    group.is_gone(600).await?;
    assert_eq!(group.state().await?, "deleted");
    let after = anna.tap("o:right:drop").await?;
    assert!(after.contains("nothing but their own"), "{after}");
    anna.tap("o:right:all").await?;
    bot.stop().await?;
    let rights = rights_of(&group, helper).await?;
    assert_eq!(rights, [(Some(group.listing.0), true), (None, false)]);
    group
        .place
        .transcript
        .is("rights", "A right to delete messages")
}

async fn rights_of(group: &Group, user: UserId) -> anyhow::Result<Vec<(Option<i64>, bool)>> {
    let sql = "select r.listing_id, r.revoked_at is not null from market_data.chat_rights as r
               where r.user_id = $1 order by r.id";
    let rows = group.place.root.query(sql, &[&user]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

#[tokio::test]
async fn a_forged_tap_gives_no_right() -> anyhow::Result<()> {
    let group = Group::open().await?;
    let helper = group.place.appointed(Role::User, 8).await?;
    let moderator = group.place.appointed(Role::Moderator, 7).await?;
    let bot = group.place.start();
    let forged = [
        format!("o:right:all:{helper}"),
        format!("o:right:all:{moderator}:30"),
        format!("o:right:list:{helper}"),
        "o:right:drop:1:1".to_owned(),
        "o:right:all:x".to_owned(),
        "o:".to_owned(),
    ];
    for (place, data) in forged.iter().enumerate() {
        group.place.telegram.taps(&person(8, "Иван", "ru"), data);
        group.place.telegram.taps(&person(7, "Ольга", "ru"), data);
        until("answered", async || {
            let answers = group.place.telegram.of("answerCallbackQuery");
            Ok(answers.len() == 2 * (place + 1))
        })
        .await?;
    }
    bot.stop().await?;
    assert!(rights_of(&group, helper).await?.is_empty());
    let given = ChatRightGrant {
        actor: moderator,
        user: helper,
        listing: None,
        until: None,
    };
    let api = group.place.db.as_role("kardan_bot").await?;
    assert!(market::chat_right_grant(&*api, &given).await.is_err());
    Ok(())
}
