//! A moment of one's choice, exactly: what was committed until then is there, and what came later is not.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use kardan_backup::{
    Archive, Error, Kind, Plan, Progress, Repository, Target, Wish, make_point, plan_restore, push,
    restore_to,
};
use kardan_embedded::{Config, Server};
use tokio_postgres::Client;

use crate::support::{Shop, closed_wal, connect, keep_wal};

/// A number that was committed, and when.
type Commit = (i64, DateTime<Utc>);

/// A backup, and what was committed behind it, all of it archived.
struct History {
    shop: Shop,
    repository: Repository,
    commits: Vec<Commit>,
}

impl History {
    async fn open(count: i64) -> anyhow::Result<Self> {
        let shop = Shop::open().await?;
        keep_wal(&shop.client).await?;
        shop.client
            .batch_execute("create table log (id bigint primary key)")
            .await?;
        shop.take_with(None, Kind::Physical, false).await?;
        let repository = Repository::open(&shop.repository(), None)?;
        let mut history = Self {
            shop,
            repository,
            commits: Vec::new(),
        };
        history.commits = write(&history.shop.client, 1, count).await?;
        history.archive().await?;
        Ok(history)
    }

    async fn archive(&self) -> anyhow::Result<()> {
        for path in closed_wal(&self.shop.server, &self.shop.client).await? {
            push(&self.repository, &path)?;
        }
        Ok(())
    }

    fn plan(&self, target: &Target, timeline: Option<u32>) -> Result<Plan, Error> {
        let wish = Wish {
            target: target.clone(),
            timeline,
            backup: None,
        };
        let bin_dir = self.shop.server.installation().bin_dir();
        plan_restore(&self.repository, &wish, Some(bin_dir), &Progress::default())
    }

    /// Restores to a target and starts a server on it.
    async fn come_to(
        &self,
        target: &Target,
        timeline: Option<u32>,
    ) -> anyhow::Result<(Server, PathBuf)> {
        let plan = self.plan(target, timeline)?;
        let folder = tempfile::tempdir_in(self.shop.folder.path())?.keep();
        fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        restore_to(
            &self.repository,
            &plan,
            &folder,
            Some(self.shop.server.installation().bin_dir()),
            &Arc::new(Progress::default()),
        )
        .await?;
        let server = Server::start(Config::for_tests(&folder)).await?;
        Ok((server, folder))
    }

    /// The numbers that a target brings back.
    async fn numbers(
        &self,
        target: &Target,
        timeline: Option<u32>,
    ) -> anyhow::Result<BTreeSet<i64>> {
        let (server, folder) = self.come_to(target, timeline).await?;
        let client = connect(&server.url("shop")).await?;
        let rows = client.query("select id from log", &[]).await?;
        server.stop().await?;
        fs::remove_dir_all(folder)?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}

/// Commits numbers one by one, with segments closed in between; when each was committed, as the server noted it.
async fn write(client: &Client, first: i64, last: i64) -> anyhow::Result<Vec<Commit>> {
    for id in first..=last {
        client
            .execute("insert into log values ($1)", &[&id])
            .await?;
        if id % 60 == 0 {
            client.execute("select pg_switch_wal()", &[]).await?;
        }
    }
    let rows = client
        .query(
            "select id, pg_xact_commit_timestamp(xmin) from log where id >= $1 order by id",
            &[&first],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// What must be there at a time.
fn until(commits: &[Commit], time: DateTime<Utc>) -> BTreeSet<i64> {
    let of_then = commits.iter().filter(|(_, at)| *at <= time);
    of_then.map(|(id, _)| *id).collect()
}

/// Times that nobody chose: between two commits, or exactly at one, drawn from the microseconds of the history itself.
fn draw(commits: &[Commit], count: usize) -> Vec<DateTime<Utc>> {
    let mut state = commits[0].1.timestamp_micros().unsigned_abs();
    let mut times = Vec::new();
    while times.len() < count {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let at = usize::try_from(state >> 33).unwrap() % (commits.len() - 1);
        let (from, to) = (commits[at].1, commits[at + 1].1);
        let span = (to - from).num_microseconds().unwrap();
        let into = i64::try_from((state >> 20) & 0xfff).unwrap() % span.max(1);
        times.push(from + chrono::Duration::microseconds(into));
    }
    times
}

#[tokio::test]
async fn twenty_moments_of_one_history_across_a_promotion_come_back_exactly() -> anyhow::Result<()>
{
    let history = History::open(300).await?;
    // A copy takes over where the archive ends.
    let (promoted, _) = history.come_to(&Target::End, None).await?;
    let client = connect(&promoted.url("shop")).await?;
    keep_wal(&client).await?;
    let own = history.commits.clone();
    // The old server does not know, and goes on for a while.
    let lost = write(&history.shop.client, 1001, 1030).await?;
    history.archive().await?;
    let mut ends = Vec::new();
    for id in 301..=600_i64 {
        client
            .execute("insert into log values ($1)", &[&id])
            .await?;
        let now: DateTime<Utc> = client
            .query_one("select clock_timestamp()", &[])
            .await?
            .get(0);
        ends.push((id, now));
        if id % 60 == 0 {
            client.execute("select pg_switch_wal()", &[]).await?;
        }
    }
    for path in closed_wal(&promoted, &client).await? {
        push(&history.repository, &path)?;
    }
    promoted.stop().await?;

    // Behind the promotion the times are the ends of commits: the copy notes no times of its own commits.
    let all: Vec<Commit> = own.iter().chain(&ends).copied().collect();
    let mut times = draw(&own, 10);
    times.extend(ends.iter().step_by(30).map(|(_, end)| *end));
    assert_eq!(times.len(), 20);
    for pair in times.chunks(2) {
        let come = async |time: DateTime<Utc>| history.numbers(&Target::Time(time), None).await;
        let (one, two) = tokio::try_join!(come(pair[0]), come(pair[1]))?;
        assert_eq!(one, until(&all, pair[0]), "{}", pair[0]);
        assert_eq!(two, until(&all, pair[1]), "{}", pair[1]);
    }

    // What the old server wrote is asked about, and can be had.
    let time = lost[15].1;
    let refused = history.plan(&Target::Time(time), None).unwrap_err();
    assert!(
        matches!(refused, Error::Abandoned { other: 1, .. }),
        "{refused}"
    );
    let found = history.numbers(&Target::Time(time), Some(1)).await?;
    let old: Vec<Commit> = own.iter().chain(&lost).copied().collect();
    assert_eq!(found, until(&old, time));
    Ok(())
}

#[tokio::test]
async fn a_point_a_position_and_the_end_are_come_to_as_well() -> anyhow::Result<()> {
    let history = History::open(5).await?;
    let (source, client) = (history.shop.source().await?, &history.shop.client);
    make_point(&source, &history.repository, "it's noon")
        .await
        .unwrap_err();
    make_point(&source, &history.repository, "noon").await?;
    write(client, 6, 8).await?;
    client
        .execute("select pg_create_restore_point('by hand')", &[])
        .await?;
    write(client, 9, 10).await?;
    let lsn: String = client
        .query_one("select pg_current_wal_insert_lsn()::text", &[])
        .await?
        .get(0);
    write(client, 11, 12).await?;
    history.archive().await?;
    let name = |name: &str| Target::Name(name.to_owned());
    for (target, last) in [
        (name("noon"), 5),
        (name("by hand"), 8),
        (Target::lsn(&lsn)?, 10),
        (Target::End, 12),
    ] {
        let found = history.numbers(&target, None).await?;
        assert_eq!(found, (1..=last).collect(), "{target}");
    }
    let refused = history
        .plan(&name("midnight"), None)
        .unwrap_err()
        .to_string();
    assert!(refused.contains("has made: noon"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_had_is_told_before_anything_is_touched() -> anyhow::Result<()> {
    let history = History::open(200).await?;
    let ask = |target: Target, timeline| {
        let refused = history.plan(&target, timeline).unwrap_err();
        refused.to_string()
    };
    let first = history.commits[0].1;
    let hour = chrono::Duration::hours(1);
    let said = ask(Target::Time(first - hour), None);
    assert!(said.contains("is before the first moment"), "{said}");
    let said = ask(Target::Time(Utc::now() + hour), None);
    assert!(said.contains("is in the future"), "{said}");
    let said = ask(Target::Time(Utc::now()), None);
    assert!(said.contains("is past the archive"), "{said}");
    assert!(said.contains("the last transaction in it at"), "{said}");
    let said = ask(Target::lsn("FF/0")?, None);
    assert!(said.contains("is past the archive"), "{said}");
    let said = ask(Target::lsn("0/10")?, None);
    assert!(said.contains("is before the first moment"), "{said}");
    let said = ask(Target::End, Some(7));
    assert!(said.contains("there are: 1"), "{said}");

    // A segment in the middle is gone.
    let plan = history.plan(&Target::Time(history.commits[150].1), None)?;
    let gone = &plan.segments[plan.segments.len() - 2];
    let folder = history.shop.repository().join("wal").join(&gone[..16]);
    for found in fs::read_dir(folder)? {
        let path = found?.path();
        if path.to_str().unwrap().contains(gone.as_str()) {
            fs::remove_file(path)?;
        }
    }
    let refused = history.plan(&Target::End, None).unwrap_err();
    let Error::Gap {
        missing,
        first,
        reach,
        ..
    } = &refused
    else {
        panic!("{refused}")
    };
    assert_eq!((*missing, first), (1, gone));
    assert_eq!(Archive::load(&history.repository)?.unwrap().gaps().len(), 1);
    // What it offers instead can be had.
    let lsn = reach.strip_prefix("--target-lsn ").unwrap();
    let found = history.numbers(&Target::lsn(lsn)?, None).await?;
    assert_eq!(found, (1..=59).collect(), "all but the last before the gap");
    Ok(())
}

#[tokio::test]
async fn a_broken_segment_stops_a_restore_before_a_server_sees_it() -> anyhow::Result<()> {
    let history = History::open(200).await?;
    let plan = history.plan(&Target::End, None)?;
    let broken = plan.segments.last().unwrap();
    let folder = history.shop.repository().join("wal").join(&broken[..16]);
    for found in fs::read_dir(folder)? {
        let path = found?.path();
        if path.to_str().unwrap().contains(broken.as_str()) {
            let mut bytes = fs::read(&path)?;
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(&path, bytes)?;
        }
    }
    let to = history.shop.folder.path().join("again");
    let restored = restore_to(
        &history.repository,
        &plan,
        &to,
        Some(history.shop.server.installation().bin_dir()),
        &Arc::new(Progress::default()),
    )
    .await;
    let refused = restored.unwrap_err();
    assert!(matches!(refused, Error::Damaged { .. }), "{refused}");
    assert!(!to.join("pg/recovery.signal").exists());
    Ok(())
}
