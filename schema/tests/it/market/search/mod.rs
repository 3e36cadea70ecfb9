//! Search over published listings. Here: the words that the tests of search share.

mod listing_facets;
mod listing_search;
mod listing_search_filters;
mod listing_search_noise;
mod listing_search_numbers;
mod listing_search_pages;
pub(super) mod listing_search_plans;
mod listing_search_truth;
mod saved_search;
mod search_alert;
mod search_alert_hidden;
mod search_alerts_purge;
mod search_alerts_tell;
mod search_attributes;
mod search_entries;
mod search_fitment_news;
mod search_miss;
mod search_plans;
mod search_ratings;
mod search_suggest;

use kardan_schema::market::{FoundListing, ListingSearch, listing_search};
use kardan_schema::{Error, ListingId, Role, UserId};
use kardan_testdb::{Database, ListingFixture, Session};

/// A search that asks for nothing; tests name only what they are about.
const ANY: ListingSearch = ListingSearch {
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
    attributes: None,
    sort: None,
    limit: None,
    after_key: None,
    after_id: None,
    min_rating: None,
};

fn words(query: &str) -> ListingSearch {
    ListingSearch {
        query: Some(query.to_owned()),
        ..ANY
    }
}

fn ids(rows: &[FoundListing]) -> Vec<ListingId> {
    rows.iter().map(|row| row.listing_id).collect()
}

/// A database with one seller, and a session of the role that the application has.
struct Market {
    db: Database,
    seller: UserId,
    api: Session,
}

impl Market {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        let seller = db.person(Role::User).await?;
        let api = db.as_role("kardan_api").await?;
        Ok(Self { db, seller, api })
    }

    /// A published part with this title and part number.
    async fn part(&self, title: &str, part_number: &str) -> anyhow::Result<ListingId> {
        let fixture = ListingFixture {
            title: title.to_owned(),
            part_number: part_number.to_owned(),
            ..ListingFixture::default()
        };
        self.db.listing(self.seller, &fixture).await
    }

    async fn priced(&self, title: &str, price_minor: i64) -> anyhow::Result<ListingId> {
        let fixture = ListingFixture {
            title: title.to_owned(),
            part_number: String::new(),
            price_minor,
            ..ListingFixture::default()
        };
        self.db.listing(self.seller, &fixture).await
    }

    /// Runs statements as the superuser.
    async fn arrange(&self, sql: &str) -> anyhow::Result<()> {
        Ok(self.db.superuser().await?.batch_execute(sql).await?)
    }

    /// One number from the database.
    async fn number(&self, sql: &str) -> anyhow::Result<i64> {
        Ok(self.db.superuser().await?.query_one(sql, &[]).await?.get(0))
    }

    async fn search(&self, search: &ListingSearch) -> Result<Vec<FoundListing>, Error> {
        listing_search(&*self.api, search).await
    }

    async fn found(&self, search: &ListingSearch) -> anyhow::Result<Vec<ListingId>> {
        Ok(ids(&self.search(search).await?))
    }

    /// Every page of a search, one after another, until the first that is not full.
    async fn walk(
        &self,
        search: &ListingSearch,
        limit: i32,
    ) -> anyhow::Result<Vec<Vec<ListingId>>> {
        let mut search = ListingSearch {
            limit: Some(limit),
            ..search.clone()
        };
        let mut pages = Vec::new();
        loop {
            let rows = self.search(&search).await?;
            let Some(last) = rows.last() else { break };
            search.after_key = Some(last.page_key);
            search.after_id = Some(last.listing_id);
            pages.push(ids(&rows));
        }
        Ok(pages)
    }
}
