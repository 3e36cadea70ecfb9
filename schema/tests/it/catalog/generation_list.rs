//! Reading the generations of a model.

use kardan_schema::catalog;
use kardan_schema::{ModelId, Reason};
use kardan_testdb::Database;

use super::make;
use crate::support::reason;

#[tokio::test]
async fn generations_come_oldest_first_and_the_present_one_has_no_end() -> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        let toyota = make(&*session, "toyota").await?;
        let models = catalog::model_list(&*session, toyota).await?;
        let corolla = models.iter().find(|model| model.slug == "corolla").unwrap();
        let generations = catalog::generation_list(&*session, corolla.model_id).await?;
        assert!(generations.is_sorted_by_key(|generation| generation.year_from));
        let (first, last) = (&generations[0], &generations[generations.len() - 1]);
        assert_eq!(
            (first.name.as_str(), first.year_from, first.year_to),
            ("E70", 1979, Some(1983))
        );
        assert_eq!(
            (last.name.as_str(), last.year_from, last.year_to),
            ("E210", 2018, None)
        );
        assert_eq!(last.body, "sedan");
    }
    Ok(())
}

#[tokio::test]
async fn a_model_that_does_not_exist_has_no_generations() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    assert_eq!(
        reason(catalog::generation_list(&*api, ModelId(-1)).await),
        Reason::ModelUnknown
    );
    Ok(())
}
