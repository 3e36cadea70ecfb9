//! Adding a cross reference.

use kardan_schema::catalog::{self, PartCrossAdd};
use kardan_schema::{BrandId, Error, PartRelation, Reason, Role, UserId};
use kardan_testdb::Database;

use super::{acts, brand, cross};
use crate::locks::{backend, until_blocked};
use crate::support::reason;

#[tokio::test]
async fn a_repeat_in_any_spelling_and_from_either_end_is_the_same_cross_reference()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let (a, b) = (
        brand(&*api, moderator, "Aqv").await?,
        brand(&*api, moderator, "Bqv").await?,
    );
    let first = cross(moderator, (a, "ZQ-1"), (b, "ZK 2"), 0.9);
    let made = catalog::part_cross_add(&*api, &first).await?;
    assert!(made.created);
    for same in [
        first.clone(),
        cross(moderator, (a, " zq 1"), (b, "ZК-2"), 0.9),
        cross(moderator, (b, "ZK 2"), (a, "ZQ-1"), 0.9),
        PartCrossAdd {
            source: " test ".to_owned(),
            ..first
        },
    ] {
        let again = catalog::part_cross_add(&*api, &same).await?;
        assert_eq!(
            (again.part_cross_id, again.created),
            (made.part_cross_id, false),
            "{same:?}"
        );
    }
    assert_eq!(acts(&db, "part_cross.add").await?, 1);
    Ok(())
}

#[tokio::test]
async fn another_confidence_replaces_the_old_one_and_another_source_stands_beside()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let (a, b) = (
        brand(&*api, moderator, "Aqv").await?,
        brand(&*api, moderator, "Bqv").await?,
    );
    let first = cross(moderator, (a, "ZQ-1"), (b, "ZK-2"), 0.9);
    let made = catalog::part_cross_add(&*api, &first).await?;
    let doubted = PartCrossAdd {
        confidence: 0.4,
        ..first.clone()
    };
    let changed = catalog::part_cross_add(&*api, &doubted).await?;
    assert_eq!(
        (changed.part_cross_id, changed.created),
        (made.part_cross_id, false)
    );
    let found = catalog::part_analogues(&*api, Some(a), "ZQ-1", None).await?;
    assert_eq!((found.len(), found[0].confidence), (1, 0.4));
    assert_eq!(acts(&db, "part_cross.add").await?, 2);

    let elsewhere = PartCrossAdd {
        source: "another catalogue".to_owned(),
        ..first
    };
    let beside = catalog::part_cross_add(&*api, &elsewhere).await?;
    assert!(beside.created && beside.part_cross_id != made.part_cross_id);
    let found = catalog::part_analogues(&*api, Some(a), "ZQ-1", None).await?;
    // Together they are surer than each: 1 - 0.6 * 0.1.
    assert_eq!((found.len(), found[0].confidence), (1, 0.94));
    Ok(())
}

#[tokio::test]
async fn a_superseded_number_has_a_direction() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let bot = db.as_role("kardan_bot").await?;
    let a = brand(&*bot, moderator, "Aqv").await?;
    let newer = PartCrossAdd {
        relation: PartRelation::Supersedes,
        ..cross(moderator, (a, "ZQ-2"), (a, "ZQ-1"), 0.9)
    };
    let back = PartCrossAdd {
        relation: PartRelation::Supersedes,
        ..cross(moderator, (a, "ZQ-1"), (a, "ZQ-2"), 0.9)
    };
    for (wish, created) in [(&newer, true), (&newer, false)] {
        let answer = catalog::part_cross_add(&*bot, wish).await?;
        assert_eq!(answer.created, created);
    }
    assert_eq!(
        reason(catalog::part_cross_add(&*bot, &back).await),
        Reason::PartCrossSupersedesLoop
    );
    Ok(())
}

#[tokio::test]
async fn what_a_cross_reference_is_made_of_has_a_shape() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let (a, b) = (
        brand(&*api, moderator, "Aqv").await?,
        brand(&*api, moderator, "Bqv").await?,
    );
    let of = |from, to, confidence| cross(moderator, from, to, confidence);
    let long = "9".repeat(61);
    let mut cases = vec![
        (
            Reason::PartCrossFromBrandKnown,
            of((BrandId(-1), "ZQ-1"), (b, "ZK-2"), 0.9),
        ),
        (
            Reason::PartCrossToBrandKnown,
            of((a, "ZQ-1"), (BrandId(-1), "ZK-2"), 0.9),
        ),
        (
            Reason::PartCrossNumberFilled,
            of((a, "-- "), (b, "ZK-2"), 0.9),
        ),
        (Reason::PartCrossNumberFilled, of((a, "ZQ-1"), (b, ""), 0.9)),
        (
            Reason::PartCrossNumberFilled,
            of((a, "ZQ-1"), (b, &long), 0.9),
        ),
        (
            Reason::PartCrossNotItself,
            of((a, "ZQ-1"), (a, "zq 1"), 0.9),
        ),
    ];
    for source in ["", "  ", &"s".repeat(121)] {
        let wish = PartCrossAdd {
            source: source.to_owned(),
            ..of((a, "ZQ-1"), (b, "ZK-2"), 0.9)
        };
        cases.push((Reason::PartCrossSourceFilled, wish));
    }
    for confidence in [
        0.0,
        0.0004,
        -0.5,
        1.001,
        10.0,
        90.0,
        1e300,
        f64::INFINITY,
        f64::NAN,
    ] {
        let wish = of((a, "ZQ-1"), (b, "ZK-2"), confidence);
        cases.push((Reason::PartCrossConfidencePossible, wish));
    }
    for (expected, odd) in cases {
        let answer = catalog::part_cross_add(&*api, &odd).await;
        assert_eq!(reason(answer), expected, "{odd:?}");
    }
    let sure = of((a, "ZQ-1"), (b, "ZK-2"), 1.0);
    assert!(catalog::part_cross_add(&*api, &sure).await?.created);
    let answer = api
        .query(
            "select from catalog.part_cross_add($1, $2, 'ZQ-1', $3, 'ZK-3', 'similar', 'test', 0.5)",
            &[&moderator, &a, &b],
        )
        .await
        .map_err(Error::from);
    assert_eq!(reason(answer), Reason::PartCrossRelationKnown);
    Ok(())
}

#[tokio::test]
async fn only_a_moderator_adds_cross_references() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let (a, b) = (
        brand(&*api, moderator, "Aqv").await?,
        brand(&*api, moderator, "Bqv").await?,
    );
    let user = db.person(Role::User).await?;
    for (actor, expected) in [
        (user, Reason::RoleRequired),
        (UserId(-1), Reason::ActorUnknown),
    ] {
        let wish = cross(actor, (a, "ZQ-1"), (b, "ZK-2"), 0.9);
        assert_eq!(
            reason(catalog::part_cross_add(&*api, &wish).await),
            expected
        );
    }
    Ok(())
}

#[tokio::test]
async fn two_moderators_who_add_the_same_at_once_get_one_cross_reference() -> anyhow::Result<()> {
    for is_committed in [true, false] {
        let db = Database::create().await?;
        let moderator = db.person(Role::Moderator).await?;
        let mut first = db.as_role("kardan_api").await?;
        let second = db.as_role("kardan_api").await?;
        let (a, b) = (
            brand(&*first, moderator, "Aqv").await?,
            brand(&*first, moderator, "Bqv").await?,
        );
        let waiting = backend(&second).await?;
        let tx = first.transaction().await?;
        let wish = cross(moderator, (a, "ZQ-1"), (b, "ZK-2"), 0.9);
        let made = catalog::part_cross_add(&tx, &wish).await?;
        // The other one comes from the other end.
        let other = tokio::spawn(async move {
            let wish = cross(moderator, (b, "ZK-2"), (a, "ZQ-1"), 0.9);
            catalog::part_cross_add(&*second, &wish).await
        });
        until_blocked(&db, waiting).await?;
        if is_committed {
            tx.commit().await?;
            let met = other.await??;
            assert_eq!(
                (met.part_cross_id, met.created),
                (made.part_cross_id, false)
            );
        } else {
            tx.rollback().await?;
            assert!(other.await??.created);
        }
        assert_eq!(acts(&db, "part_cross.add").await?, 1);
    }
    Ok(())
}

/// The first number supersedes the second.
fn newer(moderator: UserId, brand: BrandId, from: &str, to: &str) -> PartCrossAdd {
    PartCrossAdd {
        relation: PartRelation::Supersedes,
        ..cross(moderator, (brand, from), (brand, to), 0.9)
    }
}

#[tokio::test]
async fn no_number_supersedes_itself_over_others_and_the_refusal_names_the_way()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let (a, b) = (
        brand(&*api, moderator, "Aqv").await?,
        brand(&*api, moderator, "Bqv").await?,
    );
    // Two ways from D to A, and a number of another brand that looks like A.
    for (from, to) in [
        ("ZQ-B", "ZQ-A"),
        ("ZQ-C", "ZQ-B"),
        ("ZQ-D", "ZQ-C"),
        ("ZQ-D", "ZQ-A"),
    ] {
        catalog::part_cross_add(&*api, &newer(moderator, a, from, to)).await?;
    }
    let other = PartCrossAdd {
        relation: PartRelation::Supersedes,
        ..cross(moderator, (b, "ZQ-A"), (a, "ZQ-D"), 0.9)
    };
    assert!(catalog::part_cross_add(&*api, &other).await?.created);
    let error = catalog::part_cross_add(&*api, &newer(moderator, a, "zq a", "ZQ C"))
        .await
        .unwrap_err();
    let fault = error.fault().unwrap();
    assert_eq!(fault.reason, Reason::PartCrossSupersedesLoop);
    assert_eq!(fault.detail.as_deref(), Some("zq a > ZQ C > ZQ-B > ZQ-A"));
    let itself = newer(moderator, a, "ZQ-A", "zq-a");
    assert_eq!(
        reason(catalog::part_cross_add(&*api, &itself).await),
        Reason::PartCrossNotItself
    );
    // An analogue has no direction and closes no loop.
    let analogue = cross(moderator, (a, "ZQ-A"), (a, "ZQ-C"), 0.9);
    assert!(catalog::part_cross_add(&*api, &analogue).await?.created);
    Ok(())
}

#[tokio::test]
async fn two_supersessions_that_close_a_loop_together_do_not_both_come_in() -> anyhow::Result<()> {
    for is_committed in [true, false] {
        let db = Database::create().await?;
        let moderator = db.person(Role::Moderator).await?;
        let mut first = db.as_role("kardan_api").await?;
        let second = db.as_role("kardan_api").await?;
        let a = brand(&*first, moderator, "Aqv").await?;
        let waiting = backend(&second).await?;
        let tx = first.transaction().await?;
        catalog::part_cross_add(&tx, &newer(moderator, a, "ZQ-1", "ZQ-2")).await?;
        let other = tokio::spawn(async move {
            catalog::part_cross_add(&*second, &newer(moderator, a, "ZQ-2", "ZQ-1")).await
        });
        until_blocked(&db, waiting).await?;
        if is_committed {
            tx.commit().await?;
            assert_eq!(reason(other.await?), Reason::PartCrossSupersedesLoop);
        } else {
            tx.rollback().await?;
            assert!(other.await??.created);
        }
    }
    Ok(())
}
