//! Saved vehicles: adding, changing, listing, taking out.

use kardan_schema::market::{self, GarageAdd, GarageUpdate, GarageVehicle};
use kardan_schema::{Error, GenerationId, MakeId, ModelId, Reason, Role, UserId};
use kardan_testdb::{Database, Session};

use crate::locks::{backend, until_blocked};
use crate::plans::{Explained, Mode};
use crate::support::reason;

const LADA: &str = "XTA210990Y2766389";
const HONDA: &str = "1HGCM82633A004352";

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

/// The same vehicle as a change that keeps everything.
fn same(actor: UserId, row: &GarageVehicle) -> GarageUpdate {
    GarageUpdate {
        actor,
        vehicle: row.vehicle_id,
        version: Some(row.version),
        name: Some(row.name.clone()),
        vin: row.vin.clone(),
        make: row.make_id,
        model: row.model_id,
        generation: row.generation_id,
        engine: row.engine_id,
        year: row.year,
        is_default: None,
    }
}

/// A database with a person in it.
struct Garage {
    db: Database,
    api: Session,
    owner: UserId,
}

impl Garage {
    async fn open() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        Ok(Self {
            api: db.as_role("kardan_api").await?,
            owner: db.person(Role::User).await?,
            db,
        })
    }

    async fn add(&self, wish: &GarageAdd) -> Result<GarageVehicle, Error> {
        market::garage_add(&*self.api, wish).await
    }

    async fn list(&self) -> anyhow::Result<Vec<GarageVehicle>> {
        Ok(market::garage_list(&*self.api, self.owner).await?)
    }

    /// A generation that is no longer made, with its model, make and years.
    async fn generation(&self) -> anyhow::Result<(GenerationId, ModelId, MakeId, i32, i32)> {
        let row = self
            .db
            .superuser()
            .await?
            .query_one(
                "select g.id, m.id, m.make_id, g.year_from::integer, g.year_to::integer
                 from catalog_data.generations as g
                 join catalog_data.models as m on m.id = g.model_id
                 where g.year_to is not null order by g.id limit 1",
                &[],
            )
            .await?;
        Ok((row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)))
    }
}

#[tokio::test]
async fn a_vin_fills_in_make_and_year_and_what_is_chosen_stands_before_it() -> anyhow::Result<()> {
    let garage = Garage::open().await?;
    let lada = garage
        .add(&by_vin(garage.owner, "xta 210990-Y2766389"))
        .await?;
    assert_eq!(
        (lada.vin.as_deref(), lada.make_name.as_deref(), lada.year),
        (Some(LADA), Some("Lada"), Some(2000))
    );
    assert_eq!((lada.name.as_str(), lada.is_default), ("Lada", true));
    let (generation, model, make, from, _) = garage.generation().await?;
    let chosen = GarageAdd {
        name: Some("  Моя  ".to_owned()),
        generation: Some(generation),
        year: Some(from),
        ..by_vin(garage.owner, HONDA)
    };
    let chosen = garage.add(&chosen).await?;
    assert_eq!(
        (chosen.generation_id, chosen.model_id, chosen.make_id),
        (Some(generation), Some(model), Some(make))
    );
    assert_eq!((chosen.name.as_str(), chosen.year), ("Моя", Some(from)));
    assert!(!chosen.is_default);
    // A year that could be one of two is nobody's to fill in, and an unknown maker has no name.
    let two = garage
        .add(&by_vin(garage.owner, "XTA21099BA2766389"))
        .await?;
    assert_eq!(two.year, None);
    let unknown = garage
        .add(&by_vin(garage.owner, "A9900000000000000"))
        .await?;
    assert_eq!(
        (unknown.make_id, unknown.name.as_str()),
        (None, "VIN …0000")
    );
    Ok(())
}

#[tokio::test]
async fn impossible_vehicles_are_refused() -> anyhow::Result<()> {
    let garage = Garage::open().await?;
    let (generation, model, make, from, to) = garage.generation().await?;
    let any = empty(garage.owner);
    let of = GarageAdd {
        generation: Some(generation),
        ..any.clone()
    };
    let engine: i64 = garage
        .db
        .superuser()
        .await?
        .query_one(
            "select e.id from catalog_data.engines as e where e.make_id <> $1 limit 1",
            &[&make],
        )
        .await?
        .get(0);
    for (expected, wish) in [
        (Reason::GarageVehicleDescribed, any.clone()),
        (Reason::GarageVehicleDescribed, by_vin(garage.owner, " ")),
        (Reason::VinLength, by_vin(garage.owner, "XTA")),
        (
            Reason::VinCheckDigit,
            by_vin(garage.owner, "1HGCM82643A004352"),
        ),
        (
            Reason::MakeUnknown,
            GarageAdd {
                make: Some(MakeId(-1)),
                ..any.clone()
            },
        ),
        (
            Reason::ModelUnknown,
            GarageAdd {
                model: Some(ModelId(-1)),
                ..any.clone()
            },
        ),
        (
            Reason::GenerationUnknown,
            GarageAdd {
                generation: Some(GenerationId(-1)),
                ..any.clone()
            },
        ),
        (
            Reason::EngineUnknown,
            GarageAdd {
                engine: Some(-1),
                ..any.clone()
            },
        ),
        (
            Reason::VehicleMismatch,
            GarageAdd {
                make: Some(MakeId(make.0 + 1)),
                ..of.clone()
            },
        ),
        (
            Reason::VehicleMismatch,
            GarageAdd {
                model: Some(ModelId(model.0 + 1)),
                ..of.clone()
            },
        ),
        (
            Reason::VehicleMismatch,
            GarageAdd {
                engine: Some(engine),
                ..of.clone()
            },
        ),
        (
            Reason::VehicleYearOutsideGeneration,
            GarageAdd {
                year: Some(from - 2),
                ..of.clone()
            },
        ),
        (
            Reason::VehicleYearOutsideGeneration,
            GarageAdd {
                year: Some(to + 2),
                ..of.clone()
            },
        ),
        (
            Reason::GarageYearPossible,
            GarageAdd {
                make: Some(make),
                year: Some(2100),
                ..any.clone()
            },
        ),
        (
            Reason::GarageNameLength,
            GarageAdd {
                name: Some("я".repeat(61)),
                ..of.clone()
            },
        ),
    ] {
        assert_eq!(reason(garage.add(&wish).await), expected, "{wish:?}");
    }
    // A model year may be one off the years of making.
    for year in [from - 1, to + 1] {
        let wish = GarageAdd {
            year: Some(year),
            ..of.clone()
        };
        assert_eq!(garage.add(&wish).await?.year, Some(year));
    }
    Ok(())
}

#[tokio::test]
async fn a_garage_holds_twenty_and_a_vin_once() -> anyhow::Result<()> {
    let garage = Garage::open().await?;
    garage.add(&by_vin(garage.owner, LADA)).await?;
    assert_eq!(
        reason(
            garage
                .add(&by_vin(garage.owner, "ХТА 210990 Y2766389"))
                .await
        ),
        Reason::GarageVinTaken
    );
    let (_, _, make, ..) = garage.generation().await?;
    let plain = GarageAdd {
        make: Some(make),
        ..empty(garage.owner)
    };
    for _ in 1..20 {
        garage.add(&plain).await?;
    }
    assert_eq!(reason(garage.add(&plain).await), Reason::GarageFull);
    let listed = garage.list().await?;
    assert_eq!(listed.len(), 20);
    assert_eq!(listed.iter().filter(|one| one.is_default).count(), 1);
    // What is taken out leaves room; another person's garage is another.
    market::garage_remove(&*garage.api, garage.owner, listed[7].vehicle_id).await?;
    garage.add(&plain).await?;
    let other = garage.db.person(Role::User).await?;
    garage.add(&by_vin(other, LADA)).await?;
    Ok(())
}

#[tokio::test]
async fn one_vehicle_is_the_usual_one_whatever_happens() -> anyhow::Result<()> {
    let garage = Garage::open().await?;
    garage.add(&by_vin(garage.owner, LADA)).await?;
    let wish = GarageAdd {
        is_default: Some(true),
        ..by_vin(garage.owner, HONDA)
    };
    let second = garage.add(&wish).await?;
    assert!(second.is_default);
    assert_eq!(garage.list().await?[0].vehicle_id, second.vehicle_id);

    let first = &garage.list().await?[1];
    let change = GarageUpdate {
        is_default: Some(true),
        ..same(garage.owner, first)
    };
    let first = market::garage_update(&*garage.api, &change).await?;
    assert!(first.is_default);
    // Saying no to the usual one leaves it so: there must be one.
    let change = GarageUpdate {
        is_default: Some(false),
        ..same(garage.owner, &first)
    };
    assert!(
        market::garage_update(&*garage.api, &change)
            .await?
            .is_default
    );

    let left = market::garage_remove(&*garage.api, garage.owner, first.vehicle_id).await?;
    assert_eq!(left.default_vehicle_id, Some(second.vehicle_id));
    let left = market::garage_remove(&*garage.api, garage.owner, second.vehicle_id).await?;
    assert_eq!(left.default_vehicle_id, None);
    assert!(garage.list().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_change_describes_the_vehicle_as_a_whole_on_the_version_that_was_read()
-> anyhow::Result<()> {
    let garage = Garage::open().await?;
    let row = garage.add(&by_vin(garage.owner, LADA)).await?;
    let stale = GarageUpdate {
        version: Some(row.version + 1),
        ..same(garage.owner, &row)
    };
    assert_eq!(
        reason(market::garage_update(&*garage.api, &stale).await),
        Reason::VersionStale
    );
    let bare = GarageUpdate {
        name: None,
        vin: None,
        year: None,
        ..same(garage.owner, &row)
    };
    let bare = market::garage_update(&*garage.api, &bare).await?;
    assert_eq!(
        (bare.vin, bare.year, bare.name.as_str(), bare.version),
        (None, None, "Lada", row.version + 1)
    );
    garage.add(&by_vin(garage.owner, HONDA)).await?;
    let taken = GarageUpdate {
        version: None,
        vin: Some(HONDA.to_owned()),
        ..same(garage.owner, &row)
    };
    assert_eq!(
        reason(market::garage_update(&*garage.api, &taken).await),
        Reason::GarageVinTaken
    );
    Ok(())
}

#[tokio::test]
async fn somebody_elses_vehicle_is_not_there_for_anybody() -> anyhow::Result<()> {
    let garage = Garage::open().await?;
    let row = garage.add(&by_vin(garage.owner, LADA)).await?;
    for role in Role::ALL {
        let stranger = garage.db.person(*role).await?;
        let change = same(stranger, &row);
        assert_eq!(
            reason(market::garage_update(&*garage.api, &change).await),
            Reason::GarageVehicleUnknown
        );
        assert_eq!(
            reason(market::garage_remove(&*garage.api, stranger, row.vehicle_id).await),
            Reason::GarageVehicleUnknown
        );
        assert!(
            market::garage_list(&*garage.api, stranger)
                .await?
                .is_empty()
        );
    }
    market::garage_remove(&*garage.api, garage.owner, row.vehicle_id).await?;
    assert_eq!(
        reason(market::garage_remove(&*garage.api, garage.owner, row.vehicle_id).await),
        Reason::GarageVehicleUnknown
    );
    Ok(())
}

#[tokio::test]
async fn two_first_vehicles_at_once_get_two_places_and_one_is_the_usual_one() -> anyhow::Result<()>
{
    for (wanted, is_same) in [(None, false), (Some(true), false), (None, true)] {
        let garage = Garage::open().await?;
        let mut first = garage.db.as_role("kardan_api").await?;
        let second = garage.db.as_role("kardan_api").await?;
        let waiting = backend(&second).await?;
        let tx = first.transaction().await?;
        market::garage_add(&tx, &by_vin(garage.owner, LADA)).await?;
        let wish = GarageAdd {
            is_default: wanted,
            ..by_vin(garage.owner, if is_same { LADA } else { HONDA })
        };
        let other = tokio::spawn(async move { market::garage_add(&*second, &wish).await });
        until_blocked(&garage.db, waiting).await?;
        tx.commit().await?;
        let other = other.await?;
        if is_same {
            assert_eq!(reason(other), Reason::GarageVinTaken);
            continue;
        }
        assert_eq!(other?.is_default, wanted.is_some());
        let listed = garage.list().await?;
        assert_eq!(listed.len(), 2);
        assert_eq!(listed.iter().filter(|one| one.is_default).count(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn no_refusal_says_the_vin() -> anyhow::Result<()> {
    let garage = Garage::open().await?;
    garage.add(&by_vin(garage.owner, LADA)).await?;
    let long = GarageAdd {
        name: Some("я".repeat(61)),
        ..by_vin(garage.owner, HONDA)
    };
    for wish in [
        by_vin(garage.owner, LADA),
        by_vin(garage.owner, "1HGCM82643A004352"),
        by_vin(garage.owner, "XTA210990Y276638"),
        long,
    ] {
        let error = garage
            .api
            .query(
                "select from market.garage_add($1, $2, $3, null, null, null, null, null, null)",
                &[&wish.actor, &wish.name, &wish.vin],
            )
            .await
            .unwrap_err();
        let db = error.as_db_error().unwrap();
        let said = format!(
            "{} {:?} {:?} {:?}",
            db.message(),
            db.detail(),
            db.hint(),
            db.where_()
        );
        assert!(
            !said.contains("2766389") && !said.contains("276638"),
            "{said}"
        );
        assert!(!said.contains("HGCM"), "{said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_garage_is_read_by_index_among_many() -> anyhow::Result<()> {
    let garage = Garage::open().await?;
    let made = garage.add(&by_vin(garage.owner, LADA)).await?;
    garage
        .db
        .superuser()
        .await?
        .batch_execute(
            "insert into people_data.users (role, display_name, language, created_at, updated_at)
             select 'user', 'n', 'en', ops.clock_now(), ops.clock_now() from generate_series(1, 10000);
             insert into market_data.garage_vehicles (
                 user_id, slot, name, make_id, is_default, created_at, updated_at)
             select u.id, s, 'n', 1, s = 1, ops.clock_now(), ops.clock_now()
             from people_data.users as u cross join generate_series(1, 2) as s where u.display_name = 'n';
             analyze market_data.garage_vehicles",
        )
        .await?;
    let owner = garage.owner;
    for mode in [Mode::Custom, Mode::Generic] {
        for call in [
            format!("select from market.garage_list({owner})"),
            format!("select from market.garage_lock({owner})"),
            format!("select from market.garage_room_require({owner}, null, '{HONDA}')"),
            format!(
                "select from market.garage_vehicle_require({owner}, {})",
                made.vehicle_id
            ),
        ] {
            let plan = Explained::run(&garage.db, mode, &call).await?;
            plan.assert_no_full_scan("garage_vehicles");
        }
    }
    Ok(())
}
