//! What fits my car: choosing a generation for a saved vehicle, searching by it, saving such a search.

use kardan_schema::market::{
    self, GarageAdd, GarageGenerationList, GarageSearch, GarageUpdate, GarageVehicle,
    GenerationCandidate, SavedSearch, SavedSearchCreate,
};
use kardan_schema::{
    Error, Frequency, GenerationId, ListingId, MakeId, ModelId, Reason, Role, UserId,
};
use kardan_testdb::{Database, ListingFixture, Session};

use crate::locks::{backend, until_blocked};
use crate::plans::{Explained, Mode};
use crate::support::reason;

/// A Honda of 2003.
const HONDA: &str = "1HGCM82633A004352";
/// A maker that the tables do not know; the year may be one of two.
const UNKNOWN: &str = "JA932L4R0D0000001";

struct Yard {
    db: Database,
    api: Session,
    owner: UserId,
    seller: UserId,
}

impl Yard {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        Ok(Self {
            api: db.as_role("kardan_api").await?,
            owner: db.person(Role::User).await?,
            seller: db.person(Role::User).await?,
            db,
        })
    }

    async fn add(&self, wish: &GarageAdd) -> anyhow::Result<GarageVehicle> {
        Ok(market::garage_add(&*self.api, wish).await?)
    }

    async fn choose(
        &self,
        car: &GarageVehicle,
        generation: Option<GenerationId>,
        year: Option<i32>,
    ) -> anyhow::Result<GarageVehicle> {
        Ok(market::garage_update(&*self.api, &chosen(self.owner, car, generation, year)).await?)
    }

    async fn candidates(&self, car: i64) -> Result<Vec<GenerationCandidate>, Error> {
        market::garage_generation_list(&*self.api, &candidates(self.owner, car)).await
    }

    async fn found(&self, car: Option<i64>) -> Result<Vec<ListingId>, Error> {
        let rows = market::garage_search(&*self.api, &search(self.owner, car)).await?;
        Ok(rows.iter().map(|row| row.listing_id).collect())
    }

    /// A published listing that fits this generation in these years.
    async fn fitting(
        &self,
        generation: GenerationId,
        years: Option<(i32, i32)>,
    ) -> anyhow::Result<ListingId> {
        let listing = self
            .db
            .listing(self.seller, &ListingFixture::default())
            .await?;
        self.db
            .superuser()
            .await?
            .execute(
                "insert into market_data.listing_fitments (
                     listing_id, generation_id, year_from, year_to, added_by, created_at)
                 values ($1, $2, $3, $4, $5, ops.clock_now())",
                &[
                    &listing,
                    &generation,
                    &years.map(|(from, _)| from),
                    &years.map(|(_, to)| to),
                    &self.seller,
                ],
            )
            .await?;
        Ok(listing)
    }

    /// What the worker is given, as told.
    async fn told(&self) -> anyhow::Result<Vec<ListingId>> {
        let worker = self.db.as_role("kardan_worker").await?;
        let alerts = market::search_alert_take(&*worker, None).await?;
        let ids = alerts.iter().map(|alert| alert.alert_id).collect();
        market::search_alert_told(&*worker, ids).await?;
        Ok(alerts.iter().map(|alert| alert.listing_id).collect())
    }

    async fn saved(&self) -> anyhow::Result<SavedSearch> {
        let rows = market::saved_search_list(&*self.api, self.owner).await?;
        anyhow::ensure!(rows.len() == 1, "{rows:?}");
        Ok(rows[0].clone())
    }
}

fn empty(actor: UserId) -> GarageAdd {
    GarageAdd {
        actor,
        name: None,
        vin: None,
        make: None,
        model: None,
        generation: None,
        engine: None,
        year: None,
        is_default: None,
    }
}

fn by_vin(actor: UserId, vin: &str) -> GarageAdd {
    GarageAdd {
        vin: Some(vin.to_owned()),
        ..empty(actor)
    }
}

/// The vehicle with another generation and year, and without its VIN, which would fill in the year.
fn chosen(
    actor: UserId,
    car: &GarageVehicle,
    generation: Option<GenerationId>,
    year: Option<i32>,
) -> GarageUpdate {
    GarageUpdate {
        actor,
        vehicle: car.vehicle_id,
        version: None,
        name: Some(car.name.clone()),
        vin: None,
        make: car.make_id,
        model: None,
        generation,
        engine: None,
        year,
        is_default: None,
    }
}

fn candidates(actor: UserId, vehicle: i64) -> GarageGenerationList {
    GarageGenerationList {
        actor,
        vehicle,
        limit: Some(100),
        after: None,
    }
}

fn search(actor: UserId, vehicle: Option<i64>) -> GarageSearch {
    GarageSearch {
        actor,
        vehicle,
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
        attributes: None,
        sort: None,
        limit: None,
        after_key: None,
        after_id: None,
    }
}

fn for_car(actor: UserId, vehicle: i64) -> SavedSearchCreate {
    SavedSearchCreate {
        actor,
        name: None,
        frequency: Some(Frequency::AtOnce),
        query: Some("колодки".to_owned()),
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
        vehicle: Some(vehicle),
    }
}

#[tokio::test]
async fn a_car_with_nothing_but_a_vin_is_led_to_its_generation_and_what_fits_it()
-> anyhow::Result<()> {
    let yard = Yard::open().await?;
    let car = yard.add(&by_vin(yard.owner, HONDA)).await?;
    assert_eq!((car.year, car.generation_id), (Some(2003), None));
    let error = yard.found(Some(car.vehicle_id)).await.unwrap_err();
    let fault = error.fault().unwrap();
    assert_eq!(
        (fault.reason, fault.detail.as_deref()),
        (Reason::GarageGenerationRequired, Some("model_id"))
    );

    let offered = yard.candidates(car.vehicle_id).await?;
    assert!(!offered.is_empty());
    for one in &offered {
        assert_eq!(one.make_name, "Honda");
        assert!(
            one.year_from <= 2004 && one.year_to.is_none_or(|last| last >= 2002),
            "{one:?}"
        );
    }
    let accord = offered
        .iter()
        .find(|one| one.model_name == "Accord")
        .unwrap();
    let listing = yard
        .fitting(accord.generation_id, Some((2003, 2003)))
        .await?;
    yard.fitting(accord.generation_id, Some((2005, 2005)))
        .await?;
    yard.fitting(GenerationId(accord.generation_id.0 + 1), None)
        .await?;
    let car = yard
        .choose(&car, Some(accord.generation_id), car.year)
        .await?;
    assert_eq!(car.model_name.as_deref(), Some("Accord"));
    assert_eq!(yard.found(Some(car.vehicle_id)).await?, [listing]);
    // It is the usual one, so it need not be named.
    assert_eq!(yard.found(None).await?, [listing]);
    let filtered = GarageSearch {
        price_max: Some(1),
        ..search(yard.owner, None)
    };
    assert_eq!(market::garage_search(&*yard.api, &filtered).await?, []);
    Ok(())
}

#[tokio::test]
async fn the_refusal_names_what_is_to_be_chosen_first() -> anyhow::Result<()> {
    let yard = Yard::open().await?;
    let (make, model): (MakeId, ModelId) = {
        let row = yard
            .db
            .superuser()
            .await?
            .query_one(
                "select m.make_id, m.id from catalog_data.models as m order by m.id limit 1",
                &[],
            )
            .await?;
        (row.get(0), row.get(1))
    };
    let of_make = GarageAdd {
        make: Some(make),
        ..empty(yard.owner)
    };
    let of_model = GarageAdd {
        model: Some(model),
        ..empty(yard.owner)
    };
    for (wish, missing) in [
        (by_vin(yard.owner, UNKNOWN), "make_id"),
        (of_make, "model_id"),
        (of_model, "generation_id"),
    ] {
        let car = yard.add(&wish).await?;
        let error = yard.found(Some(car.vehicle_id)).await.unwrap_err();
        assert_eq!(error.fault().unwrap().detail.as_deref(), Some(missing));
        let saved =
            market::saved_search_create(&*yard.api, &for_car(yard.owner, car.vehicle_id)).await;
        assert_eq!(reason(saved), Reason::GarageGenerationRequired);
        let offered = yard.candidates(car.vehicle_id).await?;
        assert_eq!(offered.is_empty(), missing == "make_id", "{missing}");
        if missing == "generation_id" {
            assert!(offered.iter().all(|one| one.model_id == model));
        }
    }
    Ok(())
}

#[tokio::test]
async fn candidates_come_in_pages_and_each_once() -> anyhow::Result<()> {
    let yard = Yard::open().await?;
    let car = GarageAdd {
        year: None,
        ..by_vin(yard.owner, HONDA)
    };
    let car = yard.add(&car).await?;
    // Without a year of its own it has those that its VIN leaves possible.
    let car = yard
        .add(&GarageAdd {
            make: car.make_id,
            ..empty(yard.owner)
        })
        .await?;
    let all = yard.candidates(car.vehicle_id).await?;
    assert!(all.len() > 3);
    let mut paged = Vec::new();
    let mut ask = GarageGenerationList {
        limit: Some(2),
        ..candidates(yard.owner, car.vehicle_id)
    };
    loop {
        let page = market::garage_generation_list(&*yard.api, &ask).await?;
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        ask.after = Some(last.generation_id);
        paged.extend(page);
    }
    assert_eq!(paged, all);
    for (limit, expected) in [
        (Some(0), 1),
        (Some(1_000_000), all.len().min(100)),
        (None, 20),
    ] {
        let ask = GarageGenerationList {
            limit,
            ..candidates(yard.owner, car.vehicle_id)
        };
        let page = market::garage_generation_list(&*yard.api, &ask).await?;
        assert_eq!(page.len(), expected.min(all.len()));
    }
    Ok(())
}

#[tokio::test]
async fn somebody_elses_vehicle_is_not_there() -> anyhow::Result<()> {
    let yard = Yard::open().await?;
    let car = yard.add(&by_vin(yard.owner, HONDA)).await?;
    let stranger = yard.db.person(Role::Admin).await?;
    let answer =
        market::garage_generation_list(&*yard.api, &candidates(stranger, car.vehicle_id)).await;
    assert_eq!(reason(answer), Reason::GarageVehicleUnknown);
    for vehicle in [Some(car.vehicle_id), None] {
        let answer = market::garage_search(&*yard.api, &search(stranger, vehicle)).await;
        assert_eq!(reason(answer), Reason::GarageVehicleUnknown);
    }
    let saved = market::saved_search_create(&*yard.api, &for_car(stranger, car.vehicle_id)).await;
    assert_eq!(reason(saved), Reason::GarageVehicleUnknown);
    let nobody = market::garage_search(&*yard.api, &search(UserId(-1), None)).await;
    assert_eq!(reason(nobody), Reason::ActorUnknown);
    Ok(())
}

#[tokio::test]
async fn a_saved_search_follows_the_car_and_tells_what_fits_it() -> anyhow::Result<()> {
    let yard = Yard::open().await?;
    let car = yard.add(&by_vin(yard.owner, HONDA)).await?;
    let offered = yard.candidates(car.vehicle_id).await?;
    let (first, second) = (offered[0].generation_id, offered[1].generation_id);
    let car = yard.choose(&car, Some(first), car.year).await?;
    let saved =
        market::saved_search_create(&*yard.api, &for_car(yard.owner, car.vehicle_id)).await?;
    assert_eq!(
        (saved.vehicle_id, saved.generation_id, saved.year),
        (Some(car.vehicle_id), Some(first), Some(2003))
    );
    let again =
        market::saved_search_create(&*yard.api, &for_car(yard.owner, car.vehicle_id)).await?;
    assert_eq!(again, saved);
    let fits = yard.fitting(first, None).await?;
    let other = yard.fitting(second, None).await?;
    assert_eq!(yard.told().await?, [fits]);

    // The other generation it was: what comes from now on is told, what was there is not.
    let car = yard.choose(&car, Some(second), None).await?;
    let follows = yard.saved().await?;
    assert_eq!(
        (follows.generation_id, follows.year, follows.vehicle_id),
        (Some(second), None, Some(car.vehicle_id))
    );
    assert_eq!(yard.told().await?, []);
    let new = yard.fitting(second, None).await?;
    yard.fitting(first, None).await?;
    assert_eq!(yard.told().await?, [new]);
    assert_eq!(yard.found(None).await?, [new, other]);

    // A name is no reason to begin anew, and without a generation the search stays as it was.
    let car = yard.choose(&car, Some(second), None).await?;
    let bare = yard.choose(&car, None, None).await?;
    assert_eq!(bare.generation_id, None);
    assert_eq!(yard.saved().await?, follows);
    market::garage_remove(&*yard.api, yard.owner, car.vehicle_id).await?;
    let left = yard.saved().await?;
    assert_eq!((left.generation_id, left.vehicle_id), (Some(second), None));
    let last = yard.fitting(second, None).await?;
    assert_eq!(yard.told().await?, [last]);
    Ok(())
}

#[tokio::test]
async fn a_vehicle_stands_instead_of_generation_and_year() -> anyhow::Result<()> {
    let yard = Yard::open().await?;
    let car = yard.add(&by_vin(yard.owner, HONDA)).await?;
    for wish in [
        SavedSearchCreate {
            generation: Some(GenerationId(1)),
            ..for_car(yard.owner, car.vehicle_id)
        },
        SavedSearchCreate {
            year: Some(2003),
            ..for_car(yard.owner, car.vehicle_id)
        },
    ] {
        let answer = market::saved_search_create(&*yard.api, &wish).await;
        assert_eq!(reason(answer), Reason::SearchVehicleAlone);
    }
    Ok(())
}

#[tokio::test]
async fn a_search_that_is_saved_while_its_car_changes_asks_for_the_new_one() -> anyhow::Result<()> {
    let yard = Yard::open().await?;
    let car = yard.add(&by_vin(yard.owner, HONDA)).await?;
    let offered = yard.candidates(car.vehicle_id).await?;
    let car = yard
        .choose(&car, Some(offered[0].generation_id), None)
        .await?;
    let mut first = yard.db.as_role("kardan_api").await?;
    let changing = first.transaction().await?;
    let change = chosen(yard.owner, &car, Some(offered[1].generation_id), None);
    market::garage_update(&changing, &change).await?;
    let second = yard.db.as_role("kardan_api").await?;
    let waiting = backend(&second).await?;
    let wish = for_car(yard.owner, car.vehicle_id);
    let saving = tokio::spawn(async move { market::saved_search_create(&*second, &wish).await });
    until_blocked(&yard.db, waiting).await?;
    changing.commit().await?;
    assert_eq!(saving.await??.generation_id, Some(offered[1].generation_id));
    Ok(())
}

#[tokio::test]
async fn searches_that_follow_a_car_are_found_by_index_among_many() -> anyhow::Result<()> {
    let yard = Yard::open().await?;
    let car = yard.add(&by_vin(yard.owner, HONDA)).await?;
    let offered = yard.candidates(car.vehicle_id).await?;
    let car = yard
        .choose(&car, Some(offered[0].generation_id), None)
        .await?;
    market::saved_search_create(&*yard.api, &for_car(yard.owner, car.vehicle_id)).await?;
    yard.db
        .superuser()
        .await?
        .batch_execute(
            "insert into market_data.saved_searches (user_id, name, filters, frequency, terms, anchors, since_at,
                 created_at, updated_at)
             select s.user_id, 'n', s.filters, s.frequency, s.terms, s.anchors, s.since_at, s.created_at, s.updated_at
             from market_data.saved_searches as s, generate_series(1, 20000);
             analyze market_data.saved_searches",
        )
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let call = format!("select market.saved_searches_follow({})", car.vehicle_id);
        let plan = Explained::run(&yard.db, mode, &call).await?;
        plan.assert_index("saved_searches_vehicle_id_idx");
        plan.assert_no_full_scan("saved_searches");
    }
    Ok(())
}
