//! Reading the categories.

use kardan_schema::catalog;
use kardan_schema::{Error, Kind, Reason};
use kardan_testdb::Database;

use super::category;
use crate::support::reason;

#[tokio::test]
async fn a_category_stands_before_its_subcategories_and_they_stand_together() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        for kind in Kind::ALL {
            let listed = catalog::category_list(&*session, *kind).await?;
            assert!(!listed.is_empty());
            let mut top = None;
            for category in &listed {
                assert_eq!(category.kind, *kind);
                if category.parent_id.is_some() {
                    assert_eq!(category.parent_id, top, "{}", category.slug);
                } else {
                    top = Some(category.category_id);
                }
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_is_archived_is_not_offered_nor_is_what_it_holds() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let top = category(&*api, Kind::Service, "welding").await?;
    let before = catalog::category_list(&*api, Kind::Service).await?;
    let inside = before
        .iter()
        .filter(|category| category.parent_id == Some(top))
        .count();
    assert!(inside > 0);
    db.superuser()
        .await?
        .execute(
            "update catalog_data.categories as c set archived_at = ops.clock_now() where c.id = $1",
            &[&top],
        )
        .await?;
    let after = catalog::category_list(&*api, Kind::Service).await?;
    assert_eq!(after.len(), before.len() - 1 - inside);
    assert!(
        after
            .iter()
            .all(|category| category.category_id != top && category.parent_id != Some(top))
    );
    Ok(())
}

#[tokio::test]
async fn a_kind_that_does_not_exist_is_refused() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for kind in [Some("boat"), Some(""), None] {
        let answer = api
            .query("select from catalog.category_list($1)", &[&kind])
            .await
            .map_err(Error::from);
        assert_eq!(reason(answer), Reason::KindUnknown, "{kind:?}");
    }
    Ok(())
}
