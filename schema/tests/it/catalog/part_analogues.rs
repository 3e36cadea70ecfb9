//! Analogues of a part number through the graph.

use kardan_schema::catalog::{self, PartCrossAdd};
use kardan_schema::{BrandId, PartRelation, Reason, Role, UserId};
use kardan_testdb::{Database, Session};

use super::{brand, cross};
use crate::support::reason;

/// A database with two brands and a session to it.
struct Graph {
    _db: Database,
    api: Session,
    moderator: UserId,
    a: BrandId,
    b: BrandId,
}

impl Graph {
    async fn new() -> anyhow::Result<Self> {
        let db = Database::create().await?;
        let moderator = db.person(Role::Moderator).await?;
        let api = db.as_role("kardan_api").await?;
        let a = brand(&*api, moderator, "Aqv").await?;
        let b = brand(&*api, moderator, "Bqv").await?;
        Ok(Self {
            _db: db,
            api,
            moderator,
            a,
            b,
        })
    }

    async fn edge(
        &self,
        from: (BrandId, &str),
        to: (BrandId, &str),
        confidence: f64,
    ) -> anyhow::Result<()> {
        let wish = cross(self.moderator, from, to, confidence);
        catalog::part_cross_add(&*self.api, &wish).await?;
        Ok(())
    }

    async fn supersedes(&self, newer: &str, older: &str) -> anyhow::Result<()> {
        let wish = PartCrossAdd {
            relation: PartRelation::Supersedes,
            ..cross(self.moderator, (self.a, newer), (self.a, older), 0.9)
        };
        catalog::part_cross_add(&*self.api, &wish).await?;
        Ok(())
    }

    /// Number, steps, and confidence in thousandths.
    async fn found(
        &self,
        brand: Option<BrandId>,
        number: &str,
    ) -> anyhow::Result<Vec<(String, i32, i32)>> {
        let found = catalog::part_analogues(&*self.api, brand, number, Some(100)).await?;
        let thousandths = |confidence: f64| format!("{:.0}", confidence * 1000.0).parse().unwrap();
        Ok(found
            .into_iter()
            .map(|part| (part.number, part.hops, thousandths(part.confidence)))
            .collect())
    }
}

fn expected(parts: &[(&str, i32, i32)]) -> Vec<(String, i32, i32)> {
    parts
        .iter()
        .map(|&(number, hops, confidence)| (number.to_owned(), hops, confidence))
        .collect()
}

#[tokio::test]
async fn the_confidence_of_a_way_is_the_product_of_its_steps_and_three_steps_are_the_end()
-> anyhow::Result<()> {
    let g = Graph::new().await?;
    g.edge((g.a, "ZQ-1"), (g.b, "ZQ-2"), 0.9).await?;
    g.edge((g.a, "ZQ-3"), (g.b, "ZQ-2"), 0.8).await?;
    g.edge((g.a, "ZQ-3"), (g.b, "ZQ-4"), 0.5).await?;
    g.edge((g.b, "ZQ-4"), (g.a, "ZQ-5"), 1.0).await?;
    for brand in [Some(g.a), None] {
        for spelling in ["ZQ-1", "zq 1", "ZQ\u{a0}1"] {
            assert_eq!(
                g.found(brand, spelling).await?,
                expected(&[("ZQ-2", 1, 900), ("ZQ-3", 2, 720), ("ZQ-4", 3, 360)])
            );
        }
    }
    let found = catalog::part_analogues(&*g.api, Some(g.a), "ZQ-1", Some(1)).await?;
    assert_eq!(
        (
            found[0].brand_id,
            found[0].brand_name.as_str(),
            found[0].brand_slug.as_str()
        ),
        (g.b, "Bqv", "bqv")
    );
    assert_eq!(found[0].number_norm, "ZQ2");
    Ok(())
}

#[tokio::test]
async fn a_loop_ends_and_every_number_comes_once_by_its_surest_way() -> anyhow::Result<()> {
    let g = Graph::new().await?;
    g.edge((g.a, "ZQ-1"), (g.b, "ZQ-2"), 0.9).await?;
    g.edge((g.b, "ZQ-2"), (g.a, "ZQ-3"), 0.9).await?;
    g.edge((g.a, "ZQ-3"), (g.a, "ZQ-1"), 0.5).await?;
    // The straight way to ZQ-3 is less sure than the one around.
    assert_eq!(
        g.found(Some(g.a), "ZQ-1").await?,
        expected(&[("ZQ-2", 1, 900), ("ZQ-3", 2, 810)])
    );
    assert_eq!(
        g.found(Some(g.b), "ZQ-2").await?,
        expected(&[("ZQ-1", 1, 900), ("ZQ-3", 1, 900)])
    );
    Ok(())
}

#[tokio::test]
async fn the_newer_number_is_found_from_the_older_and_not_the_other_way_round() -> anyhow::Result<()>
{
    let g = Graph::new().await?;
    g.supersedes("ZQ-1 B", "ZQ-1 A").await?;
    g.supersedes("ZQ-1 C", "ZQ-1 B").await?;
    g.edge((g.a, "ZQ-1 C"), (g.b, "ZK-7"), 0.8).await?;
    assert_eq!(
        g.found(Some(g.a), "ZQ-1 A").await?,
        expected(&[("ZQ-1 B", 1, 900), ("ZQ-1 C", 2, 810), ("ZK-7", 3, 648)])
    );
    assert_eq!(
        g.found(Some(g.a), "ZQ-1 C").await?,
        expected(&[("ZK-7", 1, 800)])
    );
    assert_eq!(
        g.found(Some(g.b), "ZK-7").await?,
        expected(&[("ZQ-1 C", 1, 800)])
    );
    Ok(())
}

#[tokio::test]
async fn the_same_digits_of_another_brand_are_another_part() -> anyhow::Result<()> {
    let g = Graph::new().await?;
    g.edge((g.a, "ZQ-1"), (g.a, "ZQ-2"), 0.9).await?;
    g.edge((g.b, "ZQ-1"), (g.b, "ZQ-3"), 0.8).await?;
    assert_eq!(
        g.found(Some(g.a), "ZQ-1").await?,
        expected(&[("ZQ-2", 1, 900)])
    );
    assert_eq!(
        g.found(Some(g.b), "ZQ-1").await?,
        expected(&[("ZQ-3", 1, 800)])
    );
    assert_eq!(
        g.found(None, "ZQ-1").await?,
        expected(&[("ZQ-2", 1, 900), ("ZQ-3", 1, 800)])
    );
    // Two brands that give one part one number are each other's analogue.
    g.edge((g.a, "ZQ-1"), (g.b, "ZQ-1"), 1.0).await?;
    assert_eq!(
        g.found(Some(g.a), "ZQ-1").await?,
        expected(&[("ZQ-1", 1, 1000), ("ZQ-2", 1, 900), ("ZQ-3", 2, 800)])
    );
    Ok(())
}

#[tokio::test]
async fn a_way_that_is_hardly_sure_is_not_gone() -> anyhow::Result<()> {
    let g = Graph::new().await?;
    g.edge((g.a, "ZQ-1"), (g.b, "ZQ-2"), 0.2).await?;
    g.edge((g.b, "ZQ-2"), (g.a, "ZQ-3"), 0.25).await?;
    g.edge((g.b, "ZQ-2"), (g.a, "ZQ-4"), 0.24).await?;
    assert_eq!(
        g.found(Some(g.a), "ZQ-1").await?,
        expected(&[("ZQ-2", 1, 200), ("ZQ-3", 2, 50)])
    );
    Ok(())
}

#[tokio::test]
async fn a_list_has_twenty_unless_asked_and_a_number_needs_a_letter_or_digit() -> anyhow::Result<()>
{
    let g = Graph::new().await?;
    for n in 0..25 {
        g.edge((g.a, "ZQ-1"), (g.b, &format!("ZK-{n}")), 0.9)
            .await?;
    }
    for (limit, expected) in [(None, 20), (Some(0), 1), (Some(1000), 25)] {
        let found = catalog::part_analogues(&*g.api, Some(g.a), "ZQ-1", limit).await?;
        assert_eq!(found.len(), expected, "{limit:?}");
    }
    assert_eq!(g.found(None, "ZQ-404").await?, []);
    for number in ["", " ", "--/--"] {
        assert_eq!(
            reason(catalog::part_analogues(&*g.api, None, number, None).await),
            Reason::PartNumberNeeded
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_starting_graph_knows_a_filter_of_several_makers() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let bot = db.as_role("kardan_bot").await?;
    let found = catalog::part_analogues(&*bot, None, "26300-35501", Some(100)).await?;
    let by = |name: &str| found.iter().find(|part| part.brand_name == name);
    // Superseded twice, then the filter of another maker.
    let mann = by("MANN-FILTER").unwrap();
    assert_eq!((mann.number.as_str(), mann.hops), ("W 811/80", 3));
    assert!(by("MAHLE").is_some());
    Ok(())
}

#[tokio::test]
async fn agreeing_sources_are_surer_together_and_a_source_counts_once() -> anyhow::Result<()> {
    let g = Graph::new().await?;
    let say = |source: &str, relation: PartRelation, confidence: f64| PartCrossAdd {
        source: source.to_owned(),
        relation,
        ..cross(g.moderator, (g.a, "ZQ-1"), (g.b, "ZQ-2"), confidence)
    };
    let (oem, other) = (PartRelation::Oem, PartRelation::Aftermarket);
    for (wish, expected) in [
        (say("one", other, 0.6), 600),
        // The same source under another relation: the most that it says counts.
        (say("one", oem, 0.5), 600),
        (say("two", other, 0.5), 800),
        (say("three", oem, 0.5), 900),
        (say("four", other, 0.99), 999),
        // Together they are never sure; one that is sure by itself stays so.
        (say("five", other, 0.999), 999),
        (say("six", other, 1.0), 1000),
    ] {
        catalog::part_cross_add(&*g.api, &wish).await?;
        let found = g.found(Some(g.a), "ZQ-1").await?;
        assert_eq!(found, [("ZQ-2".to_owned(), 1, expected)], "{wish:?}");
        // From the other end it is the same.
        let back = g.found(Some(g.b), "ZQ-2").await?;
        assert_eq!(back, [("ZQ-1".to_owned(), 1, expected)]);
    }
    // The same digits of another brand are no agreement.
    g.edge((g.a, "ZK-1"), (g.b, "ZK-2"), 0.5).await?;
    g.edge((g.b, "ZK-1"), (g.b, "ZK-2"), 0.5).await?;
    assert_eq!(g.found(None, "ZK-1").await?[0].2, 500);
    Ok(())
}

#[tokio::test]
async fn one_number_stands_for_many_and_many_for_one() -> anyhow::Result<()> {
    let g = Graph::new().await?;
    for (from, to) in [
        ("ZQ-1", "ZK-1"),
        ("ZQ-1", "ZK-2"),
        ("ZQ-2", "ZK-1"),
        ("ZQ-2", "ZK-2"),
    ] {
        g.edge((g.a, from), (g.b, to), 0.9).await?;
    }
    assert_eq!(
        g.found(Some(g.a), "ZQ-1").await?,
        expected(&[("ZK-1", 1, 900), ("ZK-2", 1, 900), ("ZQ-2", 2, 810)])
    );
    assert_eq!(
        g.found(Some(g.b), "ZK-2").await?,
        expected(&[("ZQ-1", 1, 900), ("ZQ-2", 1, 900), ("ZK-1", 2, 810)])
    );
    Ok(())
}
