-- A helper: an extension may be in any schema, and it counts only where the server loads it, which
-- shows by its settings.
create or replace function ops.query_source()
returns text
language sql
stable
parallel safe
return (
    select format('%I.pg_stat_statements', n.nspname)
    from pg_extension as e
    join pg_namespace as n on n.oid = e.extnamespace
    where e.extname = 'pg_stat_statements'
        and current_setting('pg_stat_statements.max', true) is not null);

comment on function ops.query_source() is
    'Where pg_stat_statements is; null where it is not. Raises: nothing.';
