-- Guarantees: the same text for as long as transaction numbers go on in one line: another server,
-- another database, a restore or a failover gives another one, and positions of the former mean
-- nothing then. Only where writes go: a standby has no timeline of its own.
create or replace function notify.event_epoch()
returns text
language sql
stable
return (
    select left(
        md5(format(
            '%s %s %s', s.system_identifier,
            left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), d.oid)),
        12)
    from pg_control_system() as s
    cross join pg_database as d
    where d.datname = current_database());

comment on function notify.event_epoch() is
    'Helper: in which line of transaction numbers positions of events count. Raises: nothing.';
