//! Reading the models of a make.

use kardan_schema::catalog;
use kardan_schema::{MakeId, Reason};
use kardan_testdb::Database;

use super::make;
use crate::support::reason;

#[tokio::test]
async fn a_model_tells_the_years_of_all_its_generations() -> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        let lada = make(&*session, "lada").await?;
        let models = catalog::model_list(&*session, lada).await?;
        let years = |slug: &str| {
            let model = models.iter().find(|model| model.slug == slug).unwrap();
            (model.year_from, model.year_to)
        };
        // One generation after the other, one that is still made, and a single one.
        assert_eq!(years("kalina"), (Some(2004), Some(2018)));
        assert_eq!(years("niva-legend"), (Some(1977), None));
        assert_eq!(years("2101"), (Some(1970), Some(1988)));
        assert!(models.is_sorted_by_key(|model| model.name.to_lowercase()));
    }
    Ok(())
}

#[tokio::test]
async fn a_model_without_generations_has_no_years() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let tesla = make(&*api, "tesla").await?;
    db.superuser()
        .await?
        .execute(
            "insert into catalog_data.models (make_id, slug, name, name_ru)
             values ($1, 'unborn', 'Unborn', 'Нерождённая')",
            &[&tesla],
        )
        .await?;
    let models = catalog::model_list(&*api, tesla).await?;
    let unborn = models.iter().find(|model| model.slug == "unborn").unwrap();
    assert_eq!((unborn.year_from, unborn.year_to), (None, None));
    Ok(())
}

#[tokio::test]
async fn a_make_that_does_not_exist_has_no_models() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    assert_eq!(
        reason(catalog::model_list(&*api, MakeId(-1)).await),
        Reason::MakeUnknown
    );
    Ok(())
}
