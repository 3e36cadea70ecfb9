//! Moderation: a file for each function, and the desk that all of them sit at.

mod contacts_find;
mod forbidden_words;
mod hints;
mod listing_flag;
mod listing_tell;
mod moderation_ad_place;
mod moderation_ad_remove;
mod moderation_approve;
mod moderation_card;
mod moderation_claim;
mod moderation_edit;
mod moderation_fitment_add;
mod moderation_queue;
mod moderation_reason_list;
mod moderation_reject;
mod moderation_release;
mod moderation_stats;
mod price_ranges;

use kardan_schema::market;
use kardan_schema::{ListingId, ModerationItemId, Role, Status, UserId};
use kardan_testdb::{Database, ListingFixture, Session};

/// A database with an author and a moderator, and a session as the application has it.
struct Desk {
    db: Database,
    api: Session,
    author: UserId,
    moderator: UserId,
}

impl Desk {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        Ok(Self {
            api: db.as_role("kardan_api").await?,
            author: db.person(Role::User).await?,
            moderator: db.person(Role::Moderator).await?,
            db,
        })
    }

    /// A listing of the author that waits, and its item.
    async fn submitted(&self) -> anyhow::Result<(ListingId, ModerationItemId)> {
        self.submitted_by(self.author).await
    }

    async fn submitted_by(&self, author: UserId) -> anyhow::Result<(ListingId, ModerationItemId)> {
        let fixture = ListingFixture {
            status: Status::Pending,
            ..ListingFixture::default()
        };
        let listing = self.db.listing(author, &fixture).await?;
        Ok((listing, self.item(listing).await?))
    }

    /// The same, held by the moderator.
    async fn claimed(&self) -> anyhow::Result<(ListingId, ModerationItemId)> {
        let (listing, item) = self.submitted().await?;
        market::moderation_claim(&*self.api, self.moderator, Some(100)).await?;
        Ok((listing, item))
    }

    /// The listing goes back into the queue, as after its author's change; tells the new item.
    async fn resubmitted(&self, listing: ListingId) -> anyhow::Result<ModerationItemId> {
        self.arrange(
            "update market_data.listings set status = 'pending' where id = $1",
            listing,
        )
        .await?;
        self.arrange(
            "insert into market_data.moderation_items (listing_id, kind, submitted_at, submitted_by)
             select l.id, l.kind, ops.clock_now(), l.created_by
             from market_data.listings as l where l.id = $1",
            listing,
        )
        .await?;
        self.item(listing).await
    }

    /// The newest item of a listing.
    async fn item(&self, listing: ListingId) -> anyhow::Result<ModerationItemId> {
        let row = self
            .db
            .superuser()
            .await?
            .query_one(
                "select max(i.id) from market_data.moderation_items as i where i.listing_id = $1",
                &[&listing],
            )
            .await?;
        Ok(row.get(0))
    }

    /// The listing becomes one of a shop in which this person sells.
    async fn to_shop_of(&self, listing: ListingId, member: UserId) -> anyhow::Result<()> {
        self.db
            .superuser()
            .await?
            .execute(
                "with shop as (
                     insert into market_data.shops (name, created_by, created_at, updated_at)
                     values ('Shop of ' || $2::bigint, $2, ops.clock_now(), ops.clock_now())
                     returning id),
                 member as (
                     insert into market_data.shop_members (shop_id, user_id, role, joined_at)
                     select s.id, $2, 'seller', ops.clock_now() from shop as s)
                 update market_data.listings as l
                 set owner_user_id = null, owner_shop_id = s.id
                 from shop as s
                 where l.id = $1",
                &[&listing, &member],
            )
            .await?;
        Ok(())
    }

    /// Runs a statement with a listing's number as its one argument, behind the program.
    async fn arrange(&self, statement: &str, listing: ListingId) -> anyhow::Result<()> {
        self.db
            .superuser()
            .await?
            .execute(statement, &[&listing])
            .await?;
        Ok(())
    }

    /// The audited acts on a listing, in their order.
    async fn audited(&self, listing: ListingId) -> anyhow::Result<Vec<String>> {
        let rows = self
            .db
            .superuser()
            .await?
            .query(
                "select a.action from ops_data.audit as a
                 where a.object_type = 'listing' and a.object_id = $1 order by a.id",
                &[&listing.to_string()],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}
