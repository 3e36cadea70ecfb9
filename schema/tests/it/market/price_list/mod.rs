//! Price lists of shops: what rows mean, what becomes of them, and that an upload is all or nothing for everybody else.

mod cells;
mod checks;
mod difference;
mod missing;
mod races;
mod states;

use kardan_schema::market::{
    self, PriceListApply, PriceListChange, PriceListFinish, PriceListProblem, PriceListStage,
    PriceListSummary, ShopCreate,
};
use kardan_schema::{Error, ListingId, Role, ShopId, Status, UserId};
use kardan_testdb::{Database, ListingFixture, Session};
use serde_json::{Value, json};

/// A shop, its owner, and a session as the API has it.
struct Shelf {
    db: Database,
    api: Session,
    admin: Session,
    owner: UserId,
    shop: ShopId,
}

/// How a file is taken over.
#[derive(Default, Clone)]
struct How {
    dry: bool,
    submit: bool,
    withdraw: bool,
    checks: Option<i32>,
}

/// What became of a file.
#[derive(Debug)]
struct Report {
    sum: PriceListSummary,
    changes: Vec<PriceListChange>,
    problems: Vec<PriceListProblem>,
    withdrawn: i32,
    stale: i32,
}

impl Report {
    /// New, changed, unchanged, left and refused.
    fn counts(&self) -> [i32; 5] {
        let sum = &self.sum;
        [
            sum.new_count,
            sum.changed_count,
            sum.unchanged_count,
            sum.left_count,
            sum.refused_count,
        ]
    }

    /// Row, field and reason of every problem.
    fn wrong(&self) -> Vec<(i32, &str, &str)> {
        let told = self.problems.iter();
        told.map(|one| (one.row_number, one.field.as_str(), one.reason.as_str()))
            .collect()
    }
}

/// A row of brake pads that a shop could sell, with these cells instead of its own.
fn row(number: i32, code: &str, cells: Value) -> Value {
    let mut row = json!({
        "row": number, "code": code, "title": "Колодки тормозные", "price": "2500", "stock": "3",
        "category": "brake-pads", "condition": "new", "place": "moscow",
        "contact_phone": "+7 900 000-00-00",
    });
    if let (Some(row), Some(cells)) = (row.as_object_mut(), cells.as_object()) {
        row.extend(cells.clone());
    }
    row
}

impl Shelf {
    async fn new() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        let api = db.as_role("kardan_api").await?;
        let owner = db.person(Role::User).await?;
        let shop = ShopCreate {
            actor: owner,
            name: "Разборка 24".to_owned(),
            description: String::new(),
            place: None,
        };
        let shop = market::shop_create(&*api, &shop).await?.shop_id;
        Ok(Self {
            admin: db.superuser().await?,
            db,
            api,
            owner,
            shop,
        })
    }

    /// A listing of the shop under this code; nothing is left of what is sold or reserved.
    async fn good(&self, code: &str, status: Status) -> anyhow::Result<ListingId> {
        let is_out = matches!(status, Status::Sold | Status::Reserved);
        let fixture = ListingFixture {
            status,
            stock_quantity: if is_out { 0 } else { 3 },
            ..ListingFixture::default()
        };
        let listing = self.db.listing(self.owner, &fixture).await?;
        self.set(
            listing,
            &format!(
                "owner_user_id = null, owner_shop_id = {}, code = '{code}'",
                self.shop
            ),
        )
        .await?;
        Ok(listing)
    }

    /// Brings about what only other functions or time would.
    async fn set(&self, listing: ListingId, assignments: &str) -> anyhow::Result<()> {
        let sql = format!("update market_data.listings set {assignments} where id = {listing}");
        Ok(self.admin.batch_execute(&sql).await?)
    }

    /// One value that a superuser sees.
    async fn see<T: for<'a> tokio_postgres::types::FromSql<'a>>(
        &self,
        expression: &str,
        listing: ListingId,
    ) -> anyhow::Result<T> {
        let sql = format!("select {expression} from market_data.listings as l where l.id = $1");
        Ok(self.admin.query_one(&sql, &[&listing]).await?.get(0))
    }

    /// Status, price and pieces.
    async fn now(&self, listing: ListingId) -> anyhow::Result<(Status, i64, i32)> {
        Ok((
            self.see("l.status", listing).await?,
            self.see("l.price_minor", listing).await?,
            self.see("l.stock_quantity", listing).await?,
        ))
    }

    /// Open checks of the listing.
    async fn waiting(&self, listing: ListingId) -> anyhow::Result<i64> {
        let open = "(select count(*) from market_data.moderation_items as i
                     where i.listing_id = l.id and i.closed_at is null)";
        self.see(open, listing).await
    }

    /// The listing under this code.
    async fn find(&self, code: &str) -> anyhow::Result<ListingId> {
        let sql =
            "select l.id from market_data.listings as l where l.owner_shop_id = $1 and l.code = $2";
        Ok(self
            .admin
            .query_one(sql, &[&self.shop, &code])
            .await?
            .get(0))
    }

    async fn stage(&self, rows: &[Value], submit: bool) -> Result<(), Error> {
        let batch = PriceListStage {
            actor: self.owner,
            shop: self.shop,
            rows: Value::Array(rows.to_vec()),
            defaults: json!({}),
            submit,
        };
        market::price_list_stage(&*self.api, &batch).await
    }

    /// A whole upload in one transaction.
    async fn upload(&self, rows: &[Value], how: &How) -> anyhow::Result<Report> {
        self.api.batch_execute("begin").await?;
        let report = self.steps(rows, how).await;
        let end = match &report {
            Ok(_) if !how.dry => "commit",
            _ => "rollback",
        };
        self.api.batch_execute(end).await?;
        Ok(report?)
    }

    async fn steps(&self, rows: &[Value], how: &How) -> Result<Report, Error> {
        let (api, actor, shop) = (&*self.api, self.owner, self.shop);
        market::price_list_begin(api, actor, shop).await?;
        for batch in rows.chunks(2) {
            self.stage(batch, how.submit).await?;
        }
        let sum = market::price_list_summary(api, actor, shop, how.checks).await?;
        let changes = market::price_list_change_list(api, actor, shop, None).await?;
        let (mut stale, mut withdrawn) = (0, 0);
        let mut piece = PriceListApply {
            actor,
            shop,
            after: None,
            limit: Some(2),
        };
        let mut is_over = how.dry;
        while !is_over {
            let done = market::price_list_apply(api, &piece).await?;
            stale += done.stale;
            is_over = done.last_row.is_none();
            piece.after = done.last_row;
        }
        let problems = market::price_list_problem_list(api, actor, shop, None).await?;
        let end = PriceListFinish {
            actor,
            shop,
            withdraw: how.withdraw && !how.dry,
            limit: Some(1),
        };
        loop {
            let done = market::price_list_finish(api, &end).await?;
            withdrawn += done.withdrawn;
            if done.is_over {
                break;
            }
        }
        Ok(Report {
            sum,
            changes,
            problems,
            withdrawn,
            stale,
        })
    }
}
