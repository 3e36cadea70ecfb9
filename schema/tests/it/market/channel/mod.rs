//! Channels of Telegram: who arranges them, what is posted where, and that no crash makes a second post.

mod channel_advance;
mod channel_crash;
mod channel_create;
mod channel_plans;
mod channel_update;
mod group_move;

use kardan_schema::market::{self, Channel, ChannelCreate, ChannelPost, ListingUpdate};
use kardan_schema::notify::{self, Delivery, Outcome, Parcel, Settled};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{Language, ListingId, Role, Status, UserId};
use kardan_testdb::{Database, ListingFixture, Session};
use uuid::Uuid;

use crate::support::reason;

/// A channel's number in Telegram.
const CHAT: i64 = -1_001_000_000_001;
/// The group of it.
const GROUP: i64 = -1_001_000_000_002;

/// A database with a seller, those who decide, and sessions as the applications have them.
struct Studio {
    db: Database,
    api: Session,
    worker: Session,
    bot: Session,
    /// For looking behind the program.
    root: Session,
    seller: UserId,
    moderator: UserId,
    admin: UserId,
}

impl Studio {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        let studio = Self {
            api: db.as_role("kardan_api").await?,
            worker: db.as_role("kardan_worker").await?,
            bot: db.as_role("kardan_bot").await?,
            root: db.superuser().await?,
            seller: db.person(Role::User).await?,
            moderator: db.person(Role::Moderator).await?,
            admin: db.person(Role::Admin).await?,
            db,
        };
        // How fast anything may be sent is tested with the outbox.
        studio
            .run("update ops_data.settings set value = '1' where key = 'outbox.group_milliseconds'")
            .await?;
        Ok(studio)
    }

    /// Everything goes to this channel.
    fn anything(&self, chat: i64) -> ChannelCreate {
        ChannelCreate {
            actor: self.admin,
            chat,
            discussion_chat: None,
            title: "Запчасти".to_owned(),
            language: Language::Ru,
            is_enabled: true,
            categories: vec![0],
            places: vec![0],
            regions: vec![0],
        }
    }

    async fn channel(&self) -> anyhow::Result<Channel> {
        let wish = ChannelCreate {
            discussion_chat: Some(GROUP),
            ..self.anything(CHAT)
        };
        Ok(market::channel_create(&*self.api, &wish).await?)
    }

    async fn run(&self, sql: &str) -> anyhow::Result<()> {
        Ok(self.root.batch_execute(sql).await?)
    }

    async fn number(&self, sql: &str) -> anyhow::Result<i64> {
        Ok(self.root.query_one(sql, &[]).await?.get(0))
    }

    /// A listing of the seller that a moderator has just published.
    async fn published(&self) -> anyhow::Result<ListingId> {
        let pending = ListingFixture {
            status: Status::Pending,
            ..ListingFixture::default()
        };
        let listing = self.db.listing(self.seller, &pending).await?;
        self.approve().await?;
        Ok(listing)
    }

    /// The moderator publishes what waits.
    async fn approve(&self) -> anyhow::Result<()> {
        for claimed in market::moderation_claim(&*self.api, self.moderator, None).await? {
            market::moderation_approve(&*self.api, self.moderator, claimed.item_id, None).await?;
        }
        Ok(())
    }

    /// The seller gives the listing another title, and it waits for a moderator.
    async fn retitle(&self, listing: ListingId, title: &str) -> anyhow::Result<()> {
        let change = ListingUpdate {
            title: Some(title.to_owned()),
            ..unchanged(self.seller, listing)
        };
        market::listing_update(&*self.api, &change).await?;
        Ok(())
    }

    async fn advance(&self) -> anyhow::Result<()> {
        market::channels_advance(&*self.worker).await?;
        Ok(())
    }

    async fn withdraw(&self, listing: ListingId) -> anyhow::Result<()> {
        market::listing_withdraw(&*self.api, self.seller, listing, None).await?;
        Ok(())
    }

    async fn block(&self, user: UserId, until: Option<&str>) -> anyhow::Result<()> {
        let until = match until {
            Some(later) => {
                let sql = format!("select ops.clock_now() + interval '{later}'");
                Some(self.root.query_one(&sql, &[]).await?.get(0))
            }
            None => None,
        };
        let ban = UserBlock {
            actor: self.admin,
            user,
            until,
            reason: "Spam".to_owned(),
        };
        people::user_block(&*self.api, &ban).await?;
        Ok(())
    }

    async fn unblock(&self, user: UserId) -> anyhow::Result<()> {
        people::user_unblock(&*self.api, self.admin, user, None).await?;
        Ok(())
    }

    async fn posts(&self, listing: ListingId) -> anyhow::Result<Vec<ChannelPost>> {
        Ok(market::channel_post_list(&*self.api, self.seller, listing).await?)
    }

    /// Everything that was ever told to channels: kind, look and title, in order.
    async fn told(&self) -> anyhow::Result<Vec<(String, String, String)>> {
        let rows = self
            .root
            .query(
                "select o.kind, o.data ->> 'look', o.data -> 'value' ->> 'title' from notify_data.outbox as o
                 where o.kind in ('channel.post', 'channel.edit', 'channel.mark') order by o.id",
                &[],
            )
            .await?;
        Ok(rows
            .iter()
            .map(|row| (row.get(0), row.get(1), row.get(2)))
            .collect())
    }

    /// What was told, without the titles.
    async fn looks(&self) -> anyhow::Result<Vec<String>> {
        let told = self.told().await?;
        Ok(told
            .iter()
            .map(|(kind, look, _)| format!("{kind} {look}"))
            .collect())
    }

    async fn claim(&self) -> anyhow::Result<(Uuid, Vec<Parcel>)> {
        let lease = Uuid::now_v7();
        let taken = notify::outbox_claim(&*self.worker, lease, Some(100)).await?;
        Ok((lease, taken))
    }

    async fn finish(
        &self,
        lease: Uuid,
        parcel: &Parcel,
        messages: &[i64],
    ) -> anyhow::Result<Settled> {
        let answer = Delivery {
            notice_id: parcel.notice_id,
            event_at: parcel.event_at,
            outcome: Outcome::Sent {
                messages: messages.to_vec(),
            },
        };
        let settled =
            notify::outbox_finish(&*self.worker, lease, &Delivery::list(&[answer])).await?;
        Ok(settled[0].clone())
    }

    /// A sender delivers all that waits: a post becomes the message with the number of the notice.
    async fn deliver(&self) -> anyhow::Result<usize> {
        let mut count = 0;
        loop {
            // The gap between two messages to one chat.
            self.run("delete from notify_data.holds where recipient <> 0; delete from notify_data.leases;
                      update notify_data.queue set due_at = '-infinity' where state = 'waiting'").await?;
            let (lease, taken) = self.claim().await?;
            if taken.is_empty() {
                return Ok(count);
            }
            for one in &taken {
                self.finish(lease, one, &[one.notice_id.0]).await?;
                count += 1;
            }
        }
    }
}

fn unchanged(actor: UserId, listing: ListingId) -> ListingUpdate {
    ListingUpdate {
        actor,
        listing,
        version: None,
        title: None,
        description: None,
        category: None,
        subcategory: None,
        brand: None,
        part_number: None,
        condition: None,
        place: None,
        attributes: None,
        contact_name: None,
        contact_phone: None,
        contact_telegram: None,
    }
}
