-- Reads the key backwards.
create or replace function ops.backup_drill_list(p_limit integer)
returns table (
    backup_id text,
    backup_at timestamptz,
    started_at timestamptz,
    verdict text,
    restored_bytes bigint,
    ready_seconds double precision,
    seconds double precision
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select d.backup_id, d.backup_at, d.started_at, d.verdict, d.restored_bytes, d.ready_seconds,
        d.seconds
    from ops_data.backup_drills as d
    order by d.started_at desc, d.backup_id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function ops.backup_drill_list(integer) is
    'What the last drills of backups have found, the newest first, at most 100. Raises: nothing.';

grant execute on function ops.backup_drill_list(integer)
to kardan_maintenance, kardan_admin, kardan_monitor;
