//! What things usually cost, and the hint when a price is far from it.

use kardan_schema::market::{self, ListingPriceSet};
use kardan_schema::{HintKind, ListingId, ModerationItemId, Reason, Status};
use kardan_testdb::ListingFixture;

use super::Desk;
use crate::support::reason;

impl Desk {
    /// So many published brake pads of other people, at prices around 1000 roubles; of one brand or of none.
    async fn market(&self, count: i32, brand: Option<i64>, price_minor: i64) -> anyhow::Result<()> {
        let pattern = self
            .db
            .listing(self.author, &ListingFixture::default())
            .await?;
        let session = self.db.superuser().await?;
        session
            .execute(
                "insert into market_data.listings (
                     kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition,
                     place_id, brand_id, price_minor, stock_quantity, created_at, updated_at, published_at)
                 select l.kind, 'published', l.owner_user_id, l.created_by, l.changed_by, l.title, l.category_id,
                     l.subcategory_id, l.condition, l.place_id, $3, $4::bigint + $4::bigint * (n % 10) / 50, 1, l.created_at, l.updated_at,
                     l.published_at
                 from market_data.listings as l, generate_series(1, $2) as n
                 where l.id = $1",
                &[&pattern, &count, &brand, &price_minor],
            )
            .await?;
        session
            .execute(
                "delete from market_data.listing_prices where listing_id = $1",
                &[&pattern],
            )
            .await?;
        session
            .execute(
                "update market_data.listings set status = 'archived' where id = $1",
                &[&pattern],
            )
            .await?;
        Ok(())
    }

    async fn refresh(&self) -> anyhow::Result<()> {
        let session = self.db.as_role("kardan_maintenance").await?;
        session
            .execute("select from market.price_ranges_refresh()", &[])
            .await?;
        Ok(())
    }

    async fn priced(&self, price_minor: i64, brand: Option<i64>) -> anyhow::Result<ListingId> {
        let fixture = ListingFixture {
            status: Status::Draft,
            price_minor,
            part_number: String::new(),
            ..ListingFixture::default()
        };
        let listing = self.db.listing(self.author, &fixture).await?;
        self.db
            .superuser()
            .await?
            .execute(
                "update market_data.listings set brand_id = $2 where id = $1",
                &[&listing, &brand],
            )
            .await?;
        market::listing_submit(&*self.api, self.author, listing, None).await?;
        Ok(listing)
    }

    async fn price_hint(&self, listing: ListingId) -> anyhow::Result<Option<serde_json::Value>> {
        let hints = market::listing_hint_list(&*self.api, self.author, listing).await?;
        Ok(hints
            .into_iter()
            .find(|hint| hint.kind == HintKind::PriceOutlier)
            .map(|hint| hint.details))
    }
}

#[tokio::test]
async fn a_price_far_from_the_usual_is_told_with_the_usual_range() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.market(40, None, 100_000).await?;
    desk.refresh().await?;
    for (price, is_far) in [
        (100_000, false),
        (60_000, false),
        (180_000, false),
        (10_000, true),
        (0, true),
        (1_000_000, true),
    ] {
        let listing = desk.priced(price, None).await?;
        let hint = desk.price_hint(listing).await?;
        assert_eq!(hint.is_some(), is_far, "{price}: {hint:?}");
        if let Some(details) = hint {
            let bounds = (&details["usual_low_minor"], &details["usual_high_minor"]);
            assert!(
                bounds.0.as_i64() >= Some(100_000) && bounds.1.as_i64() <= Some(120_000),
                "{details}"
            );
            assert_eq!(details["currency"], "RUB");
            assert_eq!(details["same_brand"], false);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_moderator_sees_every_price_beside_the_usual_ones() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let bot = desk.db.as_role("kardan_bot").await?;
    let listing = desk.priced(90_000, None).await?;
    let item = desk.item(listing).await?;
    let alone = market::moderation_price_get(&*bot, desk.moderator, item).await?;
    assert_eq!(alone, None, "nothing to compare it with");
    desk.market(40, None, 100_000).await?;
    desk.refresh().await?;
    let usual = market::moderation_price_get(&*bot, desk.moderator, item)
        .await?
        .unwrap();
    assert_eq!(
        (usual.price_minor, usual.currency.as_str()),
        (90_000, "RUB")
    );
    assert!(usual.usual_low_minor >= 100_000 && usual.usual_high_minor <= 120_000);
    assert_eq!((usual.listing_count >= 40, usual.same_brand), (true, false));
    let stranger = market::moderation_price_get(&*bot, desk.author, item).await;
    assert_eq!(reason(stranger), Reason::RoleRequired);
    let nothing = market::moderation_price_get(&*bot, desk.moderator, ModerationItemId(-1)).await;
    assert_eq!(reason(nothing), Reason::ModerationItemUnknown);
    Ok(())
}

#[tokio::test]
async fn a_brand_with_enough_listings_is_compared_with_itself() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.market(60, Some(1), 100_000).await?;
    desk.market(20, Some(2), 1_500_000).await?;
    desk.market(19, Some(3), 1_500_000).await?;
    desk.refresh().await?;
    let dear = desk.priced(1_500_000, Some(2)).await?;
    assert_eq!(desk.price_hint(dear).await?, None);
    let dear = desk.priced(1_500_000, Some(1)).await?;
    let details = desk.price_hint(dear).await?.unwrap();
    assert_eq!(details["same_brand"], true);
    // Nineteen are not enough for a range of their own.
    let few = desk.priced(400_000_000, Some(3)).await?;
    assert_eq!(desk.price_hint(few).await?.unwrap()["same_brand"], false);
    Ok(())
}

#[tokio::test]
async fn too_few_listings_say_nothing_and_what_is_gone_is_forgotten() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.market(19, None, 100_000).await?;
    desk.refresh().await?;
    let listing = desk.priced(1, None).await?;
    assert_eq!(desk.price_hint(listing).await?, None);
    desk.market(1, None, 100_000).await?;
    desk.refresh().await?;
    // The hints are those of the submission until the price changes.
    assert_eq!(desk.price_hint(listing).await?, None);
    let mut price = ListingPriceSet {
        actor: desk.author,
        listing,
        version: None,
        price_minor: 2,
        wholesale_price_minor: None,
        wholesale_min_quantity: None,
    };
    market::listing_price_set(&*desk.api, &price).await?;
    assert!(desk.price_hint(listing).await?.is_some());
    price.price_minor = 110_000;
    market::listing_price_set(&*desk.api, &price).await?;
    assert_eq!(desk.price_hint(listing).await?, None);
    let session = desk.db.superuser().await?;
    session
        .execute(
            "update market_data.listings set status = 'archived' where status = 'published'",
            &[],
        )
        .await?;
    desk.refresh().await?;
    let left: i64 = session
        .query_one("select count(*) from market_data.price_ranges", &[])
        .await?
        .get(0);
    assert_eq!(left, 0);
    Ok(())
}
