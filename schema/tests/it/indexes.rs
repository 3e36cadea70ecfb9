//! Each index that a query asked for is shown, or its reason is given, in `docs/src/database.md`.

use std::collections::BTreeSet;

use kardan_testdb::{Database, of_domains};

/// Tables beside the partitioned ones that a year of work makes large.
const GROWING: &[&str] = &[
    "deals",
    "idempotency_keys",
    "identities",
    "job_runs",
    "listing_fitments",
    "listing_flags",
    "listing_photos",
    "listing_prices",
    "listings",
    "moderation_hints",
    "moderation_items",
    "queue",
    "reservations",
    "reviews",
    "saved_searches",
    "search_alerts",
    "search_entries",
    "search_words",
    "sign_ins",
    "tokens",
    "users",
];

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/src/database.md");
    std::fs::read_to_string(path).unwrap()
}

/// Words of the page that look like the name of an index; partitions have names of their own.
fn named(page: &str) -> BTreeSet<&str> {
    page.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.ends_with("_idx"))
        .filter(|word| !word.contains("_p20") && !word.contains("_default_"))
        .collect()
}

#[tokio::test]
async fn every_index_that_a_query_asked_for_on_a_growing_table_is_on_the_page_of_indexes()
-> anyhow::Result<()> {
    let db = Database::create().await?;
    let rows = db
        .superuser()
        .await?
        .query(
            &of_domains(
                "select i.relname::text
                 from pg_index as x
                 join pg_class as i on i.oid = x.indexrelid
                 join pg_class as c on c.oid = x.indrelid
                 join pg_namespace as n on n.oid = c.relnamespace
                 where n.nspname ~ '^(DOMAINS)_data$' and not c.relispartition
                     and (c.relkind = 'p' or c.relname = any ($1))
                     -- What a constraint made is a rule, and not for a query.
                     and not exists (
                         select from pg_constraint as k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))
                     and not x.indisunique
                     -- One of a foreign key alone is there because each of them has one; lints.rs asks for it.
                     and not exists (
                         select from pg_constraint as f
                         where f.contype = 'f' and f.conrelid = c.oid
                             and f.conkey = (string_to_array(x.indkey::text, ' ')::int2[])[1:x.indnkeyatts])
                 order by 1",
            ),
            &[&GROWING],
        )
        .await?;
    let page = page();
    let named = named(&page);
    let all: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(all.len() > 30, "{all:?}");
    let missing: Vec<&String> = all
        .iter()
        .filter(|name| !named.contains(name.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/src/database.md does not say what these are for: measure them in bench/measure/choices.py, or give a \
         reason under \"Not measured\": {missing:?}"
    );
    Ok(())
}

#[tokio::test]
async fn the_page_of_indexes_names_none_that_is_not_there() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let rows = db
        .superuser()
        .await?
        .query(
            "select i.relname::text from pg_class as i where i.relkind in ('i', 'I')",
            &[],
        )
        .await?;
    let present: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let page = page();
    let gone: Vec<&str> = named(&page)
        .into_iter()
        .filter(|name| !present.contains(*name))
        .collect();
    assert!(gone.is_empty(), "these indexes are gone: {gone:?}");
    Ok(())
}
