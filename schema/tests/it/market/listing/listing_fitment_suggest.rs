//! Vehicles that a listing may fit, by what other sellers say.

use kardan_schema::market::{self, ListingFitmentAdd, ListingFitmentSuggestion};
use kardan_schema::{BrandId, GenerationId, ListingId, Reason, Role, Status, UserId};
use kardan_testdb::ListingFixture;

use super::Scene;
use super::listing_fitment_add::fits;
use crate::plans::{Explained, Mode};
use crate::support::reason;

/// A market of one part: everything that a suggestion looks at.
struct Parts {
    scene: Scene,
    brand: BrandId,
    mine: ListingId,
    generations: Vec<GenerationId>,
}

impl Parts {
    async fn open() -> anyhow::Result<Self> {
        let scene = Scene::new().await?;
        let brand: BrandId = scene
            .admin
            .query_one(
                "select b.id from catalog_data.brands as b where b.name = 'MANN-FILTER'",
                &[],
            )
            .await?
            .get(0);
        let rows = scene
            .admin
            .query(
                "select g.id from catalog_data.generations as g where g.year_to > g.year_from + 3
                 order by g.id limit 3",
                &[],
            )
            .await?;
        let mut parts = Self {
            brand,
            mine: ListingId(0),
            generations: rows.iter().map(|row| row.get(0)).collect(),
            scene,
        };
        parts.mine = parts
            .part(parts.scene.seller, "W 712/95", Status::Draft)
            .await?;
        Ok(parts)
    }

    async fn part(
        &self,
        seller: UserId,
        number: &str,
        status: Status,
    ) -> anyhow::Result<ListingId> {
        let fixture = ListingFixture {
            status,
            part_number: number.to_owned(),
            ..ListingFixture::default()
        };
        let listing = self.scene.db.listing(seller, &fixture).await?;
        let brand = format!("brand_id = {}", self.brand);
        self.scene.set(listing, &brand).await?;
        Ok(listing)
    }

    /// A listing of a new seller which says that it fits.
    async fn elsewhere(&self, number: &str, status: Status, fits: usize) -> anyhow::Result<UserId> {
        let seller = self.scene.db.person(Role::User).await?;
        let listing = self.part(seller, number, status).await?;
        self.say(seller, listing, fits).await?;
        Ok(seller)
    }

    async fn say(&self, seller: UserId, listing: ListingId, which: usize) -> anyhow::Result<()> {
        self.scene
            .admin
            .execute(
                "insert into market_data.listing_fitments (listing_id, generation_id, added_by, created_at)
                 values ($1, $2, $3, ops.clock_now())",
                &[&listing, &self.generations[which], &seller],
            )
            .await?;
        Ok(())
    }

    async fn suggested(&self) -> anyhow::Result<Vec<ListingFitmentSuggestion>> {
        let (api, seller) = (&*self.scene.api, self.scene.seller);
        Ok(market::listing_fitment_suggest(api, seller, self.mine).await?)
    }

    /// Which of the generations are suggested, and by how many sellers.
    async fn counted(&self) -> anyhow::Result<Vec<(usize, i32)>> {
        let place = |one: GenerationId| self.generations.iter().position(|known| *known == one);
        Ok(self
            .suggested()
            .await?
            .iter()
            .map(|row| (place(row.generation_id).unwrap(), row.seller_count))
            .collect())
    }
}

#[tokio::test]
async fn what_most_sellers_of_the_same_part_say_comes_first_and_nothing_is_published()
-> anyhow::Result<()> {
    let parts = Parts::open().await?;
    assert!(parts.suggested().await?.is_empty());
    parts.elsewhere("w712-95", Status::Published, 0).await?;
    parts.elsewhere("W 712/95", Status::Published, 1).await?;
    let chatty = parts.elsewhere("W71295", Status::Published, 1).await?;
    // One seller counts once, however many listings.
    let again = parts.part(chatty, "W 712.95", Status::Published).await?;
    parts.say(chatty, again, 1).await?;
    assert_eq!(parts.counted().await?, [(1, 2), (0, 1)]);
    let first = &parts.suggested().await?[0];
    assert_eq!((first.listing_count, first.confidence), (3, 1.0));

    let (api, seller) = (&*parts.scene.api, parts.scene.seller);
    assert!(
        market::listing_fitment_view(api, seller, parts.mine)
            .await?
            .is_empty()
    );
    // Confirmed, it is no suggestion any more.
    let wish = fits(seller, parts.mine, first.generation_id);
    market::listing_fitment_add(api, &wish).await?;
    assert_eq!(parts.counted().await?, [(0, 1)]);
    Ok(())
}

#[tokio::test]
async fn only_published_listings_of_others_and_of_the_same_brand_count() -> anyhow::Result<()> {
    let parts = Parts::open().await?;
    for status in [
        Status::Draft,
        Status::Pending,
        Status::Sold,
        Status::Archived,
    ] {
        parts.elsewhere("W 712/95", status, 0).await?;
    }
    let own = parts
        .part(parts.scene.seller, "W 712/95", Status::Published)
        .await?;
    parts.say(parts.scene.seller, own, 0).await?;
    parts.elsewhere("W 712/94", Status::Published, 0).await?;
    let blocked = parts.elsewhere("W 712/95", Status::Published, 0).await?;
    parts
        .scene
        .admin
        .execute(
            "insert into people_data.bans (user_id, reason, until, created_at) values ($1, 'test', 'infinity', ops.clock_now())",
            &[&blocked],
        )
        .await?;
    let other = parts.scene.db.person(Role::User).await?;
    let strange = parts.part(other, "W 712/95", Status::Published).await?;
    parts
        .scene
        .set(
            strange,
            "brand_id = (select b.id from catalog_data.brands as b where b.name = 'MAHLE')",
        )
        .await?;
    parts.say(other, strange, 0).await?;
    assert!(parts.suggested().await?.is_empty());
    // A part without a brand could be anything.
    parts.elsewhere("W 712/95", Status::Published, 0).await?;
    assert_eq!(parts.counted().await?, [(0, 1)]);
    parts.scene.set(parts.mine, "brand_id = null").await?;
    assert!(parts.suggested().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_sure_original_number_speaks_too_and_a_mere_analogue_does_not() -> anyhow::Result<()> {
    let parts = Parts::open().await?;
    // The starting graph: 04E 115 561 H of VAG is W 712/95 by 0.95, and OC 977/1 of MAHLE by 0.85.
    for (brand, number, which) in [("VAG", "04E115561H", 0), ("MAHLE", "OC 977/1", 1)] {
        let seller = parts.scene.db.person(Role::User).await?;
        let listing = parts.part(seller, number, Status::Published).await?;
        let brand = format!(
            "brand_id = (select b.id from catalog_data.brands as b where b.name = '{brand}')"
        );
        parts.scene.set(listing, &brand).await?;
        parts.say(seller, listing, which).await?;
    }
    assert_eq!(parts.counted().await?, [(0, 1)]);
    assert_eq!(parts.suggested().await?[0].confidence, 0.95);
    Ok(())
}

#[tokio::test]
async fn years_that_the_listing_covers_are_not_suggested() -> anyhow::Result<()> {
    let parts = Parts::open().await?;
    let row = parts
        .scene
        .admin
        .query_one(
            "select g.year_from::integer from catalog_data.generations as g where g.id = $1",
            &[&parts.generations[0]],
        )
        .await?;
    let from: i32 = row.get(0);
    let other = parts.scene.db.person(Role::User).await?;
    let listing = parts.part(other, "W 712/95", Status::Published).await?;
    let (api, seller) = (&*parts.scene.api, parts.scene.seller);
    for (actor, listing, years) in [
        (other, listing, (from, from + 1)),
        (other, listing, (from + 2, from + 3)),
        (seller, parts.mine, (from, from + 2)),
    ] {
        let wish = ListingFitmentAdd {
            year_from: Some(years.0),
            year_to: Some(years.1),
            ..fits(actor, listing, parts.generations[0])
        };
        market::listing_fitment_add(api, &wish).await?;
    }
    let years: Vec<_> = parts
        .suggested()
        .await?
        .iter()
        .map(|row| row.year_from)
        .collect();
    assert_eq!(years, [Some(from + 2)]);
    Ok(())
}

#[tokio::test]
async fn a_stranger_gets_no_suggestions_and_a_moderator_does() -> anyhow::Result<()> {
    let parts = Parts::open().await?;
    parts.elsewhere("W 712/95", Status::Published, 0).await?;
    let stranger = parts.scene.db.person(Role::User).await?;
    let moderator = parts.scene.db.person(Role::Moderator).await?;
    let api = &*parts.scene.api;
    for (actor, listing, expected) in [
        (stranger, parts.mine, Reason::ListingUnknown),
        (moderator, ListingId(-1), Reason::ListingUnknown),
        (UserId(-1), parts.mine, Reason::ActorUnknown),
    ] {
        let answer = market::listing_fitment_suggest(api, actor, listing).await;
        assert_eq!(reason(answer), expected);
    }
    let shown = market::listing_fitment_suggest(api, moderator, parts.mine).await?;
    assert_eq!(shown.len(), 1);
    Ok(())
}

#[tokio::test]
async fn suggestions_look_numbers_up_by_index() -> anyhow::Result<()> {
    let parts = Parts::open().await?;
    let admin = &parts.scene.admin;
    admin
        .batch_execute(&format!(
            "alter table market_data.listings disable trigger user;
             insert into market_data.listings (
                 kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, brand_id,
                 part_number, condition, place_id, price_minor, stock_quantity, created_at, updated_at, published_at)
             select l.kind, 'published', u.id, u.id, u.id, l.title, l.category_id, l.subcategory_id, {brand},
                 'W ' || n, 'new', l.place_id, 100, 1, l.created_at, l.created_at, l.created_at
             from market_data.listings as l
             cross join generate_series(1, 20000) as n
             cross join (select {other}::bigint as id) as u
             where l.id = {mine};
             insert into market_data.listing_fitments (listing_id, generation_id, added_by, created_at)
             select l.id, {generation}, l.created_by, l.created_at from market_data.listings as l where l.id <> {mine};
             analyze market_data.listings; analyze market_data.listing_fitments",
            brand = parts.brand,
            other = parts.scene.db.person(Role::User).await?,
            mine = parts.mine,
            generation = parts.generations[0]
        ))
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let call = format!(
            "select from market.listing_fitment_suggest({}, {})",
            parts.scene.seller, parts.mine
        );
        let plan = Explained::run(&parts.scene.db, mode, &call).await?;
        plan.assert_index("listings_part_number_idx");
        plan.assert_no_full_scan("listings");
        plan.assert_no_full_scan("listing_fitments");
    }
    Ok(())
}
