//! Plans: on a filled market each shape of search reads the index that was made for it, and never the whole table.

use std::future::poll_fn;
use std::process::Command;

use anyhow::Context as _;
use kardan_schema::market::{ListingSearch, listing_search};
use kardan_schema::{BrandId, CategoryId, PlaceId, Sort};
use kardan_testdb::Database;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_postgres::{AsyncMessage, Client, NoTls};

use super::{ANY, words};

/// One market for all tests here: filling it takes longer than reading it.
static FILLED: OnceCell<Database> = OnceCell::const_new();

pub(in crate::market) async fn filled() -> anyhow::Result<&'static Database> {
    FILLED
        .get_or_try_init(|| async {
            let db = Database::create().await?;
            let url = db.url_as("postgres");
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../bench/fill_listings.sql");
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
            // A language has more words than the script knows.
            db.superuser()
                .await?
                .batch_execute(
                    "insert into market_data.search_words (word)
                     select left(translate(md5(i::text), '0123456789', 'абвгдежзик'), 12) from generate_series(1, 30000) as i",
                )
                .await?;
            db.superuser().await?.batch_execute("vacuum analyze market_data.search_words").await?;
            Ok(db)
        })
        .await
}

/// A session that hears the plan of every statement, those inside functions too.
async fn listening(db: &Database) -> anyhow::Result<(Client, UnboundedReceiver<String>)> {
    let (client, mut connection) = tokio_postgres::connect(&db.url_as("postgres"), NoTls).await?;
    let (heard, plans) = unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
            if let AsyncMessage::Notice(notice) = message {
                let _ = heard.send(notice.message().to_owned());
            }
        }
    });
    client
        .batch_execute(
            "load 'auto_explain';
             set auto_explain.log_min_duration = 0;
             set auto_explain.log_nested_statements = on;
             set auto_explain.log_analyze = off;
             set auto_explain.log_level = warning;
             set auto_explain.log_format = json;
             set role kardan_api",
        )
        .await?;
    Ok((client, plans))
}

/// What was read of a plan: the indexes, and the tables that were read from end to end.
#[derive(Debug, Default)]
struct Reads {
    indexes: Vec<String>,
    whole_tables: Vec<String>,
}

fn read(node: &Value, into: &mut Reads) {
    if let Some(index) = node["Index Name"].as_str() {
        into.indexes.push(index.to_owned());
    }
    if node["Node Type"] == "Seq Scan" {
        into.whole_tables
            .extend(node["Relation Name"].as_str().map(str::to_owned));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        read(child, into);
    }
}

async fn reads(search: &ListingSearch) -> anyhow::Result<Reads> {
    let (client, mut plans) = listening(filled().await?).await?;
    while plans.try_recv().is_ok() {}
    let rows = listing_search(&client, search).await?;
    anyhow::ensure!(!rows.is_empty(), "nothing was found by {search:?}");
    drop(client);
    let mut reads = Reads::default();
    while let Some(message) = plans.recv().await {
        let Some((_, plan)) = message.split_once("plan:\n") else {
            continue;
        };
        let plan: Value = serde_json::from_str(plan)?;
        read(&plan["Plan"], &mut reads);
    }
    anyhow::ensure!(
        !reads
            .whole_tables
            .iter()
            .any(|table| ["listings", "search_entries", "search_words"].contains(&table.as_str())),
        "{search:?} read the whole table: {reads:?}"
    );
    Ok(reads)
}

async fn uses(search: ListingSearch, index: &str) -> anyhow::Result<()> {
    let reads = reads(&search).await?;
    anyhow::ensure!(
        reads.indexes.iter().any(|one| one == index),
        "{search:?}: {reads:?}"
    );
    Ok(())
}

/// A value of the filled market that suits a published part which is neither the rarest nor the commonest.
async fn some(sql: &str) -> anyhow::Result<i64> {
    Ok(filled()
        .await?
        .superuser()
        .await?
        .query_one(sql, &[])
        .await?
        .get(0))
}

#[tokio::test]
async fn the_newest_page_walks_the_index_of_time() -> anyhow::Result<()> {
    uses(ANY, "search_entries_published_at_listing_id_idx").await
}

#[tokio::test]
async fn words_are_found_by_the_index_of_words() -> anyhow::Result<()> {
    uses(words("турбина"), "search_entries_terms_idx").await
}

#[tokio::test]
async fn rare_words_sorted_by_price_are_found_by_the_index_of_words() -> anyhow::Result<()> {
    let search = ListingSearch {
        sort: Some(Sort::PriceUp),
        ..words("фаркоп оригинал")
    };
    uses(search, "search_entries_terms_idx").await
}

#[tokio::test]
async fn a_part_number_and_its_beginning_are_found_by_the_index_of_numbers() -> anyhow::Result<()> {
    uses(words("W 914/2"), "search_entries_terms_idx").await?;
    uses(words("2108-10"), "search_entries_terms_idx").await
}

#[tokio::test]
async fn a_typo_is_looked_up_among_words_and_not_among_titles() -> anyhow::Result<()> {
    let reads = reads(&words("амартизатор")).await?;
    assert!(
        reads
            .indexes
            .iter()
            .any(|one| one == "search_words_word_trgm_idx"),
        "{reads:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_subcategory_in_a_place_is_found_by_the_index_of_terms() -> anyhow::Result<()> {
    let subcategory =
        some("select c.id from catalog_data.categories as c where c.slug = 'headlights'").await?;
    let place =
        some("select p.id from catalog_data.places as p order by p.population desc limit 1")
            .await?;
    let search = ListingSearch {
        subcategory: Some(CategoryId(subcategory)),
        place: Some(PlaceId(place)),
        ..ANY
    };
    uses(search, "search_entries_terms_idx").await
}

#[tokio::test]
async fn a_common_filter_is_met_on_the_way_back_in_time_and_a_rare_one_by_its_term()
-> anyhow::Result<()> {
    let category =
        some("select c.id from catalog_data.categories as c where c.slug = 'body'").await?;
    let brand = some(
        "select l.brand_id from market_data.listings as l where l.brand_id is not null and l.status = 'published'
         group by 1 order by count(*) offset 20 limit 1",
    )
    .await?;
    let by_category = ListingSearch {
        category: Some(CategoryId(category)),
        ..ANY
    };
    let reads = reads(&by_category).await?;
    assert!(
        !reads
            .indexes
            .iter()
            .any(|one| one == "search_entries_terms_idx"),
        "{reads:?}"
    );
    uses(
        ListingSearch {
            brand: Some(BrandId(brand)),
            ..ANY
        },
        "search_entries_terms_idx",
    )
    .await
}

#[tokio::test]
async fn the_order_of_prices_is_an_index_both_ways() -> anyhow::Result<()> {
    for sort in [Sort::PriceUp, Sort::PriceDown] {
        uses(
            ListingSearch {
                sort: Some(sort),
                ..ANY
            },
            "search_entries_currency_price_minor_listing_id_idx",
        )
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_rare_extra_field_is_found_by_its_index() -> anyhow::Result<()> {
    let db = filled().await?;
    let mileage: i64 = db
        .superuser()
        .await?
        .query_one(
            "select (l.attributes ->> 'mileage_km')::bigint from market_data.listings as l
             where l.attributes ? 'mileage_km' and l.status = 'published' and l.owner_user_id is null limit 1",
            &[],
        )
        .await?
        .get(0);
    let search = ListingSearch {
        attributes: Some(json!({ "mileage_km": mileage })),
        ..ANY
    };
    uses(search, "search_entries_terms_idx").await
}
