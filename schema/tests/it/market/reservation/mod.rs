//! Reservations: a file for each function, and the stall that all of them stand at.

mod listing_reserve;
mod reservation_list_mine;
mod reservation_list_of_listing;
mod reservation_release;
mod reservation_sell;

use chrono::{TimeDelta, Utc};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{ListingId, Role, Status, UserId};
use kardan_testdb::{Database, ListingFixture, Session};

/// A database with a seller, a buyer and a listing, and a session as the application has it.
pub(super) struct Stall {
    pub(super) db: Database,
    pub(super) api: Session,
    pub(super) seller: UserId,
    pub(super) buyer: UserId,
    pub(super) listing: ListingId,
}

impl Stall {
    /// A stall with so many pieces at 2500.00 a piece.
    pub(super) async fn open(stock_quantity: i32) -> anyhow::Result<Self> {
        let db = Database::create().await?;
        let seller = db.person(Role::User).await?;
        let fixture = ListingFixture {
            stock_quantity,
            ..ListingFixture::default()
        };
        Ok(Self {
            api: db.as_role("kardan_api").await?,
            buyer: db.person(Role::User).await?,
            listing: db.listing(seller, &fixture).await?,
            seller,
            db,
        })
    }

    /// The listing's state and the pieces that are left.
    pub(super) async fn state(&self) -> anyhow::Result<(Status, i32)> {
        let row = self
            .db
            .superuser()
            .await?
            .query_one(
                "select l.status, l.stock_quantity from market_data.listings as l where l.id = $1",
                &[&self.listing],
            )
            .await?;
        Ok((row.get(0), row.get(1)))
    }

    /// The pieces held for buyers.
    pub(super) async fn held(&self) -> anyhow::Result<i64> {
        let row = self
            .db
            .superuser()
            .await?
            .query_one(
                "select coalesce(sum(r.quantity), 0) from market_data.reservations as r
                 where r.listing_id = $1 and r.state = 'held'",
                &[&self.listing],
            )
            .await?;
        Ok(row.get(0))
    }

    /// Runs a statement with the listing's number as its one argument, behind the program.
    pub(super) async fn arrange(&self, statement: &str) -> anyhow::Result<()> {
        self.db
            .superuser()
            .await?
            .execute(statement, &[&self.listing])
            .await?;
        Ok(())
    }

    /// The listing becomes one of a shop in which this person sells.
    pub(super) async fn to_shop_of(&self, member: UserId) -> anyhow::Result<()> {
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
                &[&self.listing, &member],
            )
            .await?;
        Ok(())
    }

    pub(super) async fn block(&self, user: UserId) -> anyhow::Result<()> {
        let ban = UserBlock {
            actor: self.db.person(Role::Admin).await?,
            user,
            until: Some(Utc::now() + TimeDelta::days(1)),
            reason: "Spam".to_owned(),
        };
        people::user_block(&*self.api, &ban).await?;
        Ok(())
    }
}
