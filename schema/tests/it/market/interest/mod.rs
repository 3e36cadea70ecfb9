//! Who looks at listings, keeps them in mind and is told of them: a file for each function, and the stall that all of
//! them stand at.

mod contact_notice_list;
mod favourite_add;
mod favourite_list;
mod interest_plans;
mod listing_contact_stats;
mod listing_contacts_notify;
mod listing_contacts_show;
mod listing_view_record;
mod price_drops_run;

use kardan_schema::market::{self, ListingContacts, ListingContactsShow, ListingPriceSet};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{ContactSource, Error, ListingId, Role, UserId};
use kardan_testdb::{Database, ListingFixture, Session};
use serde_json::Value;

/// A database with a seller and a published listing, and sessions as the application and the jobs have them.
struct Stall {
    db: Database,
    api: Session,
    admin: Session,
    jobs: Session,
    seller: UserId,
    listing: ListingId,
}

impl Stall {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        let seller = db.person(Role::User).await?;
        Ok(Self {
            api: db.as_role("kardan_api").await?,
            admin: db.superuser().await?,
            jobs: db.as_role("kardan_maintenance").await?,
            listing: db.listing(seller, &ListingFixture::default()).await?,
            seller,
            db,
        })
    }

    async fn person(&self) -> anyhow::Result<UserId> {
        self.db.person(Role::User).await
    }

    async fn people(&self, count: usize) -> anyhow::Result<Vec<UserId>> {
        let mut people = Vec::new();
        for _ in 0..count {
            people.push(self.person().await?);
        }
        Ok(people)
    }

    /// As many people as a batch cannot hold, made at once; the first and the last number.
    async fn crowd(&self, count: i32) -> anyhow::Result<(i64, i64)> {
        let row = self
            .admin
            .query_one(
                "with made as (
                     insert into people_data.users (role, display_name, language, created_at, updated_at)
                     select 'user', 'Crowd', 'ru', ops.clock_now(), ops.clock_now() from generate_series(1, $1)
                     returning id)
                 select min(m.id), max(m.id) from made as m",
                &[&count],
            )
            .await?;
        Ok((row.get(0), row.get(1)))
    }

    /// One more published listing of the seller.
    async fn another(&self) -> anyhow::Result<ListingId> {
        self.db
            .listing(self.seller, &ListingFixture::default())
            .await
    }

    /// The listing becomes one of a shop in which these people sell.
    async fn to_shop_of(&self, members: &[UserId]) -> anyhow::Result<()> {
        let members: Vec<i64> = members.iter().map(|one| one.0).collect();
        self.admin
            .execute(
                "with shop as (
                     insert into market_data.shops (name, created_by, created_at, updated_at)
                     values ('Разборка 24', $2, ops.clock_now(), ops.clock_now()) returning id),
                 member as (
                     insert into market_data.shop_members (shop_id, user_id, role, joined_at)
                     select s.id, u.id, 'seller', ops.clock_now()
                     from shop as s cross join unnest($3::bigint[]) as u (id))
                 update market_data.listings as l set owner_user_id = null, owner_shop_id = s.id
                 from shop as s where l.id = $1",
                &[&self.listing, &self.seller, &members],
            )
            .await?;
        Ok(())
    }

    /// Somebody is shown the contacts of the listing on the web.
    async fn show(&self, who: UserId) -> Result<ListingContacts, Error> {
        market::listing_contacts_show(&*self.api, &click(who, self.listing)).await
    }

    async fn set_price(&self, price_minor: i64) -> anyhow::Result<()> {
        let set = ListingPriceSet {
            actor: self.seller,
            listing: self.listing,
            version: None,
            price_minor,
            wholesale_price_minor: None,
            wholesale_min_quantity: None,
        };
        market::listing_price_set(&*self.api, &set).await?;
        Ok(())
    }

    /// Brings about what only other functions or time would.
    async fn run(&self, sql: &str) -> anyhow::Result<()> {
        Ok(self.admin.batch_execute(sql).await?)
    }

    async fn number(&self, sql: &str) -> anyhow::Result<i64> {
        Ok(self.admin.query_one(sql, &[]).await?.get(0))
    }

    async fn setting(&self, key: &str, value: &str) -> anyhow::Result<()> {
        let sql = format!("update ops_data.settings set value = '{value}' where key = '{key}'");
        self.run(&sql).await
    }

    async fn block(&self, user: UserId) -> anyhow::Result<()> {
        let ban = UserBlock {
            actor: self.db.person(Role::Admin).await?,
            user,
            until: None,
            reason: "Spam".to_owned(),
        };
        people::user_block(&*self.api, &ban).await?;
        Ok(())
    }

    /// What somebody was told of this kind, in order.
    async fn told(&self, who: UserId, kind: &str) -> anyhow::Result<Vec<Value>> {
        let rows = self
            .admin
            .query(
                "select o.data from notify_data.outbox as o
                 where o.user_id = $1 and o.kind = $2 order by o.event_at, o.id",
                &[&who, &kind],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// How many notices of a kind there are, and how many different people got one.
    async fn reached(&self, kind: &str) -> anyhow::Result<(i64, i64)> {
        let row = self
            .admin
            .query_one(
                "select count(*), count(distinct o.user_id) from notify_data.outbox as o where o.kind = $1",
                &[&kind],
            )
            .await?;
        Ok((row.get(0), row.get(1)))
    }
}

fn click(who: UserId, listing: ListingId) -> ListingContactsShow {
    ListingContactsShow {
        actor: Some(who),
        visitor: None,
        listing,
        source: ContactSource::Web,
    }
}

/// The same by somebody without an account.
fn visit(visitor: &str, listing: ListingId) -> ListingContactsShow {
    ListingContactsShow {
        actor: None,
        visitor: Some(visitor.to_owned()),
        listing,
        source: ContactSource::Web,
    }
}
