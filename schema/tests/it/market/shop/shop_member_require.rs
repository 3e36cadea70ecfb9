//! The guard of everything that is done for a shop; other functions of the market call it.

use kardan_schema::{Error, Reason, Role, ShopId, ShopRole, UserId};
use kardan_testdb::Database;

use super::{join, open};
use crate::support::reason;

/// What the step says: the role that the person has, or why they do not pass.
pub(super) async fn require(
    db: &Database,
    actor: UserId,
    shop: ShopId,
    role: &str,
) -> Result<String, Error> {
    let session = db.superuser().await.unwrap();
    session
        .query_one(
            "select market.shop_member_require($1, $2, $3)",
            &[&actor, &shop, &role],
        )
        .await
        .map(|row| row.get(0))
        .map_err(Error::from)
}

#[tokio::test]
async fn rights_in_a_shop_grow_from_seller_over_manager_to_owner() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let owner = db.person(Role::User).await?;
    let shop = open(&api, owner).await?.shop_id;
    let manager = join(&db, &api, owner, shop, ShopRole::Manager).await?;
    let seller = join(&db, &api, owner, shop, ShopRole::Seller).await?;
    let members = [
        (seller, "seller", [true, false, false]),
        (manager, "manager", [true, true, false]),
        (owner, "owner", [true, true, true]),
    ];
    for (member, has, passes) in members {
        for (needs, passes) in ["seller", "manager", "owner"].into_iter().zip(passes) {
            let answer = require(&db, member, shop, needs).await;
            if passes {
                assert_eq!(answer?, has, "{has} where {needs} is needed");
            } else {
                assert_eq!(reason(answer), Reason::ShopRoleRequired);
            }
        }
        // A role that does not exist lets nobody pass.
        assert_eq!(
            reason(require(&db, member, shop, "king").await),
            Reason::ShopRoleRequired
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_stranger_and_an_unknown_shop_are_told_apart() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let shop = open(&api, db.person(Role::User).await?).await?.shop_id;
    let stranger = db.person(Role::Admin).await?;
    open(&api, stranger).await?;
    assert_eq!(
        reason(require(&db, stranger, shop, "seller").await),
        Reason::ShopRoleRequired
    );
    assert_eq!(
        reason(require(&db, stranger, ShopId(-1), "seller").await),
        Reason::ShopUnknown
    );
    Ok(())
}
