//! The roles of the database: each may call what the contract says, and reads no table.

use kardan_testdb::{Database, of_domains};

#[tokio::test]
async fn a_database_role_may_call_what_the_contract_says_and_read_no_table() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let open: Vec<String> = session
        .query(
            &of_domains("select r.rolname || ': ' || c.oid::regclass::text from pg_roles as r
             cross join pg_class as c
             join pg_namespace as n on n.oid = c.relnamespace
             where r.rolname in ('kardan_api', 'kardan_bot', 'kardan_worker', 'kardan_admin', 'kardan_maintenance')
                 and n.nspname ~ '^(DOMAINS)_data$' and c.relkind in ('r', 'p', 'v', 'm')
                 and has_table_privilege(r.rolname, c.oid, 'select, insert, update, delete, truncate')"),
            &[],
        )
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert!(open.is_empty(), "\n{}", open.join("\n"));

    let api = db.as_role("kardan_api").await?;
    for statement in [
        "select from people_data.tokens",
        "select ops.job_run('partitions_maintain')",
        "select people.token_issue(1, 'x', array['read'], '\\x', 1)",
        "create table public.mine (a int)",
        "set role kardan_owner",
    ] {
        let answer = api.batch_execute(statement).await;
        let code = answer
            .err()
            .and_then(|error| error.code().map(|code| code.code().to_owned()));
        assert_eq!(code.as_deref(), Some("42501"), "{statement}");
    }
    Ok(())
}
