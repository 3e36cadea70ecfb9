-- How much waits for programs of shops, counted up to 100 000 of a state. Reads the index of what
-- is open.
create or replace function notify.webhooks_stats()
returns table (state text, delivery_count bigint, oldest_seconds double precision)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.state, c.deliveries,
        coalesce(greatest(0, extract(epoch from ops.clock_now() - o.event_at)), 0)
            ::double precision
    from unnest(array['behind', 'waiting', 'leased']) as s (state)
    cross join lateral (
        select count(*) as deliveries
        from (
            select
            from notify_data.webhook_deliveries as d
            where d.state = s.state
                and d.state in ('behind', 'waiting', 'leased')
            limit 100000
        ) as d
    ) as c
    left join lateral (
        select d.event_at
        from notify_data.webhook_deliveries as d
        where d.state = s.state
            and d.state in ('behind', 'waiting', 'leased')
        order by d.event_at
        limit 1
    ) as o on true;
end
$$;

comment on function notify.webhooks_stats() is
    'Deliveries to programs of shops that are open, up to 100 000 of each state: behind an earlier '
    'one, waiting, under way; and how long ago the oldest event of each happened. Raises: nothing.';

grant execute on function notify.webhooks_stats() to kardan_worker, kardan_monitor;
