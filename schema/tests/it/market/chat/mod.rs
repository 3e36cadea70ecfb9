//! The common chat of a listing, from the site and from Telegram.

mod chat_plans;
mod chat_rights;
mod chat_switch;
mod chat_telegram;
mod message_flag;
mod message_list;
mod message_post;
mod moderation_chat;

use kardan_schema::market::{
    self, ChannelForwardSeen, Message, MessageList, MessagePost, MessagePosted, MessageTake,
    MessageTaken, MessageView,
};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{ChatSource, Error, ListingId, Role, UserId};
use kardan_testdb::{Database, ListingFixture, Session};
use serde_json::Value;
use uuid::Uuid;

/// The group where the listing is talked about, and the message there that its thread hangs on.
const GROUP: i64 = -1002;
const ROOT: i64 = 500;

/// A database with a listing, its seller, a buyer and a moderator, and sessions as the applications have them.
struct Room {
    db: Database,
    api: Session,
    bot: Session,
    /// For looking behind the program.
    root: Session,
    seller: UserId,
    buyer: UserId,
    moderator: UserId,
    admin: UserId,
    listing: ListingId,
}

impl Room {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        let seller = db.person(Role::User).await?;
        Ok(Self {
            api: db.as_role("kardan_api").await?,
            bot: db.as_role("kardan_bot").await?,
            root: db.superuser().await?,
            seller,
            buyer: db.person(Role::User).await?,
            moderator: db.person(Role::Moderator).await?,
            admin: db.person(Role::Admin).await?,
            listing: db.listing(seller, &ListingFixture::default()).await?,
            db,
        })
    }

    /// The listing is posted in a channel, and its thread is known.
    async fn posted(&self) -> anyhow::Result<()> {
        self.thread(-1001, GROUP, ROOT).await
    }

    async fn thread(&self, chat: i64, group: i64, root: i64) -> anyhow::Result<()> {
        let row = self
            .root
            .query_one(
                "with made as (
                     insert into market_data.channels (
                         chat_id, discussion_chat_id, title, language, is_enabled, created_by, created_at, updated_at)
                     values ($1, $2, 'x', 'ru', true, $3, ops.clock_now(), ops.clock_now()) returning id)
                 insert into market_data.channel_posts (listing_id, channel_id, created_at)
                 select $4, m.id, ops.clock_now() from made as m returning id",
                &[&chat, &group, &self.admin, &self.listing],
            )
            .await?;
        let seen = ChannelForwardSeen {
            chat,
            message: 77,
            root_chat: group,
            root_message: root,
            post: row.get(0),
        };
        market::channel_forward_seen(&*self.bot, &seen).await?;
        Ok(())
    }

    async fn run(&self, sql: &str) -> anyhow::Result<()> {
        Ok(self.root.batch_execute(sql).await?)
    }

    async fn number(&self, sql: &str) -> anyhow::Result<i64> {
        Ok(self.root.query_one(sql, &[]).await?.get(0))
    }

    fn message(&self, actor: UserId, text: &str) -> MessagePost {
        MessagePost {
            actor,
            listing: self.listing,
            text: text.to_owned(),
            reply_to: None,
            source: ChatSource::Api,
        }
    }

    async fn say(&self, actor: UserId, text: &str) -> Result<MessagePosted, Error> {
        market::message_post(&*self.api, &self.message(actor, text)).await
    }

    /// A message of Telegram by somebody without an account.
    async fn telegram(&self, message: i64, text: &str) -> anyhow::Result<MessageTake> {
        Ok(MessageTake {
            chat: GROUP,
            message,
            root_message: ROOT,
            telegram_id: 4242,
            name: "Пётр".to_owned(),
            text: Some(text.to_owned()),
            at: self
                .root
                .query_one("select ops.clock_now()", &[])
                .await?
                .get(0),
            reply_message: None,
            reply_at: None,
        })
    }

    async fn take(&self, message: i64, text: &str) -> anyhow::Result<MessageTaken> {
        let take = self.telegram(message, text).await?;
        let taken = market::message_take(&*self.bot, &take).await?;
        Ok(taken.unwrap())
    }

    /// What people see, the first one first.
    async fn seen(&self) -> anyhow::Result<Vec<String>> {
        let rows = self.page(Some(true), 100, None).await?;
        Ok(rows.into_iter().map(|row| row.text).collect())
    }

    async fn page(
        &self,
        is_forward: Option<bool>,
        limit: i32,
        after: Option<&Message>,
    ) -> anyhow::Result<Vec<Message>> {
        let list = MessageList {
            listing: self.listing,
            is_forward,
            limit: Some(limit),
            after_at: after.map(|row| row.sent_at),
            after_id: after.map(|row| row.message_id),
        };
        Ok(market::message_list(&*self.api, &list).await?)
    }

    /// Every message with its state and why, as this person sees it.
    async fn inside(&self, actor: UserId) -> anyhow::Result<Vec<String>> {
        let list = MessageView {
            actor,
            listing: self.listing,
            is_forward: Some(true),
            limit: None,
            after_at: None,
            after_id: None,
        };
        let rows = market::message_view(&*self.api, &list).await?;
        Ok(rows
            .iter()
            .map(|row| {
                let why = row.why.as_deref().unwrap_or_default();
                format!("{}: {} {why}", row.text, row.state)
                    .trim()
                    .to_owned()
            })
            .collect())
    }

    /// What somebody was told of this kind, in order.
    async fn told(&self, who: UserId, kind: &str) -> anyhow::Result<Vec<Value>> {
        let rows = self
            .root
            .query(
                "select o.data from notify_data.outbox as o where o.user_id = $1 and o.kind = $2 order by o.id",
                &[&who, &kind],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// What groups were told of this kind, and in which lane.
    async fn queued(&self, kind: &str) -> anyhow::Result<Vec<(i64, String, Value)>> {
        let rows = self
            .root
            .query(
                "select o.chat_id, o.lane::text, o.data from notify_data.outbox as o where o.kind = $1 order by o.id",
                &[&kind],
            )
            .await?;
        Ok(rows
            .iter()
            .map(|row| (row.get(0), row.get(1), row.get(2)))
            .collect())
    }

    async fn audited(&self, action: &str) -> anyhow::Result<i64> {
        self.number(&format!(
            "select count(*) from ops_data.audit as a where a.action = '{action}'"
        ))
        .await
    }

    async fn block(&self, user: UserId) -> anyhow::Result<()> {
        let ban = UserBlock {
            actor: self.admin,
            user,
            until: None,
            reason: "Spam".to_owned(),
        };
        people::user_block(&*self.api, &ban).await?;
        Ok(())
    }

    async fn delete(&self, actor: UserId, message: Uuid) -> Result<(), Error> {
        market::message_delete(&*self.api, actor, message, None)
            .await
            .map(drop)
    }
}
