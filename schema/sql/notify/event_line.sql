-- Guarantees: names the line of transaction numbers in which this database writes, by the server,
-- its timeline and the database. Only where writes go: a standby has no timeline of its own.
create or replace function notify.event_line()
returns text
language sql
stable
return (
    select format(
        '%s %s %s', s.system_identifier,
        left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), d.oid)
    from pg_control_system() as s
    cross join pg_database as d
    where d.datname = current_database());

comment on function notify.event_line() is
    'Helper: in which line of transaction numbers the database writes. Raises: nothing.';
