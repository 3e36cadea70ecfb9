//! Events for those who listen: what a server reads for all, what one person missed, and where a stream begins.

use chrono::{DateTime, Duration, Utc};
use kardan_schema::notify::{
    self, Event, EventList, EventOpen, EventPosition, EventRead, MissedEvent,
};
use kardan_schema::people::{self, TokenIssue, UserBlock};
use kardan_schema::{Role, Scope, UserId};
use kardan_testdb::ListingFixture;
use uuid::Uuid;

use super::Office;
use crate::plans::{Explained, Mode};

/// Before everything.
const START: (i64, i64) = (0, 0);

/// Behind everything.
const END: (i64, i64) = (i64::MAX, i64::MAX);

impl Office {
    async fn say(&self, what: &str, users: &str, shop: &str) -> anyhow::Result<()> {
        self.run(&format!(
            "select notify.announce('{what}', {users}, {shop}, ops.clock_now(), '{{\"n\": 1}}')"
        ))
        .await
    }

    async fn position(&self) -> anyhow::Result<EventPosition> {
        Ok(notify::event_position(&*self.api).await?)
    }

    async fn read(&self, after: (i64, i64), before: i64, limit: i32) -> anyhow::Result<Vec<Event>> {
        let ask = EventRead {
            after_xid: after.0,
            after_id: after.1,
            before_xid: before,
            limit: Some(limit),
        };
        Ok(notify::event_read(&*self.api, &ask).await?)
    }

    async fn missed(
        &self,
        actor: UserId,
        listings: &[i64],
        after: (i64, i64),
        until: (i64, i64),
        limit: i32,
    ) -> anyhow::Result<Vec<MissedEvent>> {
        let ask = EventList {
            actor,
            listings: listings.to_vec(),
            since: Some(Utc::now()),
            after_xid: after.0,
            after_id: after.1,
            until_xid: until.0,
            until_id: until.1,
            limit: Some(limit),
        };
        Ok(notify::event_list(&*self.api, &ask).await?)
    }

    async fn why(
        &self,
        actor: UserId,
        last: Option<(&str, i64, DateTime<Utc>)>,
    ) -> Result<Option<String>, kardan_schema::Error> {
        let ask = EventOpen {
            actor,
            epoch: last.map(|last| last.0.to_owned()),
            xid: last.map(|last| last.1),
            at: last.map(|last| last.2),
        };
        Ok(notify::event_open(&*self.api, &ask).await?.why)
    }

    /// Waits until everything that was committed can be read: others use this server too.
    async fn settled(&self) -> anyhow::Result<EventPosition> {
        self.until(
            "select count(*) from notify_data.events as e
             where e.written_by >= pg_snapshot_xmin(pg_current_snapshot())",
            0,
        )
        .await?;
        self.position().await
    }

    /// A shop with these members.
    async fn shop(&self, members: &[UserId]) -> anyhow::Result<i64> {
        let shop = self
            .owner
            .query_one(
                "insert into market_data.shops (name, created_by, created_at, updated_at)
                 values ('Parts of ' || $1::bigint, $1::bigint, ops.clock_now(), ops.clock_now()) returning id",
                &[&members[0].0],
            )
            .await?
            .get(0);
        for member in members {
            self.owner
                .execute(
                    "insert into market_data.shop_members (shop_id, user_id, role, joined_at)
                     values ($1, $2, 'owner', ops.clock_now())",
                    &[&shop, member],
                )
                .await?;
        }
        Ok(shop)
    }
}

fn types(events: &[Event]) -> Vec<&str> {
    events.iter().map(|one| one.event_type.as_str()).collect()
}

#[tokio::test]
async fn read_step_by_step_nothing_is_lost_or_doubled_though_the_earlier_is_committed_later()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    let mut slow = office.db.superuser().await?;
    let tx = slow.transaction().await?;
    tx.batch_execute(
        "select notify.announce('thing.early', array[3], null, ops.clock_now(), null)",
    )
    .await?;
    office.say("thing.late", "array[3]", "null").await?;
    let held = office.position().await?;
    assert!(office.read(START, held.next_xid, 100).await?.is_empty());
    tx.commit().await?;
    let now = office.settled().await?;
    // From where the first look ended, one row at a time.
    let mut after = (held.next_xid, 0);
    let mut heard = Vec::new();
    loop {
        let rows = office.read(after, now.next_xid, 1).await?;
        let Some(row) = rows.first() else { break };
        after = (row.xid, row.event_id);
        heard.push(row.event_type.clone());
    }
    assert_eq!(heard, ["thing.early", "thing.late"]);
    Ok(())
}

#[tokio::test]
async fn a_shops_event_is_for_its_members_of_the_moment_and_for_nobody_twice() -> anyhow::Result<()>
{
    let office = Office::open().await?;
    let people = office.people(3).await?;
    let [anna, boris, clara] = people[..] else {
        unreachable!()
    };
    let shop = office.shop(&[anna, boris, clara]).await?;
    office
        .say("deal.opened", &format!("array[{anna}]"), &shop.to_string())
        .await?;
    let now = office.settled().await?;
    let readers = async || -> anyhow::Result<Vec<Vec<i64>>> {
        let rows = office.read(START, now.next_xid, 100).await?;
        assert_eq!(types(&rows), ["deal.opened", "deal.opened"]);
        assert_eq!(
            rows.iter().map(|row| row.shop_id).collect::<Vec<_>>(),
            [None, Some(shop)]
        );
        let mut readers: Vec<_> = rows.into_iter().map(|row| row.readers).collect();
        readers[1].sort_unstable();
        Ok(readers)
    };
    assert_eq!(readers().await?, [vec![anna.0], vec![boris.0, clara.0]]);
    let heard = async |who| -> anyhow::Result<usize> {
        Ok(office.missed(who, &[], START, END, 100).await?.len())
    };
    assert_eq!((heard(anna).await?, heard(boris).await?), (1, 1));

    office
        .run(&format!(
            "delete from market_data.shop_members where user_id = {boris}"
        ))
        .await?;
    assert_eq!(readers().await?, [vec![anna.0], vec![clara.0]]);
    assert_eq!((heard(boris).await?, heard(clara).await?), (0, 1));

    let admin = office.db.person(Role::Admin).await?;
    for user in [anna, clara] {
        let block = UserBlock {
            actor: admin,
            user,
            until: None,
            reason: "spam".to_owned(),
        };
        people::user_block(&*office.api, &block).await?;
    }
    assert!(readers().await?.concat().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_listings_event_is_told_only_while_everybody_may_see_the_listing() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let seller = office.person().await?;
    let stranger = office.person().await?;
    let listing = office
        .db
        .listing(seller, &ListingFixture::default())
        .await?
        .0;
    office
        .run(&format!(
            "select notify.announce_listing('listing.message', {listing}, ops.clock_now(), null)"
        ))
        .await?;
    let now = office.settled().await?;
    let rows = office.read(START, now.next_xid, 100).await?;
    assert_eq!(
        (rows[0].listing_id, rows[0].readers.len()),
        (Some(listing), 0)
    );
    assert_eq!(rows[0].data["listing_id"], listing);
    let watched = [listing, listing, 999_999];
    assert_eq!(
        office
            .missed(stranger, &watched, START, END, 100)
            .await?
            .len(),
        1
    );
    assert_eq!(
        office.missed(stranger, &[], START, END, 100).await?.len(),
        0
    );
    office
        .run(&format!(
            "set session_replication_role = replica;
             update market_data.listings set status = 'draft' where id = {listing};
             set session_replication_role = origin"
        ))
        .await?;
    assert_eq!(
        office.read(START, now.next_xid, 100).await?[0].listing_id,
        None
    );
    assert_eq!(
        office
            .missed(stranger, &watched, START, END, 100)
            .await?
            .len(),
        0
    );
    Ok(())
}

#[tokio::test]
async fn what_somebody_missed_is_what_they_would_have_heard_in_the_same_order() -> anyhow::Result<()>
{
    let office = Office::open().await?;
    let anna = office.person().await?;
    let other = office.person().await?;
    let shop = office.shop(&[anna]).await?;
    let strange = office.shop(&[other]).await?;
    let listing = office
        .db
        .listing(other, &ListingFixture::default())
        .await?
        .0;
    for n in 0..6 {
        let (users, shop) = match n % 3 {
            0 => (format!("array[{anna}]"), "null".to_owned()),
            1 => (format!("array[{other}]"), shop.to_string()),
            _ => (format!("array[{other}]"), strange.to_string()),
        };
        office.say(&format!("step.n{n}"), &users, &shop).await?;
        office
            .run(&format!(
                "select notify.announce_listing('listing.n{n}', {listing}, ops.clock_now(), null)"
            ))
            .await?;
    }
    let now = office.settled().await?;
    let all = office.read(START, now.next_xid, 100).await?;
    let hers = all
        .iter()
        .filter(|row| row.readers.contains(&anna.0) || row.listing_id == Some(listing));
    let hers: Vec<_> = hers.map(|row| (row.xid, row.event_id)).collect();
    assert_eq!(hers.len(), 4 + 6);
    let mut after = START;
    let mut missed = Vec::new();
    loop {
        let rows = office.missed(anna, &[listing], after, hers[8], 2).await?;
        missed.extend(rows.iter().map(|row| (row.xid, row.event_id)));
        match rows.last() {
            Some(row) => after = (row.xid, row.event_id),
            None => break,
        }
    }
    assert_eq!(missed, hers[..9]);
    Ok(())
}

#[tokio::test]
async fn a_stream_says_why_it_cannot_go_on_where_it_was() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let anna = office.person().await?;
    let EventPosition { epoch, next_xid } = office.position().await?;
    let now = Utc::now();
    assert_eq!(office.why(anna, None).await?, None);
    assert_eq!(office.why(anna, Some((&epoch, next_xid, now))).await?, None);
    let day = |days| now - Duration::days(days);
    assert_eq!(office.why(anna, Some((&epoch, 1, day(5)))).await?, None);
    let old = office.why(anna, Some((&epoch, 1, day(7)))).await?;
    assert_eq!(old.as_deref(), Some("old"));
    for (epoch, xid) in [("0123456789ab", 1), (&epoch, next_xid + 1_000_000)] {
        let other = office.why(anna, Some((epoch, xid, now))).await?;
        assert_eq!(other.as_deref(), Some("epoch"));
    }
    Ok(())
}

#[tokio::test]
async fn the_epoch_is_the_same_for_all_sessions_and_another_one_in_another_database()
-> anyhow::Result<()> {
    let (one, other) = (Office::open().await?, Office::open().await?);
    let again = notify::event_position(&*one.db.as_role("kardan_api").await?).await?;
    assert_eq!(one.position().await?.epoch, again.epoch);
    assert_ne!(one.position().await?.epoch, other.position().await?.epoch);
    Ok(())
}

#[tokio::test]
async fn who_is_blocked_does_not_listen() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let anna = office.person().await?;
    let admin = office.db.person(Role::Admin).await?;
    let block = UserBlock {
        actor: admin,
        user: anna,
        until: None,
        reason: "spam".to_owned(),
    };
    people::user_block(&*office.api, &block).await?;
    let refused = office.why(anna, None).await.unwrap_err();
    assert_eq!(refused.fault().unwrap().reason.code(), "actor_blocked");
    let refused = office.missed(anna, &[], START, END, 1).await.unwrap_err();
    assert!(format!("{refused:#}").contains("blocked"), "{refused:#}");
    Ok(())
}

#[tokio::test]
async fn tokens_that_are_over_revoked_unknown_or_of_somebody_blocked_are_told() -> anyhow::Result<()>
{
    let office = Office::open().await?;
    let root = office.db.as_role("kardan_admin").await?;
    let mut tokens = Vec::new();
    for n in 0..4_u8 {
        let issue = TokenIssue {
            user: office.person().await?,
            name: "test".to_owned(),
            scopes: vec![Scope::Read],
            token_hash: vec![n; 32],
            ttl_seconds: 3600,
        };
        tokens.push((
            people::token_issue(&*root, &issue).await?.token_id,
            issue.user,
        ));
    }
    let unknown = Uuid::now_v7();
    let asked = tokens
        .iter()
        .map(|one| one.0)
        .chain([unknown])
        .collect::<Vec<_>>();
    let ended = async || -> anyhow::Result<Vec<Uuid>> {
        let rows = people::tokens_ended(&*office.api, asked.clone()).await?;
        let mut rows: Vec<_> = rows.into_iter().map(|row| row.token_id).collect();
        rows.sort_unstable();
        Ok(rows)
    };
    assert_eq!(ended().await?, [unknown]);
    people::token_revoke(&*office.api, tokens[0].1, tokens[0].0).await?;
    let admin = office.db.person(Role::Admin).await?;
    let block = UserBlock {
        actor: admin,
        user: tokens[1].1,
        until: None,
        reason: "spam".to_owned(),
    };
    people::user_block(&*office.api, &block).await?;
    office
        .owner
        .execute(
            "update people_data.tokens set created_at = created_at - interval '2 hours',
                 expires_at = expires_at - interval '2 hours' where id = $1",
            &[&tokens[2].0],
        )
        .await?;
    let mut wanted = vec![tokens[0].0, tokens[1].0, tokens[2].0, unknown];
    wanted.sort_unstable();
    assert_eq!(ended().await?, wanted);
    Ok(())
}

#[tokio::test]
async fn a_look_at_the_log_reads_its_end_by_the_index_and_no_other_days() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let anna = office.person().await?;
    let shop = office.shop(&[anna]).await?;
    office
        .run(&format!(
            "set session_replication_role = replica;
             insert into notify_data.events (at, written_by, type, user_id, event_at, data)
             select t.at, (1000 + n)::text::xid8, 'a.b', 1000 + n % 3000, t.at, '{{}}'
             from generate_series(1, 30000) as n
             cross join lateral (select ops.clock_now() - (30000 - n) * interval '15 seconds') as t (at);
             insert into notify_data.events (at, written_by, type, shop_id, event_at, data)
             select t.at, (1000 + n)::text::xid8, 'a.b', {shop} + n % 300, t.at, '{{}}'
             from generate_series(1, 30000) as n
             cross join lateral (select ops.clock_now() - (30000 - n) * interval '15 seconds') as t (at);
             set session_replication_role = origin;
             analyze notify_data.events; analyze market_data.shop_members"
        ))
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        for call in [
            "select from notify.event_read(30900, 0, 31001, 500)".to_owned(),
            format!(
                "select from notify.event_list({anna}, '{{7}}', ops.clock_now(), 30000, 0, 31000, 9, 100)"
            ),
        ] {
            let plans = Explained::run(&office.db, mode, &call).await?;
            let text = plans.to_string();
            let reads = |name: &str| {
                let mut lines = text
                    .lines()
                    .filter(|line| line.contains(&format!(" on {name} ")));
                lines.any(|line| !line.contains("rows=0 ") && !line.contains("never executed"))
            };
            let read: Vec<_> = plans
                .partitions("events")
                .into_iter()
                .filter(|name| reads(name))
                .collect();
            // Where the day of the test lies outside the partitions, the default one.
            assert!((1..=2).contains(&read.len()), "{call}: {read:?}\n{plans}");
            let whole = text.lines().find(|line| {
                line.contains("Seq Scan on events_")
                    && !line.contains("rows=0 ")
                    && !line.contains("never executed")
            });
            assert_eq!(whole, None, "{call}\n{plans}");
            assert!(text.contains("written_by_id_idx"), "{call}\n{plans}");
        }
    }
    Ok(())
}
