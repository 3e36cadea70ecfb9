//! Listings: a file for each function, the matrix of their life, and the few words that they share.

mod life;
mod listing_bump;
mod listing_code;
mod listing_create;
mod listing_event_list;
mod listing_fitment_add;
mod listing_fitment_batch;
mod listing_fitment_import;
mod listing_fitment_list;
mod listing_fitment_remove;
mod listing_fitment_suggest;
mod listing_get;
mod listing_list_mine;
mod listing_missing;
mod listing_moderating_refuse;
mod listing_photo_add;
mod listing_photo_check;
mod listing_photo_list;
mod listing_photo_order;
mod listing_photo_remove;
mod listing_price_get;
mod listing_price_list;
mod listing_price_set;
mod listing_quote;
mod listing_renew;
mod listing_restore;
mod listing_stock_set;
mod listing_submit;
mod listing_update;
mod listing_view;
mod listing_withdraw;
mod photo_lookalikes;
mod photo_orphan_list;

use std::time::{Duration, Instant};

use kardan_schema::market::{
    self, ListingCreate, ListingInside, ListingSearch, ListingUpdate, ShopCreate,
};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{
    CategoryId, Condition, Kind, ListingId, PlaceId, Role, ShopId, Status, UserId,
};
use kardan_testdb::{Database, ListingFixture, Session};
use serde_json::{Value, json};

/// A database with a seller in it, and a session as the API has it.
struct Scene {
    db: Database,
    api: Session,
    admin: Session,
    seller: UserId,
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        Ok(Self {
            api: db.as_role("kardan_api").await?,
            admin: db.superuser().await?,
            seller: db.person(Role::User).await?,
            db,
        })
    }

    async fn category(&self, slug: &str) -> anyhow::Result<CategoryId> {
        let row = self
            .admin
            .query_one(
                "select c.id from catalog_data.categories as c where c.slug = $1",
                &[&slug],
            )
            .await?;
        Ok(row.get(0))
    }

    /// A draft of brake pads as the seller would write it, ready to be submitted.
    async fn draft(&self) -> anyhow::Result<ListingCreate> {
        Ok(ListingCreate {
            actor: self.seller,
            shop: None,
            kind: Kind::Part,
            title: "Колодки тормозные передние".to_owned(),
            description: "Новые, в упаковке".to_owned(),
            category: self.category("brakes").await?,
            subcategory: self.category("brake-pads").await?,
            brand: None,
            part_number: "06D 115-562".to_owned(),
            condition: Condition::New,
            place: PlaceId(1),
            attributes: json!({}),
            currency: "RUB".to_owned(),
            price_minor: 250_000,
            wholesale_price_minor: None,
            wholesale_min_quantity: None,
            stock_quantity: 3,
            contact_name: "Иван".to_owned(),
            contact_phone: "+7 900 000-00-00".to_owned(),
            contact_telegram: String::new(),
        })
    }

    /// A listing of the seller in this state; nothing is left of what is sold or reserved.
    async fn listing(&self, status: Status) -> anyhow::Result<ListingId> {
        let is_out = matches!(status, Status::Sold | Status::Reserved);
        let fixture = ListingFixture {
            status,
            stock_quantity: if is_out { 0 } else { 3 },
            ..ListingFixture::default()
        };
        self.db.listing(self.seller, &fixture).await
    }

    /// A shop of the seller with one more member, and a published listing of it.
    async fn shop(&self) -> anyhow::Result<(ShopId, UserId, ListingId)> {
        let owner = self.db.person(Role::User).await?;
        let shop = ShopCreate {
            actor: owner,
            name: "Разборка 24".to_owned(),
            description: String::new(),
            place: None,
        };
        let shop = market::shop_create(&*self.api, &shop).await?.shop_id;
        self.admin
            .execute(
                "insert into market_data.shop_members (shop_id, user_id, role, joined_at)
                 values ($1, $2, 'seller', ops.clock_now())",
                &[&shop, &self.seller],
            )
            .await?;
        let listing = self.listing(Status::Published).await?;
        self.set(
            listing,
            &format!("owner_user_id = null, owner_shop_id = {shop}"),
        )
        .await?;
        Ok((shop, owner, listing))
    }

    /// Brings about what only other functions or time would.
    async fn set(&self, listing: ListingId, assignments: &str) -> anyhow::Result<()> {
        let sql = format!("update market_data.listings set {assignments} where id = {listing}");
        self.admin.batch_execute(&sql).await?;
        Ok(())
    }

    async fn version(&self, listing: ListingId) -> anyhow::Result<i32> {
        let row = self
            .admin
            .query_one(
                "select l.version from market_data.listings as l where l.id = $1",
                &[&listing],
            )
            .await?;
        Ok(row.get(0))
    }

    /// The listing as its seller sees it.
    async fn inside(&self, listing: ListingId) -> anyhow::Result<ListingInside> {
        Ok(market::listing_view(&*self.api, self.seller, listing)
            .await?
            .unwrap())
    }

    /// Open checks of the listing.
    async fn waiting(&self, listing: ListingId) -> anyhow::Result<i64> {
        let row = self
            .admin
            .query_one(
                "select count(*) from market_data.moderation_items as i
                 where i.listing_id = $1 and i.closed_at is null",
                &[&listing],
            )
            .await?;
        Ok(row.get(0))
    }

    /// A moderator takes the open check of the listing for a quarter of an hour.
    async fn claim(&self, listing: ListingId) -> anyhow::Result<()> {
        let moderator = self.db.person(Role::Moderator).await?;
        let claimed = self
            .admin
            .execute(
                "update market_data.moderation_items
                 set claimed_by = $2, claimed_until = ops.clock_now() + interval '15 minutes'
                 where listing_id = $1 and closed_at is null",
                &[&listing, &moderator],
            )
            .await?;
        anyhow::ensure!(claimed == 1, "there is no open check");
        Ok(())
    }

    /// Pieces held for somebody.
    async fn hold(&self, listing: ListingId) -> anyhow::Result<()> {
        let buyer = self.db.person(Role::User).await?;
        self.admin
            .execute(
                "insert into market_data.reservations (
                     id, listing_id, buyer_id, quantity, currency, total_minor, created_at)
                 values (gen_random_uuid(), $1, $2, 1, 'RUB', 1, ops.clock_now())",
                &[&listing, &buyer],
            )
            .await?;
        Ok(())
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

    /// Returns when a session of this database waits for a lock.
    async fn somebody_waits(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + Duration::from_secs(4);
        while Instant::now() < deadline {
            let row = self
                .admin
                .query_one(
                    "select exists (
                         select from pg_stat_activity as a
                         where a.datname = current_database() and a.wait_event_type = 'Lock')",
                    &[],
                )
                .await?;
            if row.get(0) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        anyhow::bail!("nobody waits for a lock")
    }
}

/// A change of nothing, to be filled in.
fn change(actor: UserId, listing: ListingId) -> ListingUpdate {
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

/// A change of the title.
fn retitle(actor: UserId, listing: ListingId) -> ListingUpdate {
    ListingUpdate {
        title: Some("Колодки задние".to_owned()),
        ..change(actor, listing)
    }
}

/// A search for everything, or for what has these extra fields.
fn search(attributes: Option<Value>) -> ListingSearch {
    ListingSearch {
        query: None,
        kind: None,
        category: None,
        subcategory: None,
        brand: None,
        place: None,
        condition: None,
        price_min: None,
        price_max: None,
        currency: None,
        in_stock: None,
        generation: None,
        year: None,
        attributes,
        sort: None,
        limit: None,
        after_key: None,
        after_id: None,
        min_rating: None,
    }
}
