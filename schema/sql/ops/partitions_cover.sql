-- A step: makes the partitions of the past that rows from a time on need, back from the earliest
-- that there is, and tells how many. Where the default partition holds rows already they stay, and
-- with them the time that they fill. Locks the table and its default partition while it makes any;
-- where nothing is missing it only reads the catalogue.
create or replace function ops.partitions_cover(p_table text, p_from timestamptz)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_set record;
    v_at timestamptz;
    v_until timestamptz;
    v_is_taken boolean := false;
    v_made integer := 0;
begin
    select c.control, c.partition_interval::interval as length,
        min(substring(b.bound from 'FROM \(''([^'']+)''\)')::timestamptz) as starts_at,
        max(i.inhrelid) filter (where b.bound = 'DEFAULT') as rest
    into strict v_set
    from partman.part_config as c
    join pg_inherits as i on i.inhparent = to_regclass(c.parent_table)
    join pg_class as p on p.oid = i.inhrelid
    cross join lateral pg_get_expr(p.relpartbound, p.oid) as b (bound)
    where c.parent_table = p_table
    group by c.control, c.partition_interval;

    v_until := v_set.starts_at;
    while v_until > p_from loop
        v_at := v_until - v_set.length;
        if v_set.rest is not null then
            execute format(
                'select exists (select from %1$s where %2$I >= $1 and %2$I < $2)',
                v_set.rest::regclass, v_set.control)
            into v_is_taken
            using v_at, v_until;
        end if;
        if not v_is_taken then
            perform partman.create_partition_time(p_table, array[v_at]);
            v_made := v_made + 1;
        end if;
        v_until := v_at;
    end loop;
    return v_made;
end
$$;

comment on function ops.partitions_cover(text, timestamptz) is
    'Step: partitions of this table for rows from a time on. Raises: nothing.';
