//! Reading the engines of a make.

use kardan_schema::catalog;
use kardan_schema::{MakeId, Reason};
use kardan_testdb::Database;

use super::make;
use crate::support::reason;

#[tokio::test]
async fn engines_come_by_code_and_only_electric_motors_have_no_displacement() -> anyhow::Result<()>
{
    let db = Database::create().await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        for slug in ["gaz", "byd"] {
            let id = make(&*session, slug).await?;
            let engines = catalog::engine_list(&*session, id).await?;
            assert!(engines.len() >= 2, "{slug}");
            for engine in engines {
                assert_eq!(
                    engine.displacement_cc.is_none(),
                    engine.fuel == "electric",
                    "{engine:?}"
                );
                assert!(engine.power_kw > 0);
            }
        }
        let gaz = make(&*session, "gaz").await?;
        let engines = catalog::engine_list(&*session, gaz).await?;
        let diesel = engines
            .iter()
            .find(|engine| engine.code == "ISF2.8")
            .unwrap();
        assert_eq!(
            (
                diesel.displacement_cc,
                diesel.fuel.as_str(),
                diesel.power_kw
            ),
            (Some(2781), "diesel", 88)
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_make_that_does_not_exist_has_no_engines() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    assert_eq!(
        reason(catalog::engine_list(&*api, MakeId(-1)).await),
        Reason::MakeUnknown
    );
    Ok(())
}
