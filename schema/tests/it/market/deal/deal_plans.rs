//! How lists and jobs of deals are read among many.

use super::to_shop;
use crate::market::reservation::Stall;
use crate::plans::{Explained, Mode};

#[tokio::test]
async fn each_list_reads_its_index_and_history_only_the_months_of_the_deal() -> anyhow::Result<()> {
    let stall = Stall::open(3).await?;
    let (shop, _) = to_shop(&stall).await?;
    let session = stall.db.superuser().await?;
    session
        .batch_execute(&format!(
            "insert into people_data.users (display_name, created_at, updated_at)
             select 'Somebody', ops.clock_now(), ops.clock_now() from generate_series(1, 500);
             insert into market_data.deals (
                 id, listing_id, buyer_id, seller_user_id, seller_shop_id, title, quantity, currency,
                 unit_price_minor, total_minor, state, reason, due_at, created_at, changed_at, changed_by)
             select ops_data.uuid_v7(ops.clock_now() - n * interval '1 minute'), {listing}, u.id,
                 case when u.id % 50 <> 0 then case when u.id % 50 = 1 then {seller} else u.id - 1 end end,
                 case when u.id % 50 = 0 then {shop} end,
                 'x', 1, 'RUB', 1, 1,
                 case when n = 1 then 'requested' else 'cancelled' end, case when n > 1 then 'Because' end,
                 case when n = 1 then ops.clock_now() end,
                 ops.clock_now(), ops.clock_now(), u.id
             from people_data.users as u, generate_series(1, 20) as n
             where u.display_name = 'Somebody' and (n > 1 or u.id % 10 = 0);
             analyze market_data.deals, market_data.deal_events, people_data.users",
            listing = stall.listing,
            seller = stall.seller,
        ))
        .await?;
    let buyer: i64 = session
        .query_one("select max(d.buyer_id) from market_data.deals as d", &[])
        .await?
        .get(0);
    for mode in [Mode::Custom, Mode::Generic] {
        for (statement, index) in [
            (
                format!("select count(*) from market.deal_list_bought({buyer}, null, 20, null)"),
                "deals_buyer_id_state_idx",
            ),
            (
                format!(
                    "select count(*) from market.deal_list_sold({}, 'requested', 20, null)",
                    stall.seller
                ),
                "deals_seller_user_id_state_idx",
            ),
            (
                format!(
                    "select count(*) from market.deal_list_of_shop({}, {shop}, null, 20, null)",
                    stall.seller
                ),
                "deals_seller_shop_id_state_idx",
            ),
            (
                format!("select market.deal_room_require({buyer})"),
                "deals_buyer_id_state_idx",
            ),
            (
                "select market.deals_advance()".to_owned(),
                "deals_due_at_idx",
            ),
        ] {
            let plans = Explained::run(&stall.db, mode, &statement).await?;
            plans.assert_index(index);
            plans.assert_no_full_scan("deals");
        }
        let events = Explained::run(
            &stall.db,
            mode,
            &format!(
                "select count(*) from market.deal_event_list({buyer},
                     (select d.id from market_data.deals as d where d.buyer_id = {buyer} limit 1), 20, null, null)"
            ),
        )
        .await?;
        let all: i64 = session
            .query_one(
                "select count(*) from pg_inherits as i where i.inhparent = 'market_data.deal_events'::regclass",
                &[],
            )
            .await?
            .get(0);
        let read = events.partitions("deal_events").len();
        assert!(
            i64::try_from(read)? < all,
            "{read} of {all} partitions\n{events}"
        );
    }
    Ok(())
}
