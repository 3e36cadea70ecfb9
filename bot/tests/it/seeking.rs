//! A search is narrowed, leafed through and kept; a garage says what fits.

use kardan_schema::{Role, Status, market};
use kardan_testdb::ListingFixture;

use crate::script::Script;
use crate::support::{Place, until};

/// Filters at 100, 200 … roubles, each another one.
async fn goods(place: &Place, count: i64) -> anyhow::Result<()> {
    let seller = place.db.person(Role::User).await?;
    for number in 1..=count {
        let fixture = ListingFixture {
            status: Status::Published,
            title: format!("Oil filter <{number}>"),
            price_minor: number * 10_000,
            ..ListingFixture::default()
        };
        place.db.listing(seller, &fixture).await?;
    }
    Ok(())
}

fn offers(page: &str) -> usize {
    page.matches("start=l_").count()
}

#[tokio::test]
async fn a_search_is_narrowed_leafed_through_kept_and_goes_on_with_other_words()
-> anyhow::Result<()> {
    let place = Place::open().await?;
    goods(&place, 9).await?;
    let bot = place.start();
    let mut boris = Script::new(&place, 8, "Boris", "en");
    let all = boris.write("oil filter").await?;
    assert_eq!(offers(&all), 5, "{all}");
    let page = boris.tap("seek:").await?;
    assert_eq!(offers(&page), 5, "{page}");
    boris.tap("d:filter:price").await?;
    let wrong = boris.write("cheap").await?;
    assert!(wrong.contains("cannot read that price"), "{wrong}");
    let some = boris.write("200-850").await?;
    assert!(some.contains("from 200\u{a0}₽ up to 850\u{a0}₽"), "{some}");
    assert_eq!(offers(&some), 5, "{some}");
    let rest = boris.tap("d:more:").await?;
    assert_eq!(offers(&rest), 2, "{rest}");
    boris.tap("d:filter:category").await?;
    let category = boris.tap("d:pick:").await?;
    assert!(category.contains("⚙️"), "{category}");
    boris.tap("d:filter:subcategory").await?;
    boris.tap("d:any:").await?;
    boris.tap("d:filter:condition").await?;
    let used = boris.tap("d:pick:").await?;
    assert!(used.contains("New"), "{used}");
    boris.tap("d:filter:place").await?;
    boris.write("казань").await?;
    let town = boris.tap("d:pick:").await?;
    assert!(town.contains("Kazan"), "{town}");
    let saved = boris.tap("d:save:").await?;
    assert!(saved.contains("The search is saved"), "{saved}");
    let again = boris.tap("d:clear:").await?;
    assert_eq!(offers(&again), 5, "{again}");
    boris.tap("d:filter:price").await?;
    boris.write("up to 100").await?;
    let other = boris.write("filter").await?;
    assert_eq!(offers(&other), 1, "the filters stay: {other}");
    // What nobody offered is not chosen.
    boris.tap("d:filter:condition").await?;
    place.telegram.taps(&boris.person, "d:pick:99");
    let stale = boris.told().await?;
    assert!(stale.contains("another question"), "{stale}");
    place.transcript.is("seeking", "A search is narrowed")?;
    bot.stop().await?;
    let row = place
        .root
        .query_one(
            "select query, filters::text from market_data.saved_searches",
            &[],
        )
        .await?;
    assert_eq!(row.get::<_, &str>(0), "oil filter");
    let filters: String = row.get(1);
    for kept in ["20000", "85000"] {
        assert!(filters.contains(kept), "{filters}");
    }
    Ok(())
}

#[tokio::test]
async fn a_garage_takes_cars_by_choice_and_by_vin_and_shows_what_fits() -> anyhow::Result<()> {
    let place = Place::open().await?;
    goods(&place, 1).await?;
    let bot = place.start();
    let mut boris = Script::new(&place, 8, "Boris", "en");
    let empty = boris.write("/garage").await?;
    assert!(empty.contains("empty"), "{empty}");
    boris.tap("car:add:").await?;
    boris.write("toyota").await?;
    boris.tap("d:make:").await?;
    boris.write("camry").await?;
    boris.tap("d:model:").await?;
    let garage = boris.tap("d:generation:").await?;
    assert!(garage.contains("Your garage"), "{garage}");
    let nothing = boris.tap("car:seek:").await?;
    assert!(
        nothing.contains("There is nothing") && nothing.contains("Camry"),
        "{nothing}"
    );
    boris.tap("d:cancel:").await?;
    boris.write("/garage").await?;
    boris.tap("car:add:").await?;
    let wrong = boris.write("JTNBE46K3730000O1").await?;
    assert!(wrong.contains("VIN"), "{wrong}");
    let two = boris.write("JT2BG22K1W0123456").await?;
    assert!(two.contains("Your garage"), "{two}");
    let cars = |call: &crate::telegram::Call| {
        let buttons = call.buttons().into_iter();
        buttons.filter(|one| one.starts_with("car:drop:")).count()
    };
    assert_eq!(cars(boris.last.as_ref().unwrap()), 2);
    // A stranger's forged taps.
    let eve = Script::new(&place, 6, "Eve", "en");
    for forged in ["car:drop:1", "car:seek:1"] {
        place.telegram.taps(&eve.person, forged);
    }
    until("the taps are answered", async || {
        Ok(place.telegram.waiting() == 0)
    })
    .await?;
    let left = boris.tap("car:drop:").await?;
    assert!(left.contains("Your garage"), "{left}");
    assert_eq!(cars(boris.last.as_ref().unwrap()), 1);
    bot.stop().await?;
    let db = place.db.as_role("kardan_bot").await?;
    let owner = place.account(8).await?;
    assert_eq!(market::garage_list(&*db, owner).await?.len(), 1);
    Ok(())
}
