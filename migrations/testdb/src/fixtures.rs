//! People for tests, made directly: how accounts come to be is tested where it belongs.

use kardan_schema::{Role, UserId};

use crate::Database;

impl Database {
    /// A person with this role.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn person(&self, role: Role) -> anyhow::Result<UserId> {
        let session = self.superuser().await?;
        let row = session
            .query_one(
                "insert into people_data.users (role, display_name, language, created_at, updated_at)
                 values ($1, initcap($1) || ' of the test', 'en', ops.clock_now(), ops.clock_now())
                 returning id",
                &[&role],
            )
            .await?;
        Ok(row.get(0))
    }
}

/// What a test's listing is made of; the rest is the same for all of them.
#[derive(Debug, Clone)]
pub struct ListingFixture {
    /// Where it is in its life.
    pub status: kardan_schema::Status,
    /// Its title.
    pub title: String,
    /// Its part number as a seller would write it.
    pub part_number: String,
    /// Price of a piece in kopecks.
    pub price_minor: i64,
    /// Pieces for sale.
    pub stock_quantity: i32,
}

impl Default for ListingFixture {
    fn default() -> Self {
        Self {
            status: kardan_schema::Status::Published,
            title: "Колодки тормозные передние".to_owned(),
            part_number: "06D 115-562".to_owned(),
            price_minor: 250_000,
            stock_quantity: 3,
        }
    }
}

impl Database {
    /// A part for sale by this person, in this state, with everything that the state needs.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn listing(
        &self,
        owner: UserId,
        fixture: &ListingFixture,
    ) -> anyhow::Result<kardan_schema::ListingId> {
        let session = self.superuser().await?;
        let row = session
            .query_one(
                "with made as (
                     insert into market_data.listings (
                         kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id,
                         part_number, condition, place_id, price_minor, stock_quantity, contact_phone, created_at,
                         updated_at, published_at, rejection_reason)
                     select 'part', $2, $1, $1, $1, $3, c.parent_id, c.id, $4, 'new',
                         (select min(p.id) from catalog_data.places as p), $5, $6, '+7 900 000-00-00',
                         ops.clock_now(), ops.clock_now(),
                         case when $2 in ('published', 'reserved', 'sold') then ops.clock_now() end,
                         case when $2 = 'rejected' then 'other' end
                     from catalog_data.categories as c
                     where c.slug = 'brake-pads'
                     returning id, created_at),
                 queued as (
                     insert into market_data.moderation_items (listing_id, kind, submitted_at, submitted_by)
                     select m.id, 'part', m.created_at, $1 from made as m where $2 = 'pending')
                 select m.id from made as m",
                &[
                    &owner,
                    &fixture.status,
                    &fixture.title,
                    &fixture.part_number,
                    &fixture.price_minor,
                    &fixture.stock_quantity,
                ],
            )
            .await?;
        Ok(row.get(0))
    }
}
