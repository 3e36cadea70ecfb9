//! Adding a brand.

use kardan_schema::catalog::{self, BrandCreate};
use kardan_schema::people::{self, UserBlock};
use kardan_schema::{BrandKind, Reason, Role, UserId};
use kardan_testdb::Database;

use super::{acts, words};
use crate::locks::{backend, until_blocked};
use crate::support::reason;

fn zubr(actor: UserId) -> BrandCreate {
    BrandCreate {
        actor,
        slug: "zubr-parts".to_owned(),
        name: "Zubr Parts".to_owned(),
        country: Some("BY".to_owned()),
        kind: BrandKind::Part,
        synonyms: words(&["Зубр", "Zubr", "ЗУБР!"]),
    }
}

#[tokio::test]
async fn a_moderator_adds_a_brand_and_it_is_found_by_every_spelling() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        let made = catalog::brand_create(&*session, &zubr(moderator)).await?;
        assert_eq!(made.created, role == "kardan_api");
        for query in ["zubr parts", "зубр", "zubr"] {
            let found = catalog::brand_search(&*session, Some(query), Some(1)).await?;
            assert_eq!(found[0].brand_id, made.brand_id, "{query}");
            assert_eq!(found[0].country.as_deref(), Some("BY"));
            assert_eq!(found[0].kind, BrandKind::Part);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_repeat_gives_the_brand_that_is_there_and_adds_what_spellings_are_new()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let made = catalog::brand_create(&*api, &zubr(moderator)).await?;
    let again = catalog::brand_create(&*api, &zubr(moderator)).await?;
    assert_eq!((again.brand_id, again.created), (made.brand_id, false));
    assert_eq!(acts(&db, "brand.create").await?, 1);
    let more = BrandCreate {
        synonyms: words(&["Bison"]),
        ..zubr(moderator)
    };
    let again = catalog::brand_create(&*api, &more).await?;
    assert_eq!((again.brand_id, again.created), (made.brand_id, false));
    let found = catalog::brand_search(&*api, Some("bison"), Some(1)).await?;
    assert_eq!(found[0].brand_id, made.brand_id);
    assert_eq!(acts(&db, "brand.create").await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_slug_and_a_spelling_belong_to_one_brand() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    catalog::brand_create(&*api, &zubr(moderator)).await?;
    let namesake = BrandCreate {
        name: "Zubr Tools".to_owned(),
        ..zubr(moderator)
    };
    assert_eq!(
        reason(catalog::brand_create(&*api, &namesake).await),
        Reason::BrandSlugTaken
    );
    let thief = BrandCreate {
        slug: "other".to_owned(),
        name: "Other".to_owned(),
        ..zubr(moderator)
    };
    assert_eq!(
        reason(catalog::brand_create(&*api, &thief).await),
        Reason::BrandSynonymTaken
    );
    // Nothing of the refused brand stays.
    let found = catalog::brand_search(&*api, Some("other"), Some(1)).await?;
    assert!(found.iter().all(|brand| brand.slug != "other"));
    Ok(())
}

#[tokio::test]
async fn what_a_brand_is_made_of_has_a_shape() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let wish = || zubr(moderator);
    let mut cases = Vec::new();
    for slug in ["", "Zubr", "zubr parts", "-zubr", "зубр"] {
        cases.push((
            Reason::BrandSlugShape,
            BrandCreate {
                slug: slug.to_owned(),
                ..wish()
            },
        ));
    }
    for name in [String::new(), "  ".to_owned(), "z".repeat(81)] {
        cases.push((Reason::BrandNameFilled, BrandCreate { name, ..wish() }));
    }
    for country in ["Belarus", "by", ""] {
        let country = Some(country.to_owned());
        cases.push((Reason::BrandCountryShape, BrandCreate { country, ..wish() }));
    }
    for synonym in ["", "—!", &"z".repeat(81)] {
        let synonyms = words(&[synonym]);
        cases.push((
            Reason::BrandSynonymFilled,
            BrandCreate { synonyms, ..wish() },
        ));
    }
    for (expected, odd) in cases {
        let answer = catalog::brand_create(&*api, &odd).await;
        assert_eq!(reason(answer), expected, "{odd:?}");
    }
    Ok(())
}

#[tokio::test]
async fn only_a_moderator_who_is_not_blocked_adds_brands() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (user, moderator) = (
        db.person(Role::User).await?,
        db.person(Role::Moderator).await?,
    );
    let api = db.as_role("kardan_api").await?;
    assert_eq!(
        reason(catalog::brand_create(&*api, &zubr(user)).await),
        Reason::RoleRequired
    );
    assert_eq!(
        reason(catalog::brand_create(&*api, &zubr(UserId(-1))).await),
        Reason::ActorUnknown
    );
    let block = UserBlock {
        actor: db.person(Role::Admin).await?,
        user: moderator,
        until: None,
        reason: "Spam".to_owned(),
    };
    people::user_block(&*api, &block).await?;
    assert_eq!(
        reason(catalog::brand_create(&*api, &zubr(moderator)).await),
        Reason::ActorBlocked
    );
    Ok(())
}

#[tokio::test]
async fn two_moderators_who_add_the_same_brand_at_once_get_one() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let mut first = db.as_role("kardan_api").await?;
    let second = db.as_role("kardan_api").await?;
    let waiting = backend(&second).await?;
    let tx = first.transaction().await?;
    let made = catalog::brand_create(&tx, &zubr(moderator)).await?;
    let other =
        tokio::spawn(async move { catalog::brand_create(&*second, &zubr(moderator)).await });
    until_blocked(&db, waiting).await?;
    tx.commit().await?;
    let met = other.await??;
    assert_eq!((met.brand_id, met.created), (made.brand_id, false));
    assert_eq!(acts(&db, "brand.create").await?, 1);
    Ok(())
}
