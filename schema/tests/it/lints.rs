//! Rules that hold for every function and table, read from the catalogue of a database. Each test lists what breaks a rule.

use kardan_testdb::{Database, of_domains};

/// What a query finds, a line each. A rule holds when it finds nothing.
async fn findings(sql: &str) -> anyhow::Result<Vec<String>> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    Ok(session
        .query(&of_domains(sql), &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect())
}

async fn assert_none(sql: &str) -> anyhow::Result<()> {
    let found = findings(sql).await?;
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}

/// `f`: every function of the replaceable schemas with what the rules ask of it.
const FUNCTIONS: &str = "
    with f as (
        select p.oid, p.oid::regprocedure::text as name, n.nspname as domain, p.proname, l.lanname as language,
            p.prosecdef as definer, p.proconfig as config, p.provolatile as volatility, p.proretset,
            p.prorettype, p.proargnames as arg_names, p.proargmodes as arg_modes, p.pronargs, p.pronargdefaults,
            p.proparallel as parallel, obj_description(p.oid, 'pg_proc') as comment, pg_get_functiondef(p.oid) as source,
            exists (
                select from aclexplode(p.proacl) as a where a.grantee <> p.proowner
            ) as granted
        from pg_proc as p
        join pg_namespace as n on n.oid = p.pronamespace
        join pg_language as l on l.oid = p.prolang
        where n.nspname ~ '^(DOMAINS)$')";

#[tokio::test]
async fn what_is_granted_is_an_entry_with_a_fixed_search_path_or_a_read_that_inlines()
-> anyhow::Result<()> {
    assert_none(&format!(
        "{FUNCTIONS}
         select f.name || ': granted, and neither a definer with search_path pg_catalog, pg_temp nor inlinable' from f
         where f.granted
             and not (f.definer and f.language = 'plpgsql' and f.config = array['search_path=pg_catalog, pg_temp'])
             and not (not f.definer and f.language = 'sql' and f.config is null and f.volatility = 's'
                 and f.parallel = 's')"
    ))
    .await
}

#[tokio::test]
async fn what_is_not_granted_runs_with_its_callers_rights_and_never_finds_names_by_path()
-> anyhow::Result<()> {
    assert_none(&format!(
        "{FUNCTIONS}
         select f.name || ': a step needs a fixed search_path, a helper none, and neither is a definer' from f
         where not f.granted
             and (f.definer
                 or (f.language = 'plpgsql' and not 'search_path=pg_catalog, pg_temp' = any (coalesce(f.config, '{{}}')))
                 or (f.language = 'sql' and f.config is not null))"
    ))
    .await
}

#[tokio::test]
async fn sql_functions_are_parsed_when_they_are_made() -> anyhow::Result<()> {
    assert_none(
        "select p.oid::regprocedure::text || ': a quoted sql body is parsed with the caller''s path'
         from pg_proc as p
         join pg_namespace as n on n.oid = p.pronamespace
         join pg_language as l on l.oid = p.prolang
         where n.nspname ~ '^(DOMAINS)(_data)?$' and l.lanname = 'sql' and p.prosqlbody is null",
    )
    .await
}

#[tokio::test]
async fn every_function_says_what_it_does_and_what_it_raises() -> anyhow::Result<()> {
    assert_none(&format!(
        "{FUNCTIONS}
         select f.name || ': no comment, or none that ends with `Raises: ….`' from f
         where f.comment is null or f.comment !~ 'Raises: .+\\.$'"
    ))
    .await
}

#[tokio::test]
async fn the_public_may_call_nothing() -> anyhow::Result<()> {
    assert_none(
        "select p.oid::regprocedure::text from pg_proc as p
         join pg_namespace as n on n.oid = p.pronamespace
         where n.nspname ~ '^(DOMAINS)(_data)?$'
             and (p.proacl is null or exists (select from aclexplode(p.proacl) as a where a.grantee = 0))",
    )
    .await
}

#[tokio::test]
async fn no_function_is_overloaded_or_has_defaults() -> anyhow::Result<()> {
    assert_none(&format!(
        "{FUNCTIONS}
         select min(f.domain || '.' || f.proname) || ': overloaded' from f group by f.domain, f.proname having count(*) > 1
         union all
         select f.name || ': has defaults' from f where f.pronargdefaults > 0"
    ))
    .await
}

#[tokio::test]
async fn parameters_begin_with_p() -> anyhow::Result<()> {
    assert_none(&format!(
        "{FUNCTIONS}
         select f.name || ': ' || a.name from f
         cross join lateral unnest(f.arg_names) with ordinality as a (name, place)
         where coalesce(f.arg_modes[a.place], 'i') = 'i' and a.name !~ '^p_'"
    ))
    .await
}

#[tokio::test]
async fn results_have_columns_of_their_own() -> anyhow::Result<()> {
    assert_none(&format!(
        "{FUNCTIONS}
         select f.name || ': returns rows of a table' from f
         join pg_type as t on t.oid = f.prorettype
         where f.granted and t.typtype = 'c'"
    ))
    .await
}

#[tokio::test]
async fn reads_are_declared_as_reads() -> anyhow::Result<()> {
    assert_none(&format!(
        "{FUNCTIONS}
         select f.name || ': volatile, and its name says that it reads' from f
         where f.granted and f.proname ~ '_(get|list|search|count|view|card|quote|stats)$' and f.volatility = 'v'"
    ))
    .await
}

#[tokio::test]
async fn every_foreign_key_has_an_index_that_begins_with_it() -> anyhow::Result<()> {
    assert_none(
        "select format('%s: %s', c.conrelid::regclass, c.conname) from pg_constraint as c
         join pg_namespace as n on n.oid = c.connamespace
         where c.contype = 'f' and n.nspname like '%\\_data' and c.conparentid = 0
             -- Kinds are never deleted, and an entry for each row of history would serve nothing else.
             and c.conname <> 'outbox_kind_known'
             -- Two reviews a deal at most: review_exists, which begins with the deal, finds them.
             and c.conname <> 'review_needs_deal'
             and not exists (
                 select from pg_index as i
                 where i.indrelid = c.conrelid
                     and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ 'IS NOT NULL|closed_at IS NULL')
                     and (select array_agg(k) from unnest((i.indkey::smallint[])[0:cardinality(c.conkey) - 1]) as k)
                         @> c.conkey)",
    )
    .await
}

/// A domain reads another one through its functions and views. Foreign keys are the ground's business, not a function's.
#[tokio::test]
async fn no_function_names_another_domains_tables() -> anyhow::Result<()> {
    assert_none(&format!(
        "{FUNCTIONS}
         select distinct f.name || ' names ' || m.found[1] || '_data' from f
         cross join lateral regexp_matches(f.source, '\\m(DOMAINS)_data\\.(?!part_number_normalise|name_normalise|uuid_v7)', 'g') as m (found)
         where m.found[1] <> f.domain
         union all
         select distinct c.oid::regclass::text || ' names ' || m.found[1] || '_data'
         from pg_class as c
         join pg_namespace as n on n.oid = c.relnamespace
         cross join lateral regexp_matches(pg_get_viewdef(c.oid), '\\m(DOMAINS)_data\\.', 'g') as m (found)
         where n.nspname ~ '^(DOMAINS)$' and c.relkind = 'v' and m.found[1] <> n.nspname"
    ))
    .await
}

#[tokio::test]
async fn every_table_has_a_key_and_a_comment_and_its_checks_are_named_by_their_reason()
-> anyhow::Result<()> {
    assert_none(
        "with t as (
             select c.oid, c.oid::regclass::text as name from pg_class as c
             join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname ~ '^(DOMAINS)_data$' and c.relkind in ('r', 'p')
                 and not c.relispartition and c.relname <> 'schema_history')
         select t.name || ': no comment' from t where obj_description(t.oid, 'pg_class') is null
         union all
         select t.name || ': no primary key' from t
         where not exists (select from pg_constraint as k where k.conrelid = t.oid and k.contype = 'p')
         union all
         select t.name || ': ' || k.conname || ' is not named by a reason' from t
         join pg_constraint as k on k.conrelid = t.oid
         where k.contype = 'c' and k.conname ~ '_check[0-9]*$'",
    )
    .await
}

#[tokio::test]
async fn money_and_time_have_the_types_that_lose_nothing() -> anyhow::Result<()> {
    assert_none(
        "select format('%s.%s is %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod))
         from pg_attribute as a
         join pg_class as c on c.oid = a.attrelid
         join pg_namespace as n on n.oid = c.relnamespace
         where n.nspname ~ '^(DOMAINS)_data$' and c.relkind in ('r', 'p') and a.attnum > 0
             and ((a.attname ~ '_minor$' and a.atttypid <> 'int8'::regtype)
                 or (a.attname ~ '_at$' and a.atttypid <> 'timestamptz'::regtype)
                 or a.atttypid in ('timestamp'::regtype, 'money'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
                     and c.relname <> 'schema_history')",
    )
    .await
}

#[tokio::test]
async fn plpgsql_check_finds_nothing() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    session
        .batch_execute("create extension plpgsql_check")
        .await?;
    let rows = session
        .query(
            &of_domains("select p.oid::regprocedure::text || ' line ' || coalesce(c.lineno, 0) || ': ' || c.message
                 || coalesce(' (' || c.detail || ')', '')
             from pg_proc as p
             join pg_namespace as n on n.oid = p.pronamespace
             join pg_language as l on l.oid = p.prolang
             cross join lateral plpgsql_check_function_tb(p.oid, performance_warnings => false, extra_warnings => true) as c
             where n.nspname ~ '^(DOMAINS)$' and l.lanname = 'plpgsql'
                 and p.prorettype <> 'trigger'::regtype
                 and c.level in ('error', 'warning extra', 'warning')
                 -- What a statement that is built at run time returns is the business of its plan tests.
                 and c.message not like 'cannot determinate a result of dynamic SQL%'
                 and not (c.message like 'record \"%\" is not assigned yet' and p.prosrc ~ 'execute')"),
            &[],
        )
        .await?;
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}
