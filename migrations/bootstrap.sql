-- What only a superuser may do, once a cluster and once a database, before the first migration: roles, extensions and
-- the owner's right to create. Every statement may run again. `kardan migrate up` runs it when it is connected as a
-- superuser; otherwise a DBA runs it with psql and `kardan migrate up` goes on as kardan_migrator.

do $roles$
declare
    v_role text;
    v_login boolean;
begin
    for v_role, v_login in
        values
            ('kardan_owner', false),
            ('kardan_migrator', true),
            ('kardan_api', true),
            ('kardan_bot', true),
            ('kardan_worker', true),
            ('kardan_admin', true),
            ('kardan_monitor', true),
            ('kardan_maintenance', true)
    loop
        begin
            execute format('create role %I %s', v_role, case when v_login then 'login' else 'nologin' end);
        exception
            -- Another database of this cluster may be made at the same moment.
            when duplicate_object or unique_violation then null;
        end;
    end loop;
end
$roles$;

do $members$
begin
    if not pg_has_role('kardan_migrator', 'kardan_owner', 'member') then
        grant kardan_owner to kardan_migrator;
    end if;
    if not pg_has_role('kardan_migrator', 'kardan_maintenance', 'member') then
        grant kardan_maintenance to kardan_migrator;
    end if;
    if not pg_has_role('kardan_monitor', 'pg_monitor', 'member') then
        grant pg_monitor to kardan_monitor;
    end if;
    -- The job that records what statements take sees those of every role, and nothing else of theirs.
    if not pg_has_role('kardan_owner', 'pg_read_all_stats', 'member') then
        grant pg_read_all_stats to kardan_owner;
    end if;
exception
    when unique_violation then null;
end
$members$;

do $database$
begin
    execute format('revoke all on database %I from public', current_database());
    -- temporary: pg_partman moves rows out of a default partition through such a table.
    execute format('grant create, temporary on database %I to kardan_owner', current_database());
    execute format(
        'grant connect on database %I to kardan_migrator, kardan_api, kardan_bot, kardan_worker, kardan_admin, '
        'kardan_monitor, kardan_maintenance', current_database());
    -- A stuck caller must not hold a lock or a connection for ever. The jobs and migrations set their own limits.
    execute format('alter role kardan_api in database %I set statement_timeout = %L', current_database(), '5s');
    execute format('alter role kardan_bot in database %I set statement_timeout = %L', current_database(), '5s');
    execute format(
        'alter role kardan_api in database %I set idle_in_transaction_session_timeout = %L', current_database(), '10s');
    execute format(
        'alter role kardan_bot in database %I set idle_in_transaction_session_timeout = %L', current_database(), '10s');
end
$database$;

revoke all on schema public from public;

create schema if not exists extensions;
create extension if not exists pg_trgm with schema extensions;
grant usage on schema extensions to kardan_owner;

create schema if not exists partman;
create extension if not exists pg_partman with schema partman;
grant usage, create on schema partman to kardan_owner;
grant all on all tables in schema partman to kardan_owner;
grant execute on all functions in schema partman to kardan_owner;
grant execute on all procedures in schema partman to kardan_owner;

do $statements$
begin
    -- Counts what statements take, where the server loads it.
    if 'pg_stat_statements'
       = any (string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ',')) then
        create extension if not exists pg_stat_statements with schema extensions;
    end if;
end
$statements$;
grant usage on schema extensions to kardan_monitor;

do $cron$
begin
    -- pg_cron lives in one database of a cluster and only where it is preloaded; elsewhere the processes run the jobs.
    if current_setting('cron.database_name', true) = current_database()
       and 'pg_cron' = any (string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ',')) then
        create extension if not exists pg_cron;
        grant usage on schema cron to kardan_maintenance, kardan_owner;
    end if;
end
$cron$;

create schema if not exists ops_data authorization kardan_owner;
