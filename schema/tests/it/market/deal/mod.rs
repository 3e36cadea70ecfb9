//! Deals: a file for each function or pair of them, and what all of them need.

mod deal_cancel;
mod deal_complete;
mod deal_confirm;
mod deal_event_list;
mod deal_get;
mod deal_hand_over;
mod deal_list;
mod deal_plans;
mod deal_request;
mod deal_stats;
mod deal_tell;
mod deals_advance;

use kardan_schema::market;
use kardan_schema::{DealState, Role, ShopId, UserId};
use kardan_testdb::Database;
use uuid::Uuid;

use super::reservation::Stall;

/// The stall's buyer asks for so many pieces.
pub(super) async fn ask(stall: &Stall, quantity: i32) -> anyhow::Result<Uuid> {
    let deal = market::deal_request(&*stall.api, stall.buyer, stall.listing, quantity).await?;
    Ok(deal.deal_id)
}

/// A deal over so many pieces that the two have taken this far.
pub(super) async fn deal_in(
    stall: &Stall,
    quantity: i32,
    state: DealState,
) -> anyhow::Result<Uuid> {
    let deal = ask(stall, quantity).await?;
    let api = &*stall.api;
    match state {
        DealState::Requested => {}
        DealState::Cancelled => {
            market::deal_cancel(api, stall.buyer, deal, "Changed my mind".to_owned()).await?;
        }
        DealState::Expired => expire(&stall.db, deal).await?,
        DealState::Confirmed | DealState::HandedOver | DealState::Completed => {
            market::deal_confirm(api, stall.seller, deal).await?;
            if state != DealState::Confirmed {
                market::deal_hand_over(api, stall.seller, deal).await?;
            }
            if state == DealState::Completed {
                market::deal_complete(api, stall.buyer, deal).await?;
            }
        }
    }
    Ok(deal)
}

/// The deal's time is over, and the job comes by.
pub(super) async fn expire(db: &Database, deal: Uuid) -> anyhow::Result<()> {
    let session = db.superuser().await?;
    session
        .execute(
            "update market_data.deals set due_at = ops.clock_now() where id = $1",
            &[&deal],
        )
        .await?;
    session
        .batch_execute("select market.deals_advance()")
        .await?;
    Ok(())
}

pub(super) async fn state_of(db: &Database, deal: Uuid) -> anyhow::Result<DealState> {
    let row = db
        .superuser()
        .await?
        .query_one(
            "select d.state from market_data.deals as d where d.id = $1",
            &[&deal],
        )
        .await?;
    Ok(row.get(0))
}

/// Who was told which kinds, in order.
pub(super) async fn told(db: &Database) -> anyhow::Result<Vec<(String, UserId)>> {
    let rows = db
        .superuser()
        .await?
        .query(
            "select o.kind, o.user_id from notify_data.outbox as o where o.kind ~ '^(deal|review)[.]'
             order by o.id",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// The stall's listing becomes one of a shop with two sellers; gives the shop and the second one.
pub(super) async fn to_shop(stall: &Stall) -> anyhow::Result<(ShopId, UserId)> {
    stall.to_shop_of(stall.seller).await?;
    let other = stall.db.person(Role::User).await?;
    let row = stall
        .db
        .superuser()
        .await?
        .query_one(
            "insert into market_data.shop_members (shop_id, user_id, role, joined_at)
             select l.owner_shop_id, $2, 'owner', ops.clock_now() from market_data.listings as l
             where l.id = $1
             returning shop_id",
            &[&stall.listing, &other],
        )
        .await?;
    Ok((row.get(0), other))
}
