-- Reads an hour of the index.
create or replace function market.search_miss_stats()
returns table (
    miss_count bigint,
    query_count bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    return query
    select count(*), count(distinct m.query)
    from market_data.search_misses as m
    where m.at > v_now - interval '1 hour'
        and m.at <= v_now;
end
$$;

comment on function market.search_miss_stats() is
    'Searches of the last hour that found nothing, and how many different texts they had. Raises: '
    'nothing.';

grant execute on function market.search_miss_stats() to kardan_monitor, kardan_admin;
