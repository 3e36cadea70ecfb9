//! Everything that is stored about a person.

use std::collections::BTreeMap;

use kardan_schema::people::{self, EXPORT_PAGE, ExportPart, ExportSection};
use kardan_schema::{Db, Error, Reason, Role, UserId};
use kardan_testdb::Database;
use serde_json::Value;
use uuid::Uuid;

use super::register::{PERSON, life, register};
use super::{behind, block};
use crate::support::reason;

/// Every item of an export by section.
async fn read(
    db: &impl Db,
    sections: &[ExportSection],
) -> Result<BTreeMap<String, Vec<Value>>, Error> {
    let mut told = BTreeMap::new();
    for part in sections {
        let mut ask = ask(part);
        let mut items = Vec::new();
        loop {
            let page = people::export_part(db, &ask).await?;
            let is_full = page.len() == EXPORT_PAGE;
            ask.after = page.last().map(|row| row.next_after.clone());
            items.extend(page.into_iter().map(|row| row.item));
            if !is_full {
                break;
            }
        }
        told.insert(part.section.clone(), items);
    }
    Ok(told)
}

fn ask(part: &ExportSection) -> ExportPart {
    ExportPart {
        actor: part.user_id,
        export: part.export_id,
        section: part.section.clone(),
        after: None,
    }
}

#[tokio::test]
async fn everything_that_the_register_promises_is_told_and_nobody_elses_affairs()
-> anyhow::Result<()> {
    let (db, _admin) = life().await?;
    let api = db.as_role("kardan_api").await?;
    let sections = people::export_open(&*api, PERSON).await?;
    let told = read(&*api, &sections).await?;
    let mut found = Vec::new();
    for (table, entry) in register() {
        for section in &entry.export {
            if told.get(section).is_none_or(Vec::is_empty) {
                found.push(format!("{table}: nothing in {section}"));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    let text = serde_json::to_string(&told)?;
    for mine in [
        "7777000011",
        "zxwk_user",
        "Zxwkova",
        "ZXWK0000000000001",
        "zxwk wishes",
        "zxwk 900",
        "zxwk has more",
        "zxwk was rude",
        "zxwk has changed their mind",
        "zxwk says thanks",
        "zxwk liked them",
        "zxwk likes it less",
        "zxwk thinks so",
        "zxwk phone",
        "photos/1001/1.webp",
        "zxwk is not polite",
        "zxwk, look",
        // What the other side said to them is theirs to have.
        "wjfgsaid no",
        "wjfgsaid good",
    ] {
        assert!(text.contains(mine), "not told: {mine}");
    }
    for other in ["wjfgname", "8888000022", "zxwk is the worst", "shopword"] {
        assert!(!text.contains(other), "told of somebody else: {other}");
    }
    assert_eq!(told["listings"].len(), 7);
    assert_eq!(
        told["listings"][0]["prices"].as_array().map(Vec::len),
        Some(2)
    );
    Ok(())
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_and_without_a_repeat() -> anyhow::Result<()> {
    let (db, admin) = life().await?;
    // Twice as many as a page holds in each section with a cursor of its own kind, and some of one moment.
    admin
        .batch_execute(
            "insert into market_data.contact_clicks (listing_id, at, clicker, source)
             select 5000 + n, ops.clock_now() - (n / 3) * interval '1 minute', 1, 'web' from generate_series(1, 420) as n;
             insert into notify_data.outbox (event_at, user_id, lane, kind, dedup_key, data, created_at)
             select ops.clock_now() - (n / 3) * interval '1 minute', 1, 'notice', 'listing.approved', n::text, '{}',
                 ops.clock_now()
             from generate_series(1, 420) as n;
             insert into ops_data.audit (at, actor_id, action, object_type, object_id)
             select ops.clock_now() - (n / 3) * interval '1 second', 1, 'a.b', 'shop', n::text
             from generate_series(1, 420) as n;
             insert into market_data.listings (
                 id, kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition,
                 place_id, price_minor, stock_quantity, created_at, updated_at)
             select
                 6000 + n, l.kind, 'draft', 1, 1, 1, l.title, l.category_id, l.subcategory_id, l.condition, l.place_id,
                 l.price_minor, 1, l.created_at, l.updated_at
             from market_data.listings as l cross join generate_series(1, 210) as n where l.id = 1003;
             insert into market_data.listing_photos (
                 id, listing_id, position, storage_key, content_type, width, height, size_bytes, created_at)
             select gen_random_uuid(), 6000 + l, n, 'photos/' || n, 'image/webp', 1, 1, 1, ops.clock_now()
             from generate_series(1, 3) as n cross join generate_series(1, 210) as l;
             insert into people_data.tokens (id, kind, user_id, name, token_hash, scopes, created_at, expires_at)
             select gen_random_uuid(), 'session', 1, 'x', decode(lpad(n::text, 64, '0'), 'hex'), '{read}', ops.clock_now(),
                 ops.clock_now() + interval '1 day'
             from generate_series(1, 420) as n",
        )
        .await?;
    let api = db.as_role("kardan_api").await?;
    let sections = people::export_open(&*api, PERSON).await?;
    let told = read(&*api, &sections).await?;
    for (section, expected) in [
        ("contact_clicks", 422),
        ("notices", 422),
        ("acts", 422),
        ("photos", 7 + 3 * 210),
        ("listings", 7 + 210),
        ("tokens", 421),
    ] {
        let items = &told[section];
        assert_eq!(items.len(), expected, "{section}");
        let mut texts: Vec<_> = items.iter().map(Value::to_string).collect();
        texts.sort();
        texts.dedup();
        // Notices and acts of one moment differ only by what they are about.
        if section != "notices" {
            assert_eq!(texts.len(), expected, "{section}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn it_is_asked_for_three_times_a_day_and_the_refusal_says_when_next() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let me = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    for _ in 0..3 {
        assert!(!people::export_open(&*api, me).await?.is_empty());
        db.shift_clock("1 hour").await?;
    }
    db.shift_clock("3 hours").await?;
    match people::export_open(&*api, me).await {
        Err(Error::Limited(fault, wait)) => {
            assert_eq!(fault.reason, Reason::ExportLimit);
            assert!(
                wait.as_secs() <= 86_400 && wait.as_secs() > 70_000,
                "{wait:?}"
            );
        }
        other => panic!("{other:?}"),
    }
    // An operator does not count, and another person counts apart.
    let admin = db.as_role("kardan_admin").await?;
    people::export_open_by_operator(&*admin, me).await?;
    people::export_open(&*api, db.person(Role::User).await?).await?;
    db.shift_clock("25 hours").await?;
    people::export_open(&*api, me).await?;
    Ok(())
}

#[tokio::test]
async fn of_two_at_once_the_second_counts_the_first() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let me = db.person(Role::User).await?;
    let api = db.as_role("kardan_api").await?;
    people::export_open(&*api, me).await?;
    people::export_open(&*api, me).await?;
    let first = db.as_role("kardan_api").await?;
    first.batch_execute("begin").await?;
    people::export_open(&*first, me).await?;
    let second = behind(&db, &first, people::export_open(&*api, me)).await?;
    assert_eq!(reason(second), Reason::ExportLimit);
    Ok(())
}

#[tokio::test]
async fn only_the_person_reads_it_and_only_for_some_hours() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (me, other) = (db.person(Role::User).await?, db.person(Role::Admin).await?);
    let api = db.as_role("kardan_api").await?;
    let sections = people::export_open(&*api, me).await?;
    let mine = ask(&sections[0]);
    assert_eq!(people::export_part(&*api, &mine).await?.len(), 1);
    for wrong in [
        ExportPart {
            actor: other,
            ..mine.clone()
        },
        ExportPart {
            export: Uuid::nil(),
            ..mine.clone()
        },
        ExportPart {
            section: "profile; drop".to_owned(),
            ..mine.clone()
        },
    ] {
        let answer = people::export_part(&*api, &wrong).await;
        assert_eq!(reason(answer), Reason::ExportUnknown, "{wrong:?}");
    }
    let nobody = ExportPart {
        actor: UserId(-1),
        ..mine.clone()
    };
    assert_eq!(
        reason(people::export_part(&*api, &nobody).await),
        Reason::ActorUnknown
    );
    db.shift_clock("6 hours 1 second").await?;
    assert_eq!(
        reason(people::export_part(&*api, &mine).await),
        Reason::ExportUnknown
    );
    Ok(())
}

#[tokio::test]
async fn a_blocked_person_gets_it_too_and_nobody_gets_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let (admin, me) = (db.person(Role::Admin).await?, db.person(Role::User).await?);
    let api = db.as_role("kardan_api").await?;
    block(&*api, admin, me).await?;
    let sections = people::export_open(&*api, me).await?;
    assert!(!read(&*api, &sections).await?["blocks"].is_empty());
    assert_eq!(
        reason(people::export_open(&*api, UserId(-1)).await),
        Reason::ActorUnknown
    );
    let operator = db.as_role("kardan_admin").await?;
    let unknown = people::export_open_by_operator(&*operator, UserId(-1)).await;
    assert_eq!(reason(unknown), Reason::UserUnknown);
    Ok(())
}
