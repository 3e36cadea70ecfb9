-- A job: adds to the current hour what each statement has taken since the last look at
-- pg_stat_statements. The first look only remembers. Counters that fell (a reset, an entry that had
-- to make room) add nothing, so nothing is counted twice. Without the extension nothing happens.
-- Locks: the rows of query_totals that change. A second run finds nothing new.
create or replace function ops.query_history_record()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_is_first constant boolean := not exists (select from ops_data.query_totals);
    v_source constant text := ops.query_source();
begin
    if v_source is null then
        return;
    end if;

    execute format($q$
        with seen as (
            select s.queryid, sum(s.calls)::bigint as calls, sum(s.total_exec_time) as total_ms,
                sum(s.rows)::bigint as row_count, sum(s.shared_blks_read)::bigint as blocks_read
            from %s(false) as s
            where s.queryid is not null
                and s.dbid = (
                    select d.oid from pg_database as d where d.datname = current_database())
            group by s.queryid
        ), grown as (
            select s.queryid,
                greatest(0, s.calls - coalesce(t.calls, 0)) as calls,
                greatest(0, s.total_ms - coalesce(t.total_ms, 0)) as total_ms,
                greatest(0, s.row_count - coalesce(t.row_count, 0)) as row_count,
                greatest(0, s.blocks_read - coalesce(t.blocks_read, 0)) as blocks_read
            from seen as s
            left join ops_data.query_totals as t on t.queryid = s.queryid
        ), gone as (
            delete from ops_data.query_totals as t
            where not exists (select from seen as s where s.queryid = t.queryid)
        ), kept as (
            insert into ops_data.query_totals (queryid, calls, total_ms, row_count, blocks_read)
            select s.queryid, s.calls, s.total_ms, s.row_count, s.blocks_read from seen as s
            order by s.queryid
            on conflict (queryid) do update
            set calls = excluded.calls, total_ms = excluded.total_ms,
                row_count = excluded.row_count, blocks_read = excluded.blocks_read
        )
        insert into ops_data.query_history as h (
            at, queryid, calls, total_ms, row_count, blocks_read)
        select date_trunc('hour', $1, 'UTC'), g.queryid, g.calls, g.total_ms, g.row_count,
            g.blocks_read
        from grown as g
        where g.calls > 0 and not $2
        order by g.total_ms desc
        limit 500
        on conflict (at, queryid) do update
        set calls = h.calls + excluded.calls, total_ms = h.total_ms + excluded.total_ms,
            row_count = h.row_count + excluded.row_count,
            blocks_read = h.blocks_read + excluded.blocks_read
        $q$, v_source)
    using v_now, v_is_first;
end
$$;

comment on function ops.query_history_record() is
    'Adds to the current hour what each statement has taken since the last run; the 500 heaviest. '
    'Raises: nothing.';

grant execute on function ops.query_history_record() to kardan_maintenance;
