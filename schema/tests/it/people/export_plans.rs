//! Plans of the parts of an export: what one person has is found by an index, however much others have.

use kardan_testdb::Database;

use super::register::life;
use crate::plans::{Explained, Mode};

/// The life of the person, beside twenty thousand things of others.
pub async fn crowded() -> anyhow::Result<Database> {
    let (db, admin) = life().await?;
    admin
        .batch_execute(
            "set session_replication_role = replica;
             insert into market_data.contact_clicks (listing_id, at, clicker, source)
             select n % 1000, ops.clock_now() - n * interval '1 second', 1000 + n % 3000, 'web'
             from generate_series(1, 20000) as n;
             insert into market_data.contact_people (listing_id, user_id, first_at, last_at, clicks)
             select n % 1000, 100 + n, ops.clock_now(), ops.clock_now(), 1 from generate_series(1, 20000) as n;
             insert into market_data.favourites (user_id, listing_id, title, added_at)
             select 100 + n % 3000, n, 'x', ops.clock_now() from generate_series(1, 20000) as n;
             insert into market_data.search_alerts (saved_search_id, listing_id, user_id, found_at, due_at)
             select n, n, 100 + n, ops.clock_now(), ops.clock_now() from generate_series(1, 20000) as n;
             insert into market_data.reservations (id, listing_id, buyer_id, quantity, currency, total_minor, created_at)
             select gen_random_uuid(), n, 100 + n, 1, 'RUB', 1, ops.clock_now() from generate_series(1, 20000) as n;
             insert into market_data.deals (
                 id, listing_id, buyer_id, seller_user_id, title, quantity, currency, unit_price_minor, total_minor, due_at,
                 created_at, changed_at)
             select
                 gen_random_uuid(), n, 100 + n, 30000 + n % 500, 'x', 1, 'RUB', 1, 1, ops.clock_now(), ops.clock_now(),
                 ops.clock_now()
             from generate_series(1, 20000) as n;
             insert into notify_data.outbox (event_at, user_id, lane, kind, dedup_key, data, created_at)
             select ops.clock_now(), 100 + n, 'notice', 'listing.approved', 'x', '{}', ops.clock_now()
             from generate_series(1, 20000) as n;
             insert into notify_data.events (at, type, user_id, event_at, data)
             select ops.clock_now(), 'a.b', 100 + n, ops.clock_now(), '{}' from generate_series(1, 20000) as n;
             insert into ops_data.audit (at, actor_id, action, object_type, object_id)
             select ops.clock_now(), 100 + n, 'a.b', 'user', (100 + n)::text from generate_series(1, 20000) as n;
             insert into people_data.tokens (id, kind, user_id, name, token_hash, scopes, created_at, expires_at)
             select gen_random_uuid(), 'session', 100 + n, 'x', decode(lpad(n::text, 64, '0'), 'hex'), '{read}',
                 ops.clock_now(), ops.clock_now() + interval '1 day'
             from generate_series(1, 20000) as n;
             set session_replication_role = origin;
             analyze",
        )
        .await?;
    Ok(db)
}

#[tokio::test]
async fn no_part_of_an_export_reads_what_is_somebody_elses() -> anyhow::Result<()> {
    let db = crowded().await?;
    let export: uuid::Uuid = {
        let admin = db.superuser().await?;
        admin
            .query_one(
                "select b.export_id from people.export_begin(1, 1) as b limit 1",
                &[],
            )
            .await?
            .get(0)
    };
    let sections = {
        let admin = db.superuser().await?;
        let rows = admin
            .query("select s.section from people.export_sections as s", &[])
            .await?;
        rows.iter().map(|row| row.get(0)).collect::<Vec<String>>()
    };
    // Small tables are read as a whole, and rightly so; what is thrown away by the thousand was somebody else's.
    let wasted = regex::Regex::new("Rows Removed by Filter: [0-9]{3}").unwrap();
    for section in sections {
        let call = format!("select from people.export_part(1, '{export}', '{section}', null)");
        for mode in [Mode::Custom, Mode::Generic] {
            let plans = Explained::run(&db, mode, &call).await?.to_string();
            assert!(!wasted.is_match(&plans), "{section}:\n{plans}");
        }
    }
    Ok(())
}
