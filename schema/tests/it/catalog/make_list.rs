//! Reading the makes.

use kardan_schema::catalog;
use kardan_testdb::Database;

#[tokio::test]
async fn makes_come_by_name_without_regard_to_case() -> anyhow::Result<()> {
    let db = Database::create().await?;
    for role in ["kardan_api", "kardan_bot"] {
        let session = db.as_role(role).await?;
        let makes = catalog::make_list(&*session).await?;
        let toyota = makes.iter().find(|make| make.slug == "toyota").unwrap();
        assert_eq!(
            (
                toyota.name.as_str(),
                toyota.name_ru.as_str(),
                toyota.country.as_str()
            ),
            ("Toyota", "Тойота", "JP")
        );
        let smart = makes.iter().position(|make| make.slug == "smart");
        let subaru = makes.iter().position(|make| make.slug == "subaru");
        let skoda = makes.iter().position(|make| make.slug == "skoda");
        assert!(skoda < smart && smart < subaru);
    }
    Ok(())
}
