//! Fitment that a listing gets after its publication is news for those who wait for what fits their vehicle.

use kardan_schema::market::{
    ListingFitmentAdd, ListingFitmentImport, SavedSearchCreate, listing_bump, listing_fitment_add,
    listing_fitment_import,
};
use kardan_schema::{GenerationId, ListingId, Role, UserId};

use super::saved_search::wish;
use super::search_alert::Alerts;

/// A generation of the starting catalogue, 2003 to 2009.
const GOLF: [&str; 3] = ["Volkswagen", "Golf", "V"];

async fn golf(it: &Alerts) -> anyhow::Result<GenerationId> {
    let number = it
        .market
        .number(&format!(
            "select v.generation_id from catalog.vehicle_match(array['{}'], array['{}'], array['{}']) as v",
            GOLF[0], GOLF[1], GOLF[2]
        ))
        .await?;
    Ok(GenerationId(number))
}

fn fits(actor: UserId, generation: GenerationId, year: Option<i32>) -> SavedSearchCreate {
    SavedSearchCreate {
        generation: Some(generation),
        year,
        ..wish(actor, "фара")
    }
}

async fn add(
    it: &Alerts,
    actor: UserId,
    listing: ListingId,
    years: (i32, i32),
) -> anyhow::Result<()> {
    let fitment = ListingFitmentAdd {
        actor,
        listing,
        generation: golf(it).await?,
        year_from: Some(years.0),
        year_to: Some(years.1),
        note: String::new(),
    };
    listing_fitment_add(&*it.market.api, &fitment).await?;
    Ok(())
}

#[tokio::test]
async fn whoever_says_later_that_a_listing_fits_makes_it_news_once() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    let mut old = Vec::new();
    for title in ["Фара левая", "Фара правая", "Фара задняя"] {
        old.push(it.market.part(title, "").await?);
    }
    it.save(&fits(it.buyer, golf(&it).await?, None)).await?;
    it.save(&wish(it.buyer, "бампер")).await?;
    assert_eq!(it.taken().await?, []);

    let moderator = it.market.db.person(Role::Moderator).await?;
    add(&it, it.market.seller, old[0], (2004, 2005)).await?;
    add(&it, moderator, old[1], (2004, 2005)).await?;
    let one = |text: &str| vec![text.to_owned()];
    let file = ListingFitmentImport {
        actor: it.market.seller,
        listing: Some(old[2]),
        shop: None,
        rows: vec![2],
        listings: one(""),
        makes: one(GOLF[0]),
        models: one(GOLF[1]),
        generations: one(GOLF[2]),
        years_from: one(""),
        years_to: one(""),
        notes: one(""),
    };
    listing_fitment_import(&*it.market.api, &file).await?;
    assert_eq!(it.told().await?, old);

    // It fits more, it is bumped, it goes and comes: no news any more.
    add(&it, it.market.seller, old[0], (2007, 2008)).await?;
    it.market.db.shift_clock("1 day").await?;
    listing_bump(&*it.market.api, it.market.seller, old[0], None).await?;
    for status in ["reserved", "published"] {
        it.set(old[0], &format!("status = '{status}'")).await?;
    }
    assert_eq!(it.taken().await?, []);
    Ok(())
}

#[tokio::test]
async fn what_fitted_already_when_the_search_was_saved_is_no_news_and_another_year_is()
-> anyhow::Result<()> {
    let it = Alerts::open().await?;
    let old = it.market.part("Фара левая", "").await?;
    add(&it, it.market.seller, old, (2004, 2005)).await?;
    let generation = golf(&it).await?;
    it.save(&SavedSearchCreate {
        name: Some("any".to_owned()),
        ..fits(it.buyer, generation, None)
    })
    .await?;
    for year in [2004, 2007, 2009] {
        it.save(&SavedSearchCreate {
            name: Some(year.to_string()),
            ..fits(it.buyer, generation, Some(year))
        })
        .await?;
    }
    add(&it, it.market.seller, old, (2006, 2008)).await?;
    let names: Vec<_> = it
        .take()
        .await?
        .into_iter()
        .map(|alert| alert.search_name)
        .collect();
    assert_eq!(names, ["2007"]);
    Ok(())
}

#[tokio::test]
async fn fitment_that_comes_while_a_listing_is_hidden_is_told_when_it_is_seen_again()
-> anyhow::Result<()> {
    let it = Alerts::open().await?;
    let old = it.market.part("Фара левая", "").await?;
    it.save(&fits(it.buyer, golf(&it).await?, Some(2004)))
        .await?;
    it.set(old, "status = 'pending'").await?;
    add(&it, it.market.seller, old, (2004, 2005)).await?;
    assert_eq!(it.taken().await?, []);
    it.set(old, "status = 'published'").await?;
    assert_eq!(it.told().await?, [old]);
    Ok(())
}

#[tokio::test]
async fn a_listing_that_no_longer_fits_is_not_told() -> anyhow::Result<()> {
    let it = Alerts::open().await?;
    let old = it.market.part("Фара левая", "").await?;
    it.save(&fits(it.buyer, golf(&it).await?, None)).await?;
    add(&it, it.market.seller, old, (2004, 2005)).await?;
    it.market
        .arrange("delete from market_data.listing_fitments")
        .await?;
    assert_eq!(it.taken().await?, []);
    Ok(())
}
