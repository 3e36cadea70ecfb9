//! What moderators see of the graph, and taking a cross reference away.

use kardan_schema::catalog::{self, PartCrossAdd, PartCrossList};
use kardan_schema::{BrandId, Reason, Role, UserId};
use kardan_testdb::Database;

use super::{acts, brand, cross};
use crate::plans::{Explained, Mode};
use crate::support::reason;

fn all(actor: UserId) -> PartCrossList {
    PartCrossList {
        actor,
        brand_id: None,
        number: None,
        limit: None,
        after: None,
    }
}

fn of(actor: UserId, brand_id: Option<BrandId>, number: &str) -> PartCrossList {
    PartCrossList {
        brand_id,
        number: Some(number.to_owned()),
        ..all(actor)
    }
}

#[tokio::test]
async fn a_number_in_any_spelling_shows_what_each_source_says_of_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let (a, b) = (
        brand(&*api, moderator, "Aqv").await?,
        brand(&*api, moderator, "Bqv").await?,
    );
    let first = cross(moderator, (a, "ZQ-1"), (b, "ZK-2"), 0.9);
    let second = PartCrossAdd {
        source: "another".to_owned(),
        confidence: 0.5,
        ..cross(moderator, (b, "ZK-3"), (a, "zq 1"), 0.5)
    };
    let elsewhere = cross(moderator, (b, "ZQ-1"), (b, "ZK-4"), 0.7);
    let mut ids = Vec::new();
    for wish in [&first, &second, &elsewhere] {
        ids.push(catalog::part_cross_add(&*api, wish).await?.part_cross_id);
    }
    let shown = catalog::part_cross_list(&*api, &of(moderator, Some(a), "ZQ 1")).await?;
    let told: Vec<_> = shown
        .iter()
        .map(|one| (one.part_cross_id, one.source.as_str(), one.confidence))
        .collect();
    assert_eq!(told, [(ids[1], "another", 0.5), (ids[0], "test", 0.9)]);
    assert_eq!(shown[0].from_brand_name, "Bqv");
    let any = catalog::part_cross_list(&*api, &of(moderator, None, "zq1")).await?;
    assert_eq!(any.len(), 3);
    assert!(
        catalog::part_cross_list(&*api, &of(moderator, None, "ZQ-404"))
            .await?
            .is_empty()
    );

    // All of them in parts: nothing twice, nothing left out.
    let mut list = PartCrossList {
        limit: Some(2),
        ..all(moderator)
    };
    let top = catalog::part_cross_list(&*api, &list).await?;
    assert_eq!(top[0].part_cross_id, ids[2]);
    list.after = Some(top[1].part_cross_id);
    let next = catalog::part_cross_list(&*api, &list).await?;
    assert_eq!(next[0].part_cross_id, ids[0]);
    Ok(())
}

#[tokio::test]
async fn what_is_taken_away_is_gone_once_and_recorded_and_other_sources_stay() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let api = db.as_role("kardan_api").await?;
    let (a, b) = (
        brand(&*api, moderator, "Aqv").await?,
        brand(&*api, moderator, "Bqv").await?,
    );
    let first = cross(moderator, (a, "ZQ-1"), (b, "ZK-2"), 0.5);
    let second = PartCrossAdd {
        source: "another".to_owned(),
        ..first.clone()
    };
    let made = catalog::part_cross_add(&*api, &first).await?;
    catalog::part_cross_add(&*api, &second).await?;
    catalog::part_cross_remove(&*api, moderator, made.part_cross_id).await?;
    let found = catalog::part_analogues(&*api, Some(a), "ZQ-1", None).await?;
    assert_eq!((found.len(), found[0].confidence), (1, 0.5));
    assert_eq!(
        reason(catalog::part_cross_remove(&*api, moderator, made.part_cross_id).await),
        Reason::PartCrossUnknown
    );
    assert_eq!(acts(&db, "part_cross.remove").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_number_is_looked_up_by_index_in_a_large_graph() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let moderator = db.person(Role::Moderator).await?;
    let session = db.superuser().await?;
    let (a, b) = (
        brand(&*session, moderator, "Aqv").await?,
        brand(&*session, moderator, "Bqv").await?,
    );
    session
        .execute(
            "insert into catalog_data.part_crosses (
                 from_brand_id, from_number, to_brand_id, to_number, relation, source, confidence, created_at)
             select case n % 2 when 0 then $1::bigint else $2::bigint end, 'A' || n,
                 case n % 2 when 0 then $2 else $1 end, 'B' || n,
                 'oem', 'test', 0.9, ops.clock_now()
             from generate_series(1, 20000) as n",
            &[&a, &b],
        )
        .await?;
    session
        .batch_execute("analyze catalog_data.part_crosses")
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        for call in [
            format!("select from catalog.part_cross_list({moderator}, null, 'A-77', 20, null)"),
            format!("select from catalog.part_analogues({a}, 'A-77', 20)"),
            format!("select from catalog.part_sure({a}, 'A77')"),
        ] {
            let plan = Explained::run(&db, mode, &call).await?;
            plan.assert_index("part_crosses_from_number_norm_idx");
            plan.assert_index("part_crosses_to_number_norm_idx");
            plan.assert_no_full_scan("part_crosses");
        }
        let all = format!("select from catalog.part_cross_list({moderator}, null, null, 20, 9000)");
        let plan = Explained::run(&db, mode, &all).await?;
        plan.assert_index("part_crosses_pkey");
    }
    Ok(())
}
