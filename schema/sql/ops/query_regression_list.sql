-- Reads two hours of the history, each by its key.
create or replace function ops.query_regression_list(p_limit integer)
returns table (
    queryid bigint,
    ratio double precision,
    mean_seconds double precision,
    mean_seconds_before double precision,
    calls bigint,
    calls_before bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_hour constant timestamptz :=
        date_trunc('hour', ops.clock_now(), 'UTC') - interval '1 hour';
    -- A mean of fewer calls says little.
    v_calls constant bigint := 20;
begin
    return query
    select
        n.queryid,
        (n.total_ms / n.calls) / (b.total_ms / b.calls),
        n.total_ms / n.calls / 1000,
        b.total_ms / b.calls / 1000,
        n.calls,
        b.calls
    from ops_data.query_history as n
    join ops_data.query_history as b
        on b.queryid = n.queryid
        and b.at = v_hour - interval '7 days'
    where n.at = v_hour
        and n.calls >= v_calls
        and b.calls >= v_calls
        and b.total_ms > 0
        and n.total_ms / n.calls > b.total_ms / b.calls
    order by n.total_ms - b.total_ms / b.calls * n.calls desc, n.queryid
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function ops.query_regression_list(integer) is
    'Statements whose mean time in the last full hour is above that of the same hour a week ago, '
    'those that cost most more first; each with twenty calls or more in both. Raises: nothing.';

grant execute on function ops.query_regression_list(integer) to kardan_monitor, kardan_admin;
