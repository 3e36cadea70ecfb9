//! Plans of what grows beside the listings: on a filled market each call reads the index that was made for it, no call
//! reads a growing table from end to end, and a question about a time reads the partitions of that time. Searches have
//! plan tests of their own, and so have calls that stand with their behaviour.

use std::process::Command;

use anyhow::Context as _;
use kardan_testdb::Database;
use tokio::sync::OnceCell;

use super::search::listing_search_plans;
use crate::plans::{Explained, Mode};

/// Tables that a year of work makes large.
const GROWING: &[&str] = &[
    "audit",
    "events",
    "idempotency_keys",
    "identities",
    "listing_events",
    "listing_fitments",
    "listing_flags",
    "listing_photos",
    "listing_prices",
    "listings",
    "moderation_hints",
    "moderation_items",
    "outbox",
    "query_history",
    "queue",
    "reservations",
    "search_entries",
    "search_misses",
    "sign_ins",
    "tokens",
    "users",
];

/// The filled market of the search tests, with what grows beside listings.
async fn filled() -> anyhow::Result<&'static Database> {
    static BESIDE: OnceCell<()> = OnceCell::const_new();
    let db = listing_search_plans::filled().await?;
    BESIDE
        .get_or_try_init(|| async {
            let url = db.url_as("postgres");
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../bench/fill_beside.sql");
            let psql = std::env::var("KARDAN_PG_BIN")
                .map_or("psql".to_owned(), |bin| format!("{bin}/psql"));
            let output = tokio::task::spawn_blocking(move || {
                Command::new(psql)
                    .args(["-X", "-q", "-v", "n=20000", "-f", script, &url])
                    .output()
            })
            .await?
            .context("running psql")?;
            anyhow::ensure!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            db.person(kardan_schema::Role::Admin).await?;
            Ok(())
        })
        .await?;
    Ok(db)
}

/// The call with values of the market for the names in braces.
async fn with_values(db: &Database, call: &str) -> anyhow::Result<String> {
    let mut call = call.to_owned();
    let session = db.superuser().await?;
    for (name, value) in [
        ("{admin}", "select max(u.id) from people_data.users as u where u.role = 'admin'"),
        (
            "{listing}",
            "select min(l.id) from market_data.listings as l where l.status = 'published' and l.owner_user_id is not null
                 and l.part_number_norm <> ''",
        ),
        (
            "{owner}",
            "select l.owner_user_id from market_data.listings as l where l.status = 'published'
                 and l.owner_user_id is not null and l.part_number_norm <> '' order by l.id limit 1",
        ),
        ("{buyer}", "select r.buyer_id from market_data.reservations as r order by r.buyer_id limit 1"),
        ("{flagged}", "select min(f.listing_id) from market_data.listing_flags as f"),
        ("{pictured}", "select min(p.listing_id) from market_data.listing_photos as p"),
        ("{shop}", "select m.shop_id from market_data.shop_members as m order by m.shop_id offset 10 limit 1"),
        ("{shopper}", "select m.user_id from market_data.shop_members as m order by m.shop_id offset 10 limit 1"),
        ("{item}", "select min(h.item_id) from market_data.moderation_hints as h"),
    ] {
        if call.contains(name) {
            let found: i64 = session.query_one(value, &[]).await?.get(0);
            call = call.replace(name, &found.to_string());
        }
    }
    Ok(call)
}

/// Runs a call both as it is planned at first and as a pool's session comes to plan it, and takes its effects back.
async fn explained(call: &str) -> anyhow::Result<Vec<Explained>> {
    let db = filled().await?;
    let call = with_values(db, call).await?;
    let mut found = Vec::new();
    for mode in [Mode::Custom, Mode::Generic] {
        let one = Explained::run(db, mode, &format!("begin; {call}; rollback")).await?;
        for table in GROWING {
            one.assert_no_full_scan(table);
        }
        found.push(one);
    }
    Ok(found)
}

/// Each call with an index that it must read.
const READS: &[(&str, &str)] = &[
    (
        "select from market.moderation_stats({admin}, now() - interval '7 days', now())",
        "moderation_items_closed_at_idx",
    ),
    (
        "select from market.moderation_queue_stats()",
        "moderation_items_closed_at_idx",
    ),
    (
        "select from market.moderation_queue({admin}, null, 20, null)",
        "moderation_items_queue_idx",
    ),
    (
        "select from market.moderation_card({admin}, {item})",
        "moderation_items_listing_id_idx",
    ),
    (
        "select from market.moderation_hint_list({admin}, {item})",
        "moderation_hints_item_id_idx",
    ),
    (
        "select from market.listing_hint_list({owner}, {listing})",
        "moderation_items_listing_id_idx",
    ),
    (
        "select from market.moderation_flag_list({admin}, {flagged}, null, 20, null)",
        "listing_flags_listing_id_idx",
    ),
    (
        "select from market.moderation_flag_list({admin}, null, true, 20, null)",
        "listing_flags_open_idx",
    ),
    (
        "select from market.listing_flag({buyer}, {listing}, 'spam', '')",
        "listing_flags_user_id_idx",
    ),
    (
        "select from market.reservation_list_mine({buyer}, 20, null)",
        "reservations_buyer_id_idx",
    ),
    (
        "select from market.reservation_list_of_listing({owner}, {listing}, null, 20, null)",
        "reservations_listing_id_idx",
    ),
    ("select market.listings_expire()", "listings_expires_at_idx"),
    (
        "select market.listings_expiring_tell()",
        "listings_expires_at_idx",
    ),
    (
        "select from market.listing_photo_list({pictured})",
        "listing_photo_position_unique",
    ),
    (
        "select from market.photo_orphan_list(array['photos/00/x'])",
        "listing_photos_storage_key_idx",
    ),
    (
        "select from market.photo_lookalikes({pictured})",
        "listing_photos_hash_idx",
    ),
    (
        "select from market.listing_price_list({owner}, {listing}, 20, null)",
        "listing_prices_listing_id_id_idx",
    ),
    (
        "select from market.listing_fitment_list({listing})",
        "listing_fitment_unique",
    ),
    (
        "select from market.listing_fitment_export({shopper}, null, {shop}, 100, null, null)",
        "listings_owner_shop_id_idx",
    ),
    (
        "select from market.moderation_duplicate_hints({listing})",
        "listings_text_hash_idx",
    ),
    (
        "select from market.moderation_duplicate_hints({listing})",
        "listings_part_number_idx",
    ),
    (
        "select from market.moderation_duplicate_hints({listing})",
        "listings_waiting_number_idx",
    ),
    (
        "select from market.shop_listing_list({shopper}, {shop}, null, 20, null)",
        "listings_owner_shop_id_idx",
    ),
    (
        "select from market.listing_incomplete_list({owner}, 20, null)",
        "listings_owner_user_id_idx",
    ),
    (
        "select from people.user_list({admin}, 'user_7', null, null, 20, null)",
        "identities_username_trgm_idx",
    ),
    (
        "select from people.user_list({admin}, 'Тимур Щ', null, null, 20, null)",
        "users_display_name_trgm_idx",
    ),
    (
        "select from people.user_list({admin}, null, 'moderator', null, 20, null)",
        "users_role_id_idx",
    ),
    (
        "select from people.token_list({buyer}, 20, null)",
        "tokens_user_id_idx",
    ),
    (
        "select from people.token_authenticate(sha256('x'))",
        "token_hash_unique",
    ),
    ("select people.tokens_purge()", "tokens_ended_at_idx"),
    ("select people.sign_ins_purge()", "sign_ins_used_at_idx"),
    (
        "select ops.idempotency_purge()",
        "idempotency_keys_created_at_idx",
    ),
];

#[tokio::test]
async fn each_call_reads_the_index_that_was_made_for_it() -> anyhow::Result<()> {
    for (call, index) in READS {
        for plans in explained(call).await? {
            plans.assert_index(index);
        }
    }
    Ok(())
}

/// Each question about a time with the table, the end of the name of the index on its partitions, and how many
/// partitions may hold that time.
const OF_A_TIME: &[(&str, &str, &str, usize)] = &[
    (
        "select from ops.audit_list({admin}, null, null, 'listing', '{listing}', 20, null, null)",
        "audit",
        "object_type_object_id_at_idx",
        5,
    ),
    (
        "select from ops.audit_list({admin}, now() - interval '20 days', null, null, null, 20, null, null)",
        "audit",
        "pkey",
        2,
    ),
    (
        "select from ops.query_regression_list(20)",
        "query_history",
        "pkey",
        2,
    ),
    ("select from market.deal_stats()", "deal_events", "pkey", 2),
    (
        "select from market.search_miss_stats()",
        "search_misses",
        "at_query_idx",
        2,
    ),
    (
        "select market.search_miss_record('x', null, null, null, null, null, null, null, null, null, null, null, null, null)",
        "search_misses",
        "at_query_idx",
        2,
    ),
];

#[tokio::test]
async fn a_question_about_a_time_reads_the_partitions_of_that_time() -> anyhow::Result<()> {
    for (call, table, index, most) in OF_A_TIME {
        for plans in explained(call).await? {
            let mut read = plans.partitions(table);
            // functions may begin like the table
            read.retain(|name| name.contains("_p20") || name.ends_with("_default"));
            assert!((1..=*most).contains(&read.len()), "{call}: {read:?}");
            for partition in read {
                plans.assert_index(&format!("{partition}_{index}"));
            }
        }
    }
    Ok(())
}
