//! What concerns a whole server, on one of its own: roles, pg_cron, the absence of extensions.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use kardan_embedded::{Config, Server};
use kardan_migrations::{BOOTSTRAP_SQL, Cron, Error, Finding, Level, doctor, up};
use kardan_schema::jobs::DECLARED;
use kardan_testdb::Session;
use tempfile::TempDir;

use crate::support::{eventually, values};

/// A server with a database `kardan`, where its pg_cron lives.
struct Own {
    server: Server,
    folder: TempDir,
    preload: Vec<String>,
}

impl Own {
    async fn start(preload: &[&str]) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("kardan-it-")
            .tempdir()
            .unwrap();
        // The server's user is another one when root runs the tests.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let preload: Vec<String> = preload.iter().map(|name| (*name).to_owned()).collect();
        let server = Server::start(config(&folder, &preload)).await.unwrap();
        let own = Self {
            server,
            folder,
            preload,
        };
        let admin = Session::open(&own.server.url("postgres")).await.unwrap();
        admin.batch_execute("create database kardan").await.unwrap();
        own
    }

    async fn restart(self) -> Self {
        let Self {
            server,
            folder,
            preload,
        } = self;
        server.stop().await.unwrap();
        let server = Server::start(config(&folder, &preload)).await.unwrap();
        Self {
            server,
            folder,
            preload,
        }
    }

    async fn session(&self, role: &str) -> Session {
        Session::open(&self.server.url_as(role, "kardan"))
            .await
            .unwrap()
    }
}

fn config(folder: &TempDir, preload: &[String]) -> Config {
    let mut config = Config::for_tests(folder.path().join("server"));
    config.preload = preload.to_vec();
    config
}

async fn finding(session: &mut Session, check: &str) -> Finding {
    let findings = doctor(session).await.unwrap();
    findings.into_iter().find(|f| f.check == check).unwrap()
}

const SCHEDULE: &str =
    "select concat_ws('|', j.username, j.jobname, j.schedule, j.command, j.active)
    from cron.job as j order by j.username, j.jobname";

fn declared() -> Vec<String> {
    DECLARED
        .iter()
        .map(|(name, job)| {
            format!(
                "kardan_maintenance|kardan:{name}|{}|select ops.job_run(p_name => '{name}')|t",
                job.schedule
            )
        })
        .collect()
}

#[tokio::test]
async fn pg_cron_gets_exactly_the_declared_jobs_and_keeps_those_of_others() {
    let own = Own::start(&["pg_cron"]).await;
    let mut session = own.session("postgres").await;
    assert_eq!(up(&mut session, "r").await.unwrap().cron, Cron::Server);
    assert_eq!(values(&session, SCHEDULE).await, declared());
    assert_eq!(finding(&mut session, "job schedule").await.level, Level::Ok);
    assert_eq!(
        finding(&mut session, "extension pg_cron").await.level,
        Level::Ok
    );

    session
        .batch_execute(
            "select cron.schedule('backup', '0 4 * * *', 'select 1');
             select cron.schedule('kardan:of_somebody', '0 5 * * *', 'select 2');
             set role kardan_maintenance;
             select cron.schedule('own', '0 6 * * *', 'select 3');
             select cron.schedule('kardan:of_yesterday', '0 7 * * *', 'select 4');
             select cron.schedule('kardan:job_runs_purge', '1 1 1 1 *', 'select 5');
             select cron.unschedule('kardan:partitions_maintain');
             reset role;
             update cron.job as j set active = false where j.jobname = 'kardan:idempotency_purge'",
        )
        .await
        .unwrap();
    let found = finding(&mut session, "job schedule").await;
    assert_eq!(found.level, Level::Failure);
    assert_eq!(
        found.found,
        "not scheduled: idempotency_purge, job_runs_purge, partitions_maintain"
    );
    assert_eq!(found.next, "kardan migrate up");

    let mut migrator = own.session("kardan_migrator").await;
    assert_eq!(up(&mut migrator, "r").await.unwrap().cron, Cron::Server);
    let mut expected = declared();
    expected.push("kardan_maintenance|own|0 6 * * *|select 3|t".to_owned());
    expected.push("postgres|backup|0 4 * * *|select 1|t".to_owned());
    expected.push("postgres|kardan:of_somebody|0 5 * * *|select 2|t".to_owned());
    assert_eq!(values(&session, SCHEDULE).await, expected);
    assert_eq!(finding(&mut session, "job schedule").await.level, Level::Ok);
}

/// The only schedule of pg_cron 1.4 that does not wait for the next minute is `@reboot`.
#[tokio::test]
async fn a_job_of_pg_cron_runs_as_the_maintenance_role() {
    let own = Own::start(&["pg_cron"]).await;
    let mut session = own.session("postgres").await;
    up(&mut session, "r").await.unwrap();
    session
        .batch_execute(
            "update cron.job as j set schedule = '@reboot' where j.jobname = 'kardan:partitions_maintain'",
        )
        .await
        .unwrap();
    drop(session);
    let own = own.restart().await;
    let session = own.session("postgres").await;
    eventually(
        &session,
        "the job's run",
        "select exists (select from ops_data.job_runs as r where r.job_name = 'partitions_maintain' and r.error is null)",
    )
    .await;
}

#[tokio::test]
async fn a_role_that_may_more_or_is_gone_is_a_failure() {
    let own = Own::start(&[]).await;
    let mut session = own.session("postgres").await;
    session.batch_execute(BOOTSTRAP_SQL).await.unwrap();
    assert_eq!(finding(&mut session, "role rights").await.level, Level::Ok);
    for (fault, cure, who) in [
        (
            "alter role kardan_api superuser",
            "alter role kardan_api nosuperuser",
            "kardan_api",
        ),
        (
            "alter role kardan_migrator superuser",
            "alter role kardan_migrator nosuperuser",
            "kardan_migrator",
        ),
        (
            "alter role kardan_worker createrole",
            "alter role kardan_worker nocreaterole",
            "kardan_worker",
        ),
        (
            "alter role kardan_monitor bypassrls",
            "alter role kardan_monitor nobypassrls",
            "kardan_monitor",
        ),
        (
            "grant kardan_owner to kardan_bot",
            "revoke kardan_owner from kardan_bot",
            "kardan_bot",
        ),
        (
            "grant pg_read_all_data to kardan_admin",
            "revoke pg_read_all_data from kardan_admin",
            "kardan_admin",
        ),
    ] {
        session.batch_execute(fault).await.unwrap();
        let found = finding(&mut session, "role rights").await;
        assert_eq!(
            (found.level, found.found),
            (Level::Failure, format!("more than their grants: {who}")),
            "{fault}"
        );
        assert!(found.next.contains("revoke its memberships"));
        session.batch_execute(cure).await.unwrap();
        assert_eq!(
            finding(&mut session, "role rights").await.level,
            Level::Ok,
            "{cure}"
        );
    }
    session
        .batch_execute("drop owned by kardan_bot; drop role kardan_bot")
        .await
        .unwrap();
    let found = finding(&mut session, "roles").await;
    assert_eq!(
        (found.level, found.found.as_str()),
        (Level::Failure, "missing: kardan_bot")
    );
    assert!(found.next.contains("kardan migrate bootstrap"));

    let mut migrator = own.session("kardan_migrator").await;
    let error = up(&mut migrator, "r").await.unwrap_err();
    assert!(
        matches!(&error, Error::NotBootstrapped { missing, .. } if missing == "the role kardan_bot"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_without_any_role_of_ours_says_what_to_run() {
    let own = Own::start(&[]).await;
    let session = own.session("postgres").await;
    session
        .batch_execute("create role somebody login")
        .await
        .unwrap();
    let mut somebody = own.session("somebody").await;
    let error = up(&mut somebody, "r").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the role kardan_owner is missing and somebody is no superuser; let a superuser run once: \
         kardan migrate bootstrap | psql DATABASE"
    );
    let found = doctor(&mut somebody).await.unwrap();
    assert!(
        found
            .iter()
            .any(|f| f.check == "roles" && f.level == Level::Failure),
        "{found:?}"
    );
}

/// A server that counts statements, with everything applied.
async fn counting() -> Own {
    let own = Own::start(&["pg_stat_statements"]).await;
    let mut admin = own.session("postgres").await;
    up(&mut admin, "r").await.unwrap();
    own
}

#[tokio::test]
async fn the_history_of_statements_adds_up_what_they_took_since_the_last_look() {
    let own = counting().await;
    let admin = own.session("postgres").await;
    let job = own.session("kardan_maintenance").await;
    let record = async || {
        job.batch_execute("select ops.query_history_record()")
            .await
            .unwrap()
    };
    let calls = async || -> i64 {
        admin
            .query_one(
                "select coalesce(sum(h.calls), 0)::bigint from ops_data.query_history as h
                 where h.queryid = (select min(s.queryid) from extensions.pg_stat_statements as s
                     where s.query like 'select count(*) from pg_class%')",
                &[],
            )
            .await
            .unwrap()
            .get(0)
    };
    // As another role: the owner of the program sees what everybody's statements took.
    let somebody = own.session("kardan_api").await;
    let ask = async |times: u32| {
        for _ in 0..times {
            somebody
                .query("select count(*) from pg_class", &[])
                .await
                .unwrap();
        }
    };
    ask(5).await;
    record().await;
    assert_eq!(calls().await, 0, "nobody knows when those were");
    ask(3).await;
    record().await;
    record().await;
    assert_eq!(calls().await, 3);
    ask(2).await;
    record().await;
    assert_eq!(calls().await, 5);
    admin
        .batch_execute("select extensions.pg_stat_statements_reset()")
        .await
        .unwrap();
    ask(4).await;
    record().await;
    assert!(
        (5..=9).contains(&calls().await),
        "nothing is counted twice after a reset"
    );
}

#[tokio::test]
async fn with_hypopg_doctor_proposes_the_index_that_a_statement_lacks() {
    let own = counting().await;
    let mut admin = own.session("postgres").await;
    admin
        .batch_execute(
            "create extension hypopg;
             create table public.orders (id int, customer_id int, note text);
             insert into public.orders select n, n, repeat('x', 100) from generate_series(1, 20000) as n;
             analyze public.orders",
        )
        .await
        .unwrap();
    for customer in 0..12_i32 {
        admin
            .query(
                "select o.note from public.orders as o where o.customer_id = $1 and o.id > 0",
                &[&customer],
            )
            .await
            .unwrap();
    }
    let missing = async |admin: &mut Session| -> Vec<Finding> {
        let all = kardan_migrations::deep(admin, kardan_migrations::Depth::default())
            .await
            .unwrap();
        all.into_iter()
            .filter(|f| f.check == "missing index")
            .collect()
    };
    let found = missing(&mut admin).await;
    let wanted = "create index concurrently on public.orders (customer_id)";
    let finding = found
        .iter()
        .find(|f| f.next == wanted)
        .unwrap_or_else(|| panic!("{found:?}"));
    assert!(
        finding.level == Level::Warning && finding.found.contains("customer_id = $1"),
        "{finding:?}"
    );
    admin.batch_execute(wanted).await.unwrap();
    let found = missing(&mut admin).await;
    assert!(found.iter().all(|f| f.next != wanted), "{found:?}");
}
