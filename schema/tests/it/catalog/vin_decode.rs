//! What a VIN tells.

use kardan_schema::catalog::{self, VinHint};
use kardan_schema::{Db, Error, Reason};
use kardan_testdb::Database;

use super::make;
use crate::support::reason;

/// The values of a field with how sure they are and why.
fn of<'a>(hints: &'a [VinHint], field: &str) -> Vec<(Option<&'a str>, &'a str, &'a str)> {
    hints
        .iter()
        .filter(|hint| hint.field == field)
        .map(|hint| {
            (
                hint.value.as_deref(),
                hint.certainty.as_str(),
                hint.reason.as_str(),
            )
        })
        .collect()
}

/// The model years of a VIN, the latest first.
async fn years(db: &impl Db, vin: &str) -> anyhow::Result<Vec<String>> {
    let hints = catalog::vin_decode(db, vin).await?;
    Ok(hints
        .into_iter()
        .filter(|hint| hint.field == "model_year")
        .filter_map(|hint| hint.value)
        .collect())
}

/// Puts the check digit into its place.
async fn sealed(db: &Database, vin: &str) -> anyhow::Result<String> {
    let digit: String = db
        .superuser()
        .await?
        .query_one("select catalog.vin_check_digit($1)", &[&vin])
        .await?
        .get(0);
    Ok(format!("{}{digit}{}", &vin[..8], &vin[9..]))
}

/// What was refused and where.
fn refused(answer: Result<Vec<VinHint>, Error>) -> (Reason, String) {
    let error = answer.unwrap_err();
    let fault = error.fault().unwrap().clone();
    assert_eq!(fault.field.as_deref(), Some("vin"));
    (fault.reason, fault.detail.unwrap())
}

#[tokio::test]
async fn the_published_examples_are_read() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    // A coach: the rule of position 7 is for cars and light trucks.
    let hints = catalog::vin_decode(&*api, "1M8GDM9AXKP042788").await?;
    assert_eq!(
        of(&hints, "country"),
        [(Some("US"), "high", "country_by_prefix")]
    );
    assert_eq!(
        of(&hints, "region"),
        [(Some("north_america"), "high", "region_by_prefix")]
    );
    assert_eq!(
        of(&hints, "maker"),
        [(Some("Motor Coach Industries"), "high", "maker_by_prefix")]
    );
    assert_eq!(
        of(&hints, "check_digit"),
        [(Some("holds"), "high", "check_digit_holds")]
    );
    assert_eq!(
        of(&hints, "model_year"),
        [
            (Some("2019"), "low", "year_one_of_two"),
            (Some("1989"), "low", "year_one_of_two")
        ]
    );
    let ones = catalog::vin_decode(&*api, &"1".repeat(17)).await?;
    assert_eq!(of(&ones, "maker"), [(None, "low", "maker_unknown")]);
    assert_eq!(
        of(&ones, "model_year"),
        [(Some("2001"), "high", "year_by_position_10")]
    );
    // A Honda Accord of 2003 and a Tesla of 2013.
    assert_eq!(years(&*api, "1HGCM82633A004352").await?, ["2003"]);
    assert_eq!(years(&*api, "5YJSA1DG9DFP14705").await?, ["2013"]);
    for hint in ones.iter().chain(&hints) {
        assert!(hint.reason_en.ends_with('.') && hint.reason_ru.ends_with('.'));
        assert_ne!(hint.reason_en, hint.reason_ru);
    }
    Ok(())
}

#[tokio::test]
async fn a_vin_is_read_however_it_is_written() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let bot = db.as_role("kardan_bot").await?;
    for vin in [
        "1hgcm82633a004352",
        " 1HGCM8 2633-A004352\n",
        "*1HGCM82633A004352*",
        "1НGСМ82633А004352",
        "1нgсм82633а004352",
        "1HGCM82633\u{a0}A\u{2013}00\u{200b}4352",
    ] {
        let hints = catalog::vin_decode(&*bot, vin).await?;
        assert_eq!(hints[0].vin, "1HGCM82633A004352", "{vin:?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_a_vin_is_refused_with_its_place() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for (vin, expected, place) in [
        ("", Reason::VinLength, "0 characters"),
        ("1HGCM82633A00435", Reason::VinLength, "16 characters"),
        ("1HGCM82633A0043522", Reason::VinLength, "18 characters"),
        ("1HGCM82633A00435O", Reason::VinCharacter, "position 17"),
        ("IHGCM82633A004352", Reason::VinCharacter, "position 1"),
        ("1HGCM8Q633A004352", Reason::VinCharacter, "position 7"),
        // The Cyrillic О looks like the Latin one, and neither is allowed.
        ("1HGCM82633A0О4352", Reason::VinCharacter, "position 13"),
        ("1HGCM82633Ж004352", Reason::VinCharacter, "position 11"),
        ("1HGCM8!633A004352", Reason::VinCharacter, "position 7"),
        ("1HGCM82643A004352", Reason::VinCheckDigit, "position 9"),
        // Two neighbours changed places.
        ("1HGCM82633A003452", Reason::VinCheckDigit, "position 9"),
        // China checks too, and so does Mexico.
        ("LVVDB11B0ED000001", Reason::VinCheckDigit, "position 9"),
        ("3VWFE21C14M000002", Reason::VinCheckDigit, "position 9"),
    ] {
        let answer = catalog::vin_decode(&*api, vin).await;
        assert_eq!(refused(answer), (expected, place.to_owned()), "{vin}");
    }
    assert_eq!(
        reason(catalog::vin_decode(&*api, &"9".repeat(100_000)).await),
        Reason::VinLength
    );
    Ok(())
}

#[tokio::test]
async fn a_check_digit_is_asked_only_where_the_law_asks_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    // None of these agrees with its ninth character.
    for (vin, country) in [
        ("XTA210990Y2766389", "RU"),
        ("WVWZZZ1KZ6W000001", "DE"),
        ("JHMCM56557C404453", "JP"),
        ("KMHDH41EBDU000001", "KR"),
        ("VF1BB05CF24567890", "FR"),
    ] {
        let hints = catalog::vin_decode(&*api, vin).await?;
        assert_eq!(
            of(&hints, "country"),
            [(Some(country), "high", "country_by_prefix")]
        );
        assert_eq!(
            of(&hints, "check_digit"),
            [(Some("not_used"), "high", "check_digit_not_used")]
        );
    }
    let chinese = sealed(&db, "LVVDB11B0ED000001").await?;
    let hints = catalog::vin_decode(&*api, &chinese).await?;
    assert_eq!(
        of(&hints, "check_digit"),
        [(Some("holds"), "high", "check_digit_holds")]
    );
    Ok(())
}

#[tokio::test]
async fn every_value_of_a_check_digit_is_computed() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let mut seen = std::collections::BTreeSet::new();
    for serial in 0..60 {
        let vin = sealed(&db, &format!("1FAFP404_1F{serial:06}").replace('_', "0")).await?;
        seen.insert(vin[8..9].to_owned());
        // The computed one passes, and every other is refused.
        assert_eq!(years(&*api, &vin).await?, ["2001"]);
        let other = if &vin[8..9] == "X" { "0" } else { "X" };
        let wrong = format!("{}{other}{}", &vin[..8], &vin[9..]);
        assert_eq!(
            reason(catalog::vin_decode(&*api, &wrong).await),
            Reason::VinCheckDigit
        );
    }
    assert_eq!(seen.into_iter().collect::<String>(), "0123456789X");
    Ok(())
}

#[tokio::test]
async fn of_american_cars_position_7_decides_the_thirty_years() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for (vin, expected, why) in [
        ("1FA0004A0A0000001", "1980", "year_by_position_7"),
        ("1FA000BA0A0000001", "2010", "year_by_position_7"),
        ("1FA000BA0F0000001", "2015", "year_by_position_7"),
        ("1FA0004A0F0000001", "1985", "year_by_position_7"),
        ("1FA0004A050000001", "2005", "year_by_position_7"),
        // Whose second turn would be 2033 and is not yet possible, whatever position 7 says.
        ("1FA000BA030000001", "2003", "year_by_position_10"),
    ] {
        let vin = sealed(&db, vin).await?;
        let hints = catalog::vin_decode(&*api, &vin).await?;
        assert_eq!(of(&hints, "model_year"), [(Some(expected), "high", why)]);
    }
    // Elsewhere position 7 says nothing, and both are possible.
    let hints = catalog::vin_decode(&*api, "XTA21099BA2766389").await?;
    let both = of(&hints, "model_year");
    assert_eq!(
        both,
        [
            (Some("2010"), "low", "year_one_of_two"),
            (Some("1980"), "low", "year_one_of_two")
        ]
    );
    assert_eq!(years(&*api, "XTA21099052766389").await?, ["2005"]);
    Ok(())
}

#[tokio::test]
async fn a_model_year_lies_at_most_one_year_ahead() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let admin = db.superuser().await?;
    for (moment, expected) in [
        ("2016-12-31 23:59:59+00", vec!["1987"]),
        ("2017-01-01 00:00:00+00", vec!["1987"]),
        ("2015-06-01 00:00:00+00", vec!["1987"]),
    ] {
        let shift: String = admin
            .query_one(
                "select (($1::text)::timestamptz - transaction_timestamp())::text",
                &[&moment],
            )
            .await?
            .get(0);
        db.shift_clock(&shift).await?;
        let api = db.as_role("kardan_api").await?;
        // H is 1987 and 2017.
        let found = years(&*api, "XTA210990H2766389").await?;
        let expected = if moment < "2016" {
            expected
        } else {
            vec!["2017", "1987"]
        };
        assert_eq!(found, expected, "{moment}");
    }
    Ok(())
}

#[tokio::test]
async fn a_character_that_is_no_year_and_a_maker_that_writes_none_say_so() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for letter in ["0", "U", "Z"] {
        let vin = format!("XTA210990{letter}2766389");
        let hints = catalog::vin_decode(&*api, &vin).await?;
        assert_eq!(
            of(&hints, "model_year"),
            [(None, "low", "year_not_coded")],
            "{vin}"
        );
    }
    let hints = catalog::vin_decode(&*api, "VF1BB05CF24567890").await?;
    assert_eq!(
        of(&hints, "model_year"),
        [(Some("2002"), "low", "year_rarely_coded")]
    );
    Ok(())
}

#[tokio::test]
async fn a_small_maker_is_told_by_its_serial_and_a_make_is_linked() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let hints = catalog::vin_decode(&*api, "YT9ST1G90FA007015").await?;
    assert_eq!(
        of(&hints, "maker"),
        [(Some("Koenigsegg"), "high", "maker_by_prefix_and_serial")]
    );
    assert!(of(&hints, "make").is_empty());
    let hints = catalog::vin_decode(&*api, "YT9ST1G90FA008015").await?;
    assert_eq!(of(&hints, "maker"), [(None, "low", "maker_unknown")]);

    let hints = catalog::vin_decode(&*api, "XTA210990Y2766389").await?;
    let linked = hints.iter().find(|hint| hint.field == "make").unwrap();
    assert_eq!(linked.value.as_deref(), Some("Lada"));
    assert_eq!(linked.make_id, Some(make(&*api, "lada").await?));
    let none = catalog::vin_decode(&*api, "A9900000000000000").await?;
    assert_eq!(of(&none, "country"), [(None, "low", "country_unassigned")]);
    assert_eq!(
        of(&none, "region"),
        [(Some("africa"), "high", "region_by_prefix")]
    );
    Ok(())
}

#[tokio::test]
async fn the_starting_makers_are_many_and_their_countries_do_not_overlap() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let row = db
        .superuser()
        .await?
        .query_one(
            "select
                 (select count(*) from catalog_data.vin_makers),
                 (select count(distinct m.make_id) from catalog_data.vin_makers as m),
                 (select count(*) from catalog_data.makes),
                 (select count(*) from catalog_data.vin_makers as m
                  where (select o.country from catalog.vin_origin(m.wmi || 'AAAAAAAA' || coalesce(nullif(m.suffix, ''), 'AAA') || 'AAA') as o) is null),
                 (select count(*)
                  from catalog_data.vin_countries as a
                  join catalog_data.vin_countries as b on b.first_char = a.first_char and b.second_from <> a.second_from
                  where position(b.second_from in 'ABCDEFGHJKLMNPRSTUVWXYZ1234567890')
                      between position(a.second_from in 'ABCDEFGHJKLMNPRSTUVWXYZ1234567890')
                      and position(a.second_to in 'ABCDEFGHJKLMNPRSTUVWXYZ1234567890'))",
            &[],
        )
        .await?;
    let (makers, linked, makes, homeless, overlaps): (i64, i64, i64, i64, i64) =
        (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
    assert!(makers >= 300, "{makers}");
    assert!(linked * 10 >= makes * 8, "{linked} of {makes}");
    assert_eq!((homeless, overlaps), (0, 0));
    Ok(())
}
