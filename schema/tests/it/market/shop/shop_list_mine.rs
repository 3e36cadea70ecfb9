//! The shops that a person belongs to.

use kardan_schema::{Reason, Role, ShopRole, UserId, market};
use kardan_testdb::Database;

use super::{block, join, named, open};
use crate::support::reason;

#[tokio::test]
async fn a_person_in_several_shops_sees_them_with_the_role_in_each() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let (first, second) = (db.person(Role::User).await?, db.person(Role::User).await?);
    let theirs = open(&api, first).await?;
    let member = join(&db, &api, first, theirs.shop_id, ShopRole::Seller).await?;
    let own = open(&api, member).await?;
    open(&api, second).await?;
    let mine: Vec<_> = market::shop_list_mine(&*api, member, None, None)
        .await?
        .into_iter()
        .map(|shop| (shop.shop_id, shop.my_role))
        .collect();
    assert_eq!(
        mine,
        [
            (theirs.shop_id, ShopRole::Seller),
            (own.shop_id, ShopRole::Owner)
        ]
    );
    // A blocked person still sees what is theirs.
    block(&db, &api, member).await?;
    assert_eq!(
        market::shop_list_mine(&*api, member, None, None)
            .await?
            .len(),
        2
    );
    assert_eq!(
        reason(market::shop_list_mine(&*api, UserId(-1), None, None).await),
        Reason::ActorUnknown
    );
    Ok(())
}

#[tokio::test]
async fn pages_follow_each_other_and_have_a_ceiling() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let mut opened = Vec::new();
    for number in 0..101 {
        let shop = market::shop_create(&*api, &named(owner, &format!("Shop {number}"))).await?;
        opened.push(shop.shop_id);
    }
    let page = async |limit, after| -> anyhow::Result<Vec<_>> {
        let page = market::shop_list_mine(&*api, owner, limit, after).await?;
        Ok(page.into_iter().map(|shop| shop.shop_id).collect())
    };
    assert_eq!(page(None, None).await?, opened[..20]);
    assert_eq!(page(Some(3), Some(opened[19])).await?, opened[20..23]);
    assert_eq!(page(Some(0), None).await?, opened[..1]);
    assert_eq!(page(Some(1000), None).await?, opened[..100]);
    assert_eq!(page(None, Some(opened[100])).await?, []);
    Ok(())
}
