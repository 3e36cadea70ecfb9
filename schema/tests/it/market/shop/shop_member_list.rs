//! Who belongs to a shop.

use kardan_schema::market::{self, ShopMemberList};
use kardan_schema::{Reason, Role, ShopId, ShopRole, UserId};
use kardan_testdb::Database;

use super::{block, join, open};
use crate::support::reason;

fn all(actor: UserId, shop: ShopId) -> ShopMemberList {
    ShopMemberList {
        actor,
        shop,
        limit: None,
        after: None,
    }
}

#[tokio::test]
async fn every_member_sees_all_members_and_who_invited_them() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    let seller = join(&db, &api, owner, shop, ShopRole::Seller).await?;
    let expected = [
        (owner, ShopRole::Owner, None),
        (manager, ShopRole::Manager, Some(owner)),
        (seller, ShopRole::Seller, Some(owner)),
    ];
    for actor in [owner, manager, seller] {
        let members = market::shop_member_list(&*api, &all(actor, shop)).await?;
        let seen: Vec<_> = members
            .iter()
            .map(|m| (m.user_id, m.role, m.invited_by))
            .collect();
        assert_eq!(seen, expected);
        assert_eq!(members[0].display_name, "User of the test");
    }
    let second_page = ShopMemberList {
        limit: Some(1),
        after: Some(owner),
        ..all(owner, shop)
    };
    let page = market::shop_member_list(&*api, &second_page).await?;
    assert_eq!(page.len(), 1);
    assert_eq!(page[0].user_id, manager);
    // A blocked member still sees what is theirs.
    block(&db, &api, seller).await?;
    assert_eq!(
        market::shop_member_list(&*api, &all(seller, shop))
            .await?
            .len(),
        3
    );
    Ok(())
}

#[tokio::test]
async fn members_are_nobody_elses_business() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let shop = open(&api, db.person(Role::User).await?).await?.shop_id;
    let stranger = db.person(Role::Admin).await?;
    for (actor, of, expected) in [
        (stranger, shop, Reason::ShopRoleRequired),
        (stranger, ShopId(-1), Reason::ShopUnknown),
        (UserId(-1), shop, Reason::ActorUnknown),
    ] {
        assert_eq!(
            reason(market::shop_member_list(&*api, &all(actor, of)).await),
            expected
        );
    }
    Ok(())
}
