//! Finding a town.

use kardan_schema::catalog;
use kardan_testdb::{Database, Session};

async fn found(session: &Session, query: &str) -> anyhow::Result<Vec<String>> {
    let places = catalog::place_list(&**session, Some(query), Some(5)).await?;
    Ok(places.into_iter().map(|place| place.name_ru).collect())
}

#[tokio::test]
async fn without_a_query_the_largest_towns_come_first() -> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        for query in [None, Some(""), Some(" %_-! ")] {
            let places = catalog::place_list(&*session, query, Some(3)).await?;
            let names: Vec<_> = places.iter().map(|place| place.name_en.as_str()).collect();
            assert_eq!(names, ["Moscow", "Saint Petersburg", "Tashkent"]);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_town_is_found_by_the_beginning_of_any_word_in_both_languages() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for (query, name) in [
        ("моск", "Москва"),
        ("MOSC", "Москва"),
        ("петерб", "Санкт-Петербург"),
        ("новгород", "Нижний Новгород"),
        ("ростов на", "Ростов-на-Дону"),
        ("ОРЕЛ", "Орёл"),
        ("орёл", "Орёл"),
    ] {
        assert_eq!(
            found(&api, query).await?.first().map(String::as_str),
            Some(name),
            "{query}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_mistyped_name_is_forgiven_and_nonsense_finds_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for (query, name) in [
        ("екатеренбург", "Екатеринбург"),
        ("novosibrsk", "Новосибирск"),
    ] {
        assert_eq!(
            found(&api, query).await?.first().map(String::as_str),
            Some(name),
            "{query}"
        );
    }
    assert_eq!(found(&api, "qxzwvq").await?, [""; 0]);
    assert_eq!(found(&api, &"щ".repeat(10_000)).await?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn a_list_has_twenty_towns_unless_asked_and_never_more_than_a_hundred() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for (limit, expected) in [
        (None, 20),
        (Some(0), 1),
        (Some(-1), 1),
        (Some(100_000), 100),
    ] {
        let places = catalog::place_list(&*api, None, limit).await?;
        assert_eq!(places.len(), expected, "{limit:?}");
    }
    Ok(())
}
