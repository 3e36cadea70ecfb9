-- Reads only the catalogue, and from each default partition at most one row. Child names differ
-- between versions of
-- pg_partman, so the bounds are read and never the names.
create or replace function ops.partition_list()
returns table (
    table_name text,
    partition_count integer,
    future_count integer,
    covered_until timestamptz,
    default_has_rows boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_default oid;
begin
    for table_name, partition_count, future_count, covered_until, v_default in
        select
            c.parent_table,
            count(b.starts_at)::integer,
            count(b.starts_at) filter (where b.starts_at > v_now)::integer,
            max(b.ends_at),
            max(i.inhrelid) filter (where b.bound = 'DEFAULT')
        from partman.part_config as c
        join pg_inherits as i on i.inhparent = to_regclass(c.parent_table)
        join pg_class as p on p.oid = i.inhrelid
        cross join lateral (
            select
                e.bound,
                substring(e.bound from 'FROM \(''([^'']+)''\)')::timestamptz as starts_at,
                substring(e.bound from 'TO \(''([^'']+)''\)')::timestamptz as ends_at
            from pg_get_expr(p.relpartbound, p.oid) as e (bound)
        ) as b
        group by c.parent_table
        order by c.parent_table
    loop
        default_has_rows := false;
        if v_default is not null then
            execute format('select exists (select from %s)', v_default::regclass)
            into default_has_rows;
        end if;
        return next;
    end loop;
end
$$;

comment on function ops.partition_list() is
    'Every partitioned table: how many partitions, how many of them in the future, the time '
    'covered, and whether the default '
    'partition holds rows (it should not). covered_until is null without partitions. Raises: '
    'nothing.';

grant execute on function ops.partition_list() to kardan_monitor, kardan_admin, kardan_maintenance;
