//! A batch of an import as a whole: its rows judged in their order, its listings brought up to date once.

use kardan_schema::market;
use kardan_schema::{Role, Status};

use super::Scene;
use super::listing_fitment_import::{Line, file, golf, take, told};

#[tokio::test]
async fn rows_are_judged_one_after_the_other_whatever_order_they_come_in() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (shop, _, first) = scene.shop().await?;
    let second = scene.listing(Status::Draft).await?;
    scene
        .set(
            second,
            &format!("owner_user_id = null, owner_shop_id = {shop}"),
        )
        .await?;
    let numbers = [first, second].map(|one| one.to_string());
    let [a, b] = [numbers[0].as_str(), numbers[1].as_str()];
    let said = [golf(a, "2009", "", "")];
    take(&*scene.api, &file(scene.seller, None, Some(shop), &said)).await?;
    let lines = [
        golf(a, "2003", "2004", ""),
        golf(b, "2003", "2004", ""),
        // Stands in the way of nothing, because it was refused itself.
        golf(a, "2004", "2006", ""),
        golf(a, "2005", "2006", ""),
        golf(b, "2005", "2005", ""),
        golf(a, "2006", "", ""),
        golf(a, "2009", "", ""),
        golf(a, "2003", "2004", ""),
        golf(b, "", "", ""),
    ];
    let answers = take(&*scene.api, &file(scene.seller, None, Some(shop), &lines)).await?;
    assert_eq!(
        told(&answers),
        [
            ("added", "", ""),
            ("added", "", ""),
            ("refused", "fitment_row_overlap", "2003-2004"),
            ("added", "", ""),
            ("added", "", ""),
            ("refused", "fitment_row_overlap", "2005-2006"),
            ("unchanged", "", ""),
            ("refused", "fitment_row_duplicate", ""),
            ("refused", "fitment_row_overlap", "2003-2004"),
        ]
    );
    assert_eq!(scene.says(first).await?.len(), 3);
    assert_eq!(scene.says(second).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_batch_brings_each_listing_up_to_date_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let lines = [
        golf("", "2003", "2003", "кроме GT"),
        golf("", "2004", "2004", "кроме GT"),
        golf("", "2005", "2005", ""),
    ];
    scene
        .admin
        .batch_execute(
            "create table public.writes (what text);
             create function public.note() returns trigger language plpgsql security definer as
             $$begin insert into public.writes values (tg_table_name); return null; end$$;
             create trigger note after insert or update on market_data.search_entries
                 for each row execute function public.note();
             create trigger note after insert on market_data.moderation_items
                 for each row execute function public.note();
             delete from market_data.search_news",
        )
        .await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    let answers = take(&*scene.admin, &file(moderator, Some(listing), None, &lines)).await?;
    assert!(answers.iter().all(|row| row.outcome == "added"));
    let count = async |sql: &str| -> anyhow::Result<i64> {
        Ok(scene.admin.query_one(sql, &[]).await?.get(0))
    };
    assert_eq!(count("select count(*) from public.writes").await?, 1);
    assert_eq!(
        count("select count(*) from market_data.search_news").await?,
        1
    );

    // Of its own people's notes it is checked, once, and the moderators see them.
    let lines = [
        golf("", "2006", "2006", "звоните 8 900 123-45-67"),
        golf("", "2007", "2007", "говно не предлагать"),
    ];
    take(
        &*scene.admin,
        &file(scene.seller, Some(listing), None, &lines),
    )
    .await?;
    assert_eq!(
        count("select count(*) from public.writes where what = 'moderation_items'").await?,
        1
    );
    let hints = market::listing_hint_list(&*scene.api, scene.seller, listing).await?;
    assert_eq!(hints.len(), 2, "{hints:?}");
    Ok(())
}

#[tokio::test]
async fn a_listing_takes_its_first_hundred_in_the_order_of_the_file() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    let rows = scene
        .admin
        .query(
            "select k.name, m.name, g.name from catalog_data.generations as g
             join catalog_data.models as m on m.id = g.model_id
             join catalog_data.makes as k on k.id = m.make_id order by g.id desc limit 120",
            &[],
        )
        .await?;
    let names: Vec<[String; 3]> = rows
        .iter()
        .map(|row| [row.get(0), row.get(1), row.get(2)])
        .collect();
    let lines: Vec<Line<'_>> = names
        .iter()
        .map(|[make, model, generation]| ["", make, model, generation, "", "", ""])
        .collect();
    let answers = take(
        &*scene.api,
        &file(scene.seller, Some(listing), None, &lines),
    )
    .await?;
    for (place, answer) in answers.iter().enumerate() {
        let expected = if place < 100 {
            ("added", None)
        } else {
            ("refused", Some("listing_fitment_limit"))
        };
        assert_eq!(
            (answer.outcome.as_str(), answer.reason.as_deref()),
            expected,
            "{place}"
        );
    }
    assert_eq!(scene.says(listing).await?.len(), 100);
    Ok(())
}
